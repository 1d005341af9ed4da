import { targetUrl, type CallPlan } from '../../extension/core/call/call-plan.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import { deadline } from '../platform/deadline.ts';
import { isRedirect } from '../platform/redirect.ts';
import type { World } from '../platform/world.ts';
import type { Sessions } from '../sessions/sessions.ts';
import { requestFault } from './request-fault.ts';
import type { Transfer } from './transfers.ts';

/** What it takes to send a call. */
export interface SendingDependencies {
  readonly sessions: Sessions;
  readonly world: Pick<World, 'fetch' | 'after'>;
}

/** The gateway's own refusals are shorter than this, in UTF-16 code units. */
const longestRefusal = 16_384;
/** Longest wait for the beginning of an answer, in milliseconds. */
const answerMs = 25_000;

/**
 * Sends a call once and resolves to the beginning of its answer, whatever its status.
 * @throws BrokerError `redirect_refused` and what {@link requestFault} makes of a failure
 */
export async function sendCall(
  plan: CallPlan,
  authorization: string,
  { signal, body }: Transfer,
  { world }: Pick<SendingDependencies, 'world'>,
): Promise<Response> {
  const limit = deadline(world, answerMs, signal);
  try {
    const response = await world.fetch(targetUrl(plan).href, {
      method: plan.method,
      headers: outgoingHeaders(plan, authorization),
      ...(body === null ? {} : { body }),
      signal: limit.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    if (isRedirect(response)) {
      await response.body?.cancel();
      throw new BrokerError('redirect_refused');
    }
    return response;
  } catch (thrown) {
    throw requestFault(thrown, { isReading: plan.isReading, isExpired: limit.isExpired(), signal });
  } finally {
    limit.release();
  }
}

/**
 * The text of a short body, leaving the response itself unread; of a longer one, which is no refusal of the
 * gateway, only its beginning, and of one that stalls or breaks as much as came.
 */
export async function beginningOf(
  response: Response,
  { signal }: Transfer,
  world: Pick<World, 'after'>,
): Promise<string> {
  const reader = response.clone().body?.getReader();
  const limit = deadline(world, answerMs, signal);
  // Not awaited: a cloned body is cancelled only when its twin is.
  const stop = (): void => void reader?.cancel().catch(() => undefined);
  limit.signal.addEventListener('abort', stop, { once: true });
  const decoder = new TextDecoder();
  let text = '';
  try {
    while (text.length < longestRefusal) {
      const next = await reader?.read();
      if (next?.value === undefined) return text + decoder.decode();
      text += decoder.decode(next.value, { stream: true });
    }
    return text;
  } catch {
    // The response breaks in the same place when it is read.
    return text;
  } finally {
    limit.release();
    stop();
  }
}

function outgoingHeaders(plan: CallPlan, authorization: string): Headers {
  const headers = new Headers(plan.headers.map(([name, value]): [string, string] => [name, value]));
  headers.set('authorization', authorization);
  if (!headers.has('accept')) headers.set('accept', 'application/json');
  // Tells the XSRF filter that a script means it; see Atlassian, "XSRF check failed".
  if (!plan.isReading && !headers.has('x-atlassian-token'))
    headers.set('x-atlassian-token', 'no-check');
  return headers;
}
