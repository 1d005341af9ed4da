import { BrokerError } from '#core/values/fault.ts';
import { readBeginning } from '../../read-body.ts';
import { clockOffsetMs, type RoundTrip } from '../signing/clock-offset.ts';
import { formParameters } from '../signing/form-encoding.ts';
import { readProblem, type Problem } from '../signing/problem.ts';

/** A longer body is cut to this length, in bytes. */
const maxBodyBytes = 65_536;

/** The response to a request for credentials. It may contain credentials, so it is neither logged nor stored. */
export interface ServerResponse {
  readonly status: number;
  readonly text: string;
  readonly wwwAuthenticate: string | undefined;
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
    status: response.status,
    text: new TextDecoder().decode(bytes),
    wwwAuthenticate: response.headers.get('www-authenticate') ?? undefined,
    clockOffsetMs: clockOffsetMs(response.headers.get('date'), trip),
  };
}

/**
 * The content of a response. The content type is ignored: servers send `text/plain` and `text/html`.
 * @throws BrokerError `provider_unreachable` for 5xx, 408 and 429, `client_rejected` for a 401 or 403 without
 *   a reason, `provider_answer_invalid` for everything else, with the status as its subject
 * @see RFC 5849, sections 2.1 and 2.3
 */
export function responseContent(response: ServerResponse): ResponseContent {
  const problem = readProblem(response);
  if (problem !== undefined) return { problem };
  const { status, text } = response;
  if (status >= 500 || status === 408 || status === 429) {
    throw new BrokerError('provider_unreachable');
  }
  const subject = String(status);
  if (status === 401 || status === 403) throw new BrokerError('client_rejected', { subject });
  if (status < 200 || status > 299) throw new BrokerError('provider_answer_invalid', { subject });
  return { parameters: singleParameters(text.trim()) };
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
