import { pageFault } from '#core/values/own-page-fault.ts';
import { chunkBytes } from '#wire/api-call.ts';
import type { ThreeloRequestInit } from '#wire/page-api.ts';
import { arrivingBody } from './page-body.ts';
import { openPageRequest, type NamedTarget, type PageRequest } from './page-request.ts';
import { hasNullBody, toResponse } from './page-response.ts';
import { ThreeloError, toThreeloError } from './threelo-error.ts';
import { LostCommand, withSecondAttempt, type WorkerChannel } from './worker-channel.ts';

/**
 * `threelo.fetch`: has the signature of `fetch`; the worker sends the request with a token that the page never sees.
 * Whatever is passed, it resolves to a `Response`, or rejects with a `ThreeloError` or the signal's reason. It resolves
 * when the worker has the head of the response; the body is a stream.
 */
export function createPageFetch(channel: WorkerChannel) {
  const ownId = crypto.randomUUID();
  let lastCall = 0;
  const newCallId = (): string => {
    lastCall += 1;
    return `${String(lastCall)}-${ownId}`;
  };
  return async (
    input: string | URL | Request,
    init?: ThreeloRequestInit | null,
  ): Promise<Response> => {
    const { target, signal, read } = openPageRequest(input, init);
    signal.throwIfAborted();
    let callId: string | undefined;
    const perform = async (): Promise<Response> => {
      const request = { ...(await read()), target };
      const attemptCall = (): Promise<Response> => {
        callId = newCallId();
        return attempt(channel, callId, request, signal);
      };
      return isRepeatable(request) ? withSecondAttempt(attemptCall) : attemptCall();
    };
    return withAbort(signal, perform(), () => {
      if (callId !== undefined) endCall(channel, callId);
    });
  };
}

interface Call extends PageRequest {
  readonly target: NamedTarget;
}

/** Sends a call once; resolves to its response when its head is there. */
async function attempt(
  channel: WorkerChannel,
  callId: string,
  request: Call,
  signal: AbortSignal,
): Promise<Response> {
  const { method, input, headers, target, body } = request;
  signal.throwIfAborted();
  const isSmall = body === null || body.byteLength <= chunkBytes;
  if (!isSmall) await write(channel, callId, body, signal);
  const sent = channel.send('api.request', {
    callId,
    method,
    input,
    headers,
    ...target,
    body: isSmall ? body : null,
    writtenBytes: isSmall ? 0 : body.byteLength,
  });
  const reply = await sent.catch((thrown: unknown) => {
    // The worker may have sent the request before it stopped.
    const isUnknown = thrown instanceof LostCommand && !isRepeatable(request);
    throw isUnknown ? new ThreeloError(pageFault('outcome_unknown')) : thrown;
  });
  const end = (): void => {
    endCall(channel, callId);
  };
  if (!reply.isComplete && hasNullBody(reply)) end();
  if (reply.isComplete || hasNullBody(reply)) return toResponse(reply);
  const readNext = () => channel.send('api.read', { callId });
  const rest = arrivingBody(reply.chunk, { readNext, end, signal });
  return toResponse(reply, rest);
}

function isRepeatable({ method }: PageRequest): boolean {
  return method === 'GET' || method === 'HEAD';
}

async function write(
  channel: WorkerChannel,
  callId: string,
  body: ArrayBuffer,
  signal: AbortSignal,
): Promise<void> {
  for (let offsetBytes = 0; offsetBytes < body.byteLength; offsetBytes += chunkBytes) {
    signal.throwIfAborted();
    await channel.send('api.write', {
      callId,
      offsetBytes,
      chunk: body.slice(offsetBytes, offsetBytes + chunkBytes),
    });
  }
}

/** Has the worker abort a call. The page does not wait for it. */
function endCall(channel: WorkerChannel, callId: string): void {
  channel.send('api.abort', { callId }).catch(() => undefined);
}

/** Rejects as soon as the signal aborts, with its reason. */
function withAbort(
  signal: AbortSignal,
  work: Promise<Response>,
  onAbort: () => void,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const abort = (): void => {
    onAbort();
    reject(signal.reason as Error);
  };
  signal.addEventListener('abort', abort, { once: true });
  const release = (): void => {
    signal.removeEventListener('abort', abort);
  };
  work
    .then(resolve, (thrown: unknown) => {
      reject(toThreeloError(thrown, 'unavailable'));
    })
    .finally(release)
    .catch(() => undefined);
  return promise;
}
