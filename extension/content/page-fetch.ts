import { chunkBytes } from '#wire/api-call.ts';
import { openPageRequest, type OpenedRequest, type ThreeloRequestInit } from './page-request.ts';
import { toResponse } from './page-response.ts';
import { toThreeloError } from './threelo-error.ts';
import type { WorkerChannel } from './worker-channel.ts';

/**
 * `threelo.fetch`: has the signature of `fetch`; the worker sends the request with a token that the page never sees.
 * Whatever is passed, it resolves to a `Response`, or rejects with a `ThreeloError` or the signal's reason.
 */
export function createPageFetch(channel: WorkerChannel) {
  let lastCall = 0;
  return async (
    input: string | URL | Request,
    init?: ThreeloRequestInit | null,
  ): Promise<Response> => {
    const request = openPageRequest(input, init);
    request.signal.throwIfAborted();
    lastCall += 1;
    const callId = `${String(lastCall)}-${crypto.randomUUID()}`;
    return withAbort(request.signal, channel, callId, perform(channel, callId, request));
  };
}

async function perform(
  channel: WorkerChannel,
  callId: string,
  { site, signal, read }: OpenedRequest,
): Promise<Response> {
  const { method, input, headers, body } = await read();
  signal.throwIfAborted();
  const isSmall = body === null || body.byteLength <= chunkBytes;
  if (!isSmall) await write(channel, callId, body, signal);
  const reply = await channel.send('api.request', {
    callId,
    method,
    input,
    headers,
    ...(site === undefined ? {} : { site }),
    body: isSmall ? body : null,
    writtenBytes: isSmall ? 0 : body.byteLength,
  });
  const pieces = [reply.chunk];
  let { isComplete } = reply;
  while (!isComplete) {
    signal.throwIfAborted();
    const next = await channel.send('api.read', { callId });
    pieces.push(next.chunk);
    isComplete = next.isComplete;
  }
  return toResponse(reply, pieces);
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

/** Rejects as soon as the signal aborts, and has the worker abort its request. */
function withAbort(
  signal: AbortSignal,
  channel: WorkerChannel,
  callId: string,
  work: Promise<Response>,
): Promise<Response> {
  const { promise, resolve, reject } = Promise.withResolvers<Response>();
  const abort = (): void => {
    // The page has its result already: the worker's reply does not matter.
    channel.send('api.abort', { callId }).catch(() => undefined);
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
