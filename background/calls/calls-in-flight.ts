import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { ApiChunk, BodyChunk } from '#wire/api-call.ts';
import type { PageCaller } from '../messages/caller.ts';
import type { World } from '../platform/world.ts';
import { createRequestBodies } from './request-bodies.ts';
import { responseBodyReader } from './response-body.ts';

/** One call from its request to the last piece of its response. */
export interface CallInFlight {
  /** Aborted by the page, by the end of its document, or when the origin is disconnected. */
  readonly signal: AbortSignal;
  /** The request body, from the request or from the pieces uploaded before it. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  /**
   * Starts to deliver the body of the response; resolves to its first piece. When it rejects with `offline`, the call
   * does not end and another response may be delivered.
   * @param tokenForms - texts that are redacted from the body
   * @param isReading - whether the call changes nothing; else a body that breaks off is `outcome_unknown`
   */
  deliver(
    body: ReadableStream<Uint8Array> | null,
    tokenForms: readonly string[],
    isReading?: boolean,
  ): Promise<ApiChunk>;
  /** Removes the call. */
  end(): void;
}

/** The calls in flight, by document and call id. */
export interface CallsInFlight {
  /** Adds a piece of a request body. @throws BrokerError `unavailable`, `too_large`, `rate_limited` */
  write(caller: PageCaller, piece: BodyChunk): void;
  /** @throws BrokerError `unavailable` when uploaded pieces are missing, `invalid_request` for an id in use */
  open(
    caller: PageCaller,
    call: { callId: string; body: ArrayBuffer | null; writtenBytes: number },
  ): CallInFlight;
  /** The next piece of a response. @throws BrokerError `unavailable` when the call does not exist or has ended */
  read(caller: PageCaller, callId: string): Promise<ApiChunk>;
  abort(caller: PageCaller, callId: string): void;
  /** Aborts all calls of a document. */
  abortDocument(caller: PageCaller): void;
  /** Aborts all calls of an origin, with `not_connected`. */
  abortOrigin(origin: Origin): void;
}

interface Entry {
  readonly origin: Origin;
  readonly controller: AbortController;
  read?: () => Promise<ApiChunk>;
}

const keyOf = ({ documentId }: PageCaller, callId: string): string => `${documentId} ${callId}`;

export function createCallsInFlight(world: Pick<World, 'after'>): CallsInFlight {
  const requestBodies = createRequestBodies(world);
  const calls = new Map<string, Entry>();
  const abortWhere = (
    isAborted: (key: string, origin: Origin) => boolean,
    reason?: BrokerError,
  ): void => {
    requestBodies.remove(isAborted);
    for (const [key, { origin, controller }] of calls) {
      if (!isAborted(key, origin)) continue;
      controller.abort(reason);
      calls.delete(key);
    }
  };
  return {
    write: (caller, piece) => {
      requestBodies.append(keyOf(caller, piece.callId), caller.origin, piece);
    },
    open: (caller, { callId, body, writtenBytes }) => {
      const key = keyOf(caller, callId);
      if (calls.has(key)) throw new BrokerError('invalid_request', { subject: 'callId' });
      const uploaded = writtenBytes === 0 ? undefined : requestBodies.take(key, writtenBytes);
      const controller = new AbortController();
      const entry: Entry = { origin: caller.origin, controller };
      calls.set(key, entry);
      const end = (): void => {
        if (calls.get(key) === entry) calls.delete(key);
      };
      return {
        signal: controller.signal,
        body: uploaded ?? (body === null ? null : new Uint8Array(body)),
        deliver: async (stream, tokenForms, isReading = true) => {
          const options = { tokenForms, isReading, controller, end, world };
          entry.read = responseBodyReader(stream, options);
          return entry.read();
        },
        end,
      };
    },
    read: (caller, callId) => {
      const read = calls.get(keyOf(caller, callId))?.read;
      return read ? read() : Promise.reject(new BrokerError('unavailable'));
    },
    abort: (caller, callId) => {
      const aborted = keyOf(caller, callId);
      abortWhere((key) => key === aborted);
    },
    abortDocument: (caller) => {
      const prefix = keyOf(caller, '');
      abortWhere((key) => key.startsWith(prefix));
    },
    abortOrigin: (aborted) => {
      abortWhere((_, origin) => origin === aborted, new BrokerError('not_connected'));
    },
  };
}
