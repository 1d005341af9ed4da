import { isTask, type CallPlan } from '#core/call/call-plan.ts';
import { followedRequestHeaders, withDefaultHeaders } from '#core/call/headers.ts';
import type { ConfiguredHeaders } from '#core/client/configured-headers.ts';
import { BrokerError } from '#core/values/fault.ts';
import { readBeginning } from '#oauth/read-body.ts';
import { deadline } from '../platform/deadline.ts';
import { isRedirect } from '../platform/redirect-response.ts';
import type { World } from '../platform/world.ts';
import type { CallInFlight } from './calls-in-flight.ts';
import { requestFault } from './request-fault.ts';

/** How much of a rejection's body is read, in bytes. The gateway's own messages are shorter. */
const maxRejectionBytes = 16_384;
/** Time limit for the response headers, and for the body of a rejection, in milliseconds. */
const responseLimitMs = 25_000;

/** How a call is sent. */
export interface SendOptions {
  readonly authorization: string;
  /** The headers of the client's configuration; those of a page cannot replace them. */
  readonly ownHeaders: ConfiguredHeaders;
  /** Whether the browser follows redirects. At another origin it sends no authorization and no cookies. */
  readonly followsRedirects: boolean;
}

/**
 * Sends a call once; resolves to its response, whatever the status, as soon as the headers are there.
 * A write that Jira runs as a task is answered by a redirect: its response has the status 303 and nothing else.
 * @throws BrokerError `redirect_refused`, and the codes of {@link requestFault}
 */
export async function sendCall(
  plan: CallPlan,
  options: SendOptions,
  { signal, body, limitTime }: Pick<CallInFlight, 'signal' | 'body' | 'limitTime'>,
  world: Pick<World, 'fetch'>,
): Promise<Response> {
  const stopLimit = limitTime(responseLimitMs);
  try {
    const response = await world.fetch(plan.target.href, {
      method: plan.method,
      headers: requestHeaders(plan, options),
      ...(body === null ? {} : { body }),
      signal,
      redirect: options.followsRedirects ? 'follow' : 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    if (!isRedirect(response)) return response;
    await response.body?.cancel();
    return redirectedResponse(plan);
  } catch (thrown) {
    throw requestFault(thrown, { isReading: plan.isReading, signal });
  } finally {
    stopLimit();
  }
}

/**
 * What is known of a response that was a redirect: the browser hides its status, its headers and its body.
 * @throws BrokerError `redirect_refused` for a call that only reads, `outcome_unknown` for a write that may have run
 */
function redirectedResponse(plan: CallPlan): Response {
  if (plan.isReading) throw new BrokerError('redirect_refused');
  if (!isTask(plan)) throw new BrokerError('outcome_unknown', { subject: 'redirect' });
  return new Response(null, { status: 303, statusText: 'See Other' });
}

/**
 * The text of a rejection's body, or its beginning; the response itself stays unread. Empty when the body stalls or
 * breaks off: the error occurs again when the response itself is read.
 */
export async function rejectionText(
  response: Response,
  { signal }: CallInFlight,
  world: Pick<World, 'after'>,
): Promise<string> {
  const limit = deadline(world, responseLimitMs, signal);
  const limits = { maxBytes: maxRejectionBytes, signal: limit.signal };
  try {
    const { bytes } = await readBeginning(response.clone(), limits);
    return new TextDecoder().decode(bytes);
  } catch {
    return '';
  } finally {
    limit.release();
  }
}

function requestHeaders(
  plan: CallPlan,
  { authorization, ownHeaders, followsRedirects }: SendOptions,
): Headers {
  const fields = followsRedirects
    ? followedRequestHeaders(plan.headers)
    : withDefaultHeaders([...plan.headers, ...Object.entries(ownHeaders)], plan.isReading);
  const headers = new Headers();
  for (const [name, value] of fields) headers.set(name, value);
  headers.set('authorization', authorization);
  return headers;
}
