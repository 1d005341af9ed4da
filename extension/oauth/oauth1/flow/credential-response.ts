import { BrokerError } from '../../../core/values/fault.ts';
import { clockOffsetMs, type RoundTrip } from '../signing/clock-offset.ts';
import { formParameters } from '../signing/form-encoding.ts';
import { readProblem, type Problem } from '../signing/problem.ts';

/** Longest body that is read, in UTF-16 code units. */
const longestBody = 65_536;

/** The answer to a request of the dance, read once. It may hold credentials: never logged, never kept. */
export interface ServerResponse {
  readonly status: number;
  readonly text: string;
  readonly wwwAuthenticate: string | undefined;
  /** What the server's clock is ahead of ours, in milliseconds; undefined when the answer does not tell. */
  readonly clockOffsetMs: number | undefined;
}

/** What an answer says: its parameters, or what the server complains of. */
export type ResponseContent =
  { readonly parameters: ReadonlyMap<string, string> } | { readonly problem: Problem };

/** Reads a response as far as this protocol uses it. */
export async function readServerResponse(
  response: Response,
  trip: RoundTrip,
): Promise<ServerResponse> {
  return {
    status: response.status,
    text: (await response.text()).slice(0, longestBody),
    wwwAuthenticate: response.headers.get('www-authenticate') ?? undefined,
    clockOffsetMs: clockOffsetMs(response.headers.get('date'), trip),
  };
}

/**
 * The content of a server's answer. Its content type is not looked at: servers send `text/plain` and `text/html`.
 * @throws BrokerError `provider_unreachable` for 5xx, 408 and 429, `client_rejected` for a 401 or 403 without
 *   a reason, `provider_answer_invalid` for everything else, with the status as its subject
 * @see RFC 5849, sections 2.1 and 2.3
 */
export function responseContent(answer: ServerResponse): ResponseContent {
  const problem = readProblem(answer);
  if (problem !== undefined) return { problem };
  const { status, text } = answer;
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
