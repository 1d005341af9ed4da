import { readRetryAfterMs } from '#core/protocol/retry-after.ts';
import { BrokerError } from '#core/values/fault.ts';
import { statusOf } from '../../fetch.ts';
import { readBeginning } from '../../read-body.ts';
import { unknownRefusal, type TokenGrant } from '../../refusal-fault.ts';
import { clockOffsetMs, type RoundTrip } from '../signing/clock-offset.ts';
import { formParameters } from '../signing/form-encoding.ts';
import { readRefusal, type Problem } from '../signing/problem.ts';

/** A longer body is cut to this length, in bytes. */
const maxBodyBytes = 65_536;

/** The response to a request for credentials. It may contain credentials, so it is neither logged nor stored. */
export interface ServerResponse {
  readonly status: number;
  readonly text: string;
  readonly wwwAuthenticate: string | undefined;
  readonly retryAfterMs: number | undefined;
  /** How far the server's clock is ahead of ours, in milliseconds; undefined without a valid `Date` header. */
  readonly clockOffsetMs: number | undefined;
}

/** The parameters of a response, or the problem that it reports. */
export type ResponseContent =
  { readonly parameters: ReadonlyMap<string, string> } | { readonly problem: Problem };

/** Reads the parts of a response that OAuth 1.0a uses, until the signal ends it. */
export async function readServerResponse(
  response: Response,
  trip: RoundTrip,
  signal: AbortSignal,
): Promise<ServerResponse> {
  const { bytes } = await readBeginning(response, { maxBytes: maxBodyBytes, signal });
  return {
    status: statusOf(response),
    text: new TextDecoder().decode(bytes),
    wwwAuthenticate: response.headers.get('www-authenticate') ?? undefined,
    retryAfterMs: readRetryAfterMs(response.headers.get('retry-after'), trip.receivedAtMs),
    clockOffsetMs: clockOffsetMs(response.headers.get('date'), trip),
  };
}

/**
 * The content of a response. The content type is ignored: servers send `text/plain` and `text/html`. Only an OAuth
 * challenge or an `oauth_problem` is a refusal, with any status; without one an intermediary may have responded.
 * @throws BrokerError `client_rejected` for a refusal without a reason; for an unknown reason, and for any other
 *   response without credentials, as `unknownRefusal` does
 * @see RFC 5849, sections 2.1, 2.3 and 3.2
 */
export function responseContent(response: ServerResponse, grant: TokenGrant): ResponseContent {
  const { status, text, retryAfterMs } = response;
  const refusal = readRefusal(response);
  if (refusal !== undefined && 'problem' in refusal) return refusal;
  if (status < 300 && refusal?.unknown === undefined)
    return { parameters: singleParameters(text.trim()) };
  if (refusal !== undefined && refusal.unknown === undefined)
    throw new BrokerError('client_rejected', { subject: String(status) });
  throw unknownRefusal(grant, { status, error: refusal?.unknown, retryAfterMs });
}

function singleParameters(text: string): ReadonlyMap<string, string> {
  const parameters = formParameters(text);
  const byName = new Map(parameters);
  const isRepeated = parameters.some(
    ([name]) =>
      name.startsWith('oauth_') && parameters.filter(([other]) => other === name).length > 1,
  );
  if (isRepeated) throw new BrokerError('provider_answer_invalid');
  return byName;
}
