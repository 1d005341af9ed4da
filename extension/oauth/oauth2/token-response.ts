import { BrokerError } from '#core/values/fault.ts';
import { secret, type Secret } from '#core/values/secret.ts';

/** The maximum length of a refresh token, in UTF-16 code units. */
const maxTokenLength = 65_536;

/** The response of a token endpoint. Its refresh token is read before the rest is validated. */
export interface TokenResponse {
  /** The new refresh token; it has to be stored before the response is processed. */
  readonly refreshToken?: Secret;
  /** Set when `refresh_token` is not a token: the old one may be superseded, and the new one is not known. */
  readonly isRefreshTokenDamaged?: true;
  /** The response without its refresh token, for the protocol library. */
  readonly response: Response;
}

/**
 * Reads the response and takes its refresh token out: the protocol library rejects the whole response when any other
 * member is invalid, and with rotating refresh tokens the session would be lost.
 * A missing `token_type` is assumed to be `Bearer`, since Atlassian does not document it. The ID token is removed: the
 * account is requested with the access token instead.
 * @throws BrokerError `provider_answer_invalid` when a success is not JSON
 */
export async function readTokenResponse(response: Response): Promise<TokenResponse> {
  if (!response.ok) return { response: withoutChallenge(response) };
  const body = parseObject(await response.text());
  const refreshToken = body['refresh_token'];
  const isToken =
    typeof refreshToken === 'string' &&
    refreshToken !== '' &&
    refreshToken.length <= maxTokenLength;
  const isDamaged = !isToken && refreshToken !== undefined && refreshToken !== null;
  const { refresh_token: _taken, id_token: _unused, token_type: type, ...rest } = body;
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

/** With a challenge (for a client that sent its secret in a header), the protocol library would not read the body. */
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
    // Not JSON. The fault below does not contain the text, which may contain a token.
  }
  throw new BrokerError('provider_answer_invalid');
}
