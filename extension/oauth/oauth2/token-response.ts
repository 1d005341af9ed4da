import { BrokerError } from '../../core/values/fault.ts';
import { secret, type Secret } from '../../core/values/secret.ts';

/** Longest refresh token believed, in UTF-16 code units. */
const longestToken = 65_536;

/** A token endpoint's answer, read once: the refresh token is out before anything can reject the rest. */
export interface TokenResponse {
  /** A rotated refresh token; it has to be stored before the answer is judged. */
  readonly refreshToken?: Secret;
  /** There was a member `refresh_token` that is none: the provider may have rotated, and to what is not known. */
  readonly isRefreshTokenDamaged?: true;
  /** The answer for the protocol library's validator. */
  readonly response: Response;
}

/**
 * Reads the answer and salvages the refresh token: the validator throws all of it away when any other
 * member is wrong, and with a rotating provider the session would be lost.
 * A missing `token_type` is taken as `Bearer`, since Atlassian does not promise to send it. An ID token is not used and
 * left out: who signed in is asked of the provider with the access token.
 * @throws BrokerError `provider_answer_invalid` when a success is not JSON
 */
export async function readTokenResponse(response: Response): Promise<TokenResponse> {
  if (!response.ok) return { response: withoutChallenge(response) };
  const body = parseObject(await response.text());
  const refreshToken = body['refresh_token'];
  const isToken =
    typeof refreshToken === 'string' && refreshToken !== '' && refreshToken.length <= longestToken;
  const isDamaged = !isToken && refreshToken !== undefined && refreshToken !== null;
  // What is not a token is dropped here, so that the validator judges the rest.
  const { refresh_token: _dropped, id_token: _unused, token_type: type, ...rest } = body;
  const repaired = {
    ...rest,
    token_type: typeof type === 'string' && type !== '' ? type : 'Bearer',
  };
  return {
    ...(isToken ? { refreshToken: secret(refreshToken) } : {}),
    ...(isDamaged ? { isRefreshTokenDamaged: true } : {}),
    response: Response.json(repaired, { status: 200, headers: { 'cache-control': 'no-store' } }),
  };
}

/** A client that was refused by its header is challenged too; then the validator would not read what the body says. */
function withoutChallenge(response: Response): Response {
  if (!response.headers.has('www-authenticate')) return response;
  const { body, status, statusText } = response;
  const headers = new Headers(response.headers);
  headers.delete('www-authenticate');
  return new Response(body, { status, statusText, headers });
}

function parseObject(text: string): Record<string, unknown> {
  try {
    const parsed: unknown = JSON.parse(text);
    if (typeof parsed === 'object' && parsed !== null && !Array.isArray(parsed)) {
      return { ...parsed };
    }
  } catch {
    // Not JSON: told below without the text, which may hold anything.
  }
  throw new BrokerError('provider_answer_invalid');
}
