import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { ApiChunk, BodyChunk } from '#wire/api-call.ts';
import type { PageCaller } from '../messages/caller.ts';
import type { World } from '../platform/world.ts';
import { createRequestBodies } from './request-bodies.ts';
import { responseBodyReader } from './response-body.ts';

/** One call from its request to the last piece of its response. */
export interface CallInFlight {
  /** Aborted by the page, by the end of its document, or when the call is not permitted any more. */
  readonly signal: AbortSignal;
  /** The request body, from the request or from the pieces uploaded before it. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  /**
   * Starts to deliver the body of the response; resolves to its first piece. When it rejects with `offline`, the call
   * does not end and another response may be delivered.
   * @param tokenForms - texts that are redacted from the body
   */
  deliver(
    body: ReadableStream<Uint8Array> | null,
    tokenForms: readonly string[],
  ): Promise<ApiChunk>;
  /** From now on `check` decides whether the call is still permitted: it throws a `BrokerError` when it is not. */
  checkWith(check: () => void): void;
  /** Throws, and aborts the call, when it is not permitted any more. */
  requirePermitted(): void;
  /** Before a write is sent: from now on it may have taken effect, and ends as `outcome_unknown` when it is cut short. */
  markWriteSent(): void;
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
  /** After a grant or a session has changed: aborts the calls that are not permitted any more. */
  abortForbidden(): void;
}

interface Entry {
  readonly origin: Origin;
  readonly controller: AbortController;
  read?: () => Promise<ApiChunk>;
  /** Throws when the call is not permitted any more. */
  check?: () => void;
  isWriteSent?: boolean;
}

const keyOf = ({ documentId }: PageCaller, callId: string): string => `${documentId} ${callId}`;

export function createCallsInFlight(world: Pick<World, 'after' | 'withKeepAlive'>): CallsInFlight {
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
        deliver: async (stream, tokenForms) => {
          const isReading = entry.isWriteSent !== true;
          const options = { tokenForms, isReading, controller, end, world };
          const readNext = responseBodyReader(stream, options);
          entry.read = async () => {
            const piece = await readNext();
            requirePermitted(entry, end);
            return piece;
          };
          return entry.read();
        },
        checkWith: (check) => {
          entry.check = check;
        },
        requirePermitted: () => {
          requirePermitted(entry, end);
        },
        markWriteSent: () => {
          entry.isWriteSent = true;
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
    abortForbidden: () => {
      for (const [key, entry] of calls) {
        if (abortIfForbidden(entry) !== undefined) calls.delete(key);
      }
    },
  };
}

function requirePermitted(entry: Entry, end: () => void): void {
  const reason = abortIfForbidden(entry);
  if (reason === undefined) return;
  end();
  throw reason;
}

/** Aborts a call that is not permitted any more; returns why. */
function abortIfForbidden(entry: Entry): BrokerError | undefined {
  const reason = refusalOf(entry);
  if (reason !== undefined) entry.controller.abort(reason);
  return reason;
}

/** Why a call that is not permitted any more ends; undefined when it is permitted. */
function refusalOf({ check, isWriteSent }: Entry): BrokerError | undefined {
  try {
    check?.();
    return undefined;
  } catch (thrown) {
    if (isWriteSent) return new BrokerError('outcome_unknown', {}, { cause: thrown });
    if (thrown instanceof BrokerError) return thrown;
    return new BrokerError('internal', {}, { cause: thrown });
  }
}
