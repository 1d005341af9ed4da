import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { Secret } from '#core/values/secret.ts';
import type { ApiChunk, ApiRequest, BodyChunk } from '#wire/api-call.ts';
import type { CallOwner } from '../messages/caller.ts';
import type { World } from '../platform/world.ts';
import type { PieceReader } from '../quota/returned-objects.ts';
import { createOriginLoads, type LoadShare } from './origin-loads.ts';
import { createRequestUpload, type RequestUpload } from './request-upload.ts';
import { responseBodyReader } from './response-body.ts';

/** An upload is removed when its call does not follow within this time after the first piece, in milliseconds. */
const uploadLifetimeMs = 60_000;
/** Maximum number of pieces of one response that a page may have requested and not received. Ours requests four. */
export const maxWaitingReads = 16;
/** How many calls of a document that timed out are kept until the page asks for the next piece; then the oldest go. */
export const maxTimedOut = 100;

/** One call from its request to the last piece of its response. */
export interface CallInFlight {
  /** Aborted by the page, by the end of its document, or when the call is not permitted any more. */
  readonly signal: AbortSignal;
  /** The request body, from the request or from the pieces uploaded before it; null after an abort. */
  readonly body: Uint8Array<ArrayBuffer> | null;
  /**
   * Starts to deliver the body of the response; resolves to its first piece. When it rejects with `offline`, the call
   * does not end and another response may be delivered.
   * @param tokenForms - what is redacted from the body
   * @param onPiece - sees each piece that is delivered
   */
  deliver(
    body: ReadableStream<Uint8Array<ArrayBuffer>> | null,
    tokenForms: readonly Secret[],
    onPiece?: PieceReader,
  ): Promise<ApiChunk>;
  /** From now on `check` decides whether the call is still permitted: it throws a `BrokerError` when it is not. */
  checkWith(check: () => void): void;
  /** Throws, and aborts the call, when it is not permitted any more. */
  requirePermitted(): void;
  /**
   * Aborts the call unless the returned function is called within this time, in milliseconds: with `timeout`, or with
   * `outcome_unknown` for a write that was sent.
   */
  limitTime(ms: number): () => void;
  /** Before a write is sent: from now on it may have taken effect, and ends as `outcome_unknown` when it is cut short. */
  markWriteSent(): void;
  /**
   * From now on the call has a place upstream, until {@link leavePlace} or its end.
   * @param leave - frees the place
   * @throws the reason of the signal; then the place is free
   */
  havePlace(leave: () => void): void;
  /** Before a wait for something else than the response. */
  leavePlace(): void;
  /** Removes the call. */
  end(): void;
}

/** The calls in flight and the uploads before them, by document and call id. Their number and size are limited by origin. */
export interface CallsInFlight {
  /**
   * Adds a piece of a request body. A piece that is refused ends the upload.
   * @throws BrokerError `unavailable`, `too_large`, `rate_limited`, `invalid_request` for the id of a call
   */
  write(caller: CallOwner, piece: BodyChunk): void;
  /**
   * @throws BrokerError `unavailable` when uploaded pieces are missing, `rate_limited`, `invalid_request` for an id in use
   */
  open(caller: CallOwner, request: OpenedRequest): CallInFlight;
  /**
   * The next piece of a response.
   * @throws BrokerError `unavailable` when the call does not exist or has ended, `rate_limited`
   */
  read(caller: CallOwner, callId: string): Promise<ApiChunk>;
  abort(caller: CallOwner, callId: string): void;
  /** Aborts all calls of a document. */
  abortDocument(caller: CallOwner): void;
  /** Aborts all calls of an origin, with `not_connected`. */
  abortOrigin(origin: Origin): void;
  /** After a grant or a session has changed: aborts the calls that are not permitted any more. */
  abortForbidden(): void;
}

type OpenedRequest = Pick<ApiRequest, 'callId' | 'input' | 'headers' | 'body' | 'writtenBytes'>;

/** A call, or an upload whose call has not come yet. */
interface Entry {
  readonly origin: Origin;
  readonly controller: AbortController;
  readonly share: LoadShare;
  /** Removes it, and frees what it holds. */
  readonly end: () => void;
  upload?: RequestUpload | undefined;
  body: Uint8Array<ArrayBuffer> | null;
  stopUploadLifetime?: () => void;
  leavePlace?: () => void;
  read?: () => Promise<ApiChunk>;
  waitingReads: number;
  /** Throws when the call is not permitted any more. */
  check?: () => void;
  isWriteSent?: boolean;
}

interface DocumentCalls {
  readonly calls: Map<string, Entry>;
  readonly timedOut: Set<Entry>;
}

export function createCallsInFlight(world: Pick<World, 'after' | 'withKeepAlive'>): CallsInFlight {
  const loads = createOriginLoads();
  // By document, so that the end of a document does not search the calls of others.
  const documents = new Map<string, DocumentCalls>();
  const find = ({ documentId }: CallOwner, callId: string): Entry | undefined =>
    documents.get(documentId)?.calls.get(callId);
  const add = ({ documentId, origin }: CallOwner, callId: string): Entry => {
    const share = loads.open(origin);
    const ofDocument = documents.get(documentId) ?? { calls: new Map(), timedOut: new Set() };
    const { calls, timedOut } = ofDocument;
    const controller = new AbortController();
    const release = (): void => {
      entry.stopUploadLifetime?.();
      entry.leavePlace?.();
      share.release();
    };
    const end = (): void => {
      if (calls.get(callId) === entry) calls.delete(callId);
      timedOut.delete(entry);
      if (calls.size === 0 && documents.get(documentId) === ofDocument)
        documents.delete(documentId);
      release();
    };
    const entry: Entry = { origin, controller, share, end, body: null, waitingReads: 0 };
    // One that timed out is still there, to tell its page why, without its body and the closures that have it.
    const onAbort = (): void => {
      release();
      clear(entry);
      timedOut.add(entry);
      const [oldest] = timedOut;
      if (timedOut.size > maxTimedOut) oldest?.end();
    };
    controller.signal.addEventListener('abort', onAbort, { once: true });
    calls.set(callId, entry);
    documents.set(documentId, ofDocument);
    return entry;
  };
  const all = (): Entry[] => [...documents.values()].flatMap(({ calls }) => [...calls.values()]);
  return {
    write: (caller, piece) => {
      const entry = find(caller, piece.callId) ?? startUpload(add(caller, piece.callId), world);
      if (entry.upload === undefined) throw idInUse();
      orEnd(entry, () => {
        entry.upload?.append(piece);
        entry.share.add({ bodyBytes: piece.chunk.byteLength });
      });
    },
    open: (caller, request) => {
      const found = find(caller, request.callId);
      if (found !== undefined && found.upload === undefined) throw idInUse();
      const entry = found ?? add(caller, request.callId);
      return orEnd(entry, () => {
        entry.body = takeBody(entry, request);
        return callInFlight(entry, world);
      });
    },
    read: async (caller, callId) => {
      const entry = find(caller, callId);
      if (entry?.read === undefined) throw new BrokerError('unavailable');
      if (entry.waitingReads >= maxWaitingReads) throw new BrokerError('rate_limited');
      entry.waitingReads += 1;
      return entry.read().finally(() => (entry.waitingReads -= 1));
    },
    abort: (caller, callId) => {
      const entry = find(caller, callId);
      if (entry) abort(entry);
    },
    abortDocument: ({ documentId }) => {
      for (const entry of documents.get(documentId)?.calls.values() ?? []) abort(entry);
    },
    abortOrigin: (origin) => {
      for (const entry of all())
        if (entry.origin === origin) abort(entry, new BrokerError('not_connected'));
    },
    abortForbidden: () => {
      for (const entry of all()) if (!entry.controller.signal.aborted) abortIfForbidden(entry);
    },
  };
}

function idInUse(): BrokerError {
  return new BrokerError('invalid_request', { subject: 'callId' });
}

function abort({ controller, end }: Entry, reason?: BrokerError): void {
  controller.abort(reason);
  end();
}

/** Frees what an aborted call holds. From now on it tells only why it was aborted. */
function clear(entry: Entry): void {
  const { end } = entry;
  const { signal } = entry.controller;
  const reason = signal.reason instanceof BrokerError ? signal.reason : undefined;
  const fault = reason ?? new BrokerError('unavailable');
  entry.upload = undefined;
  entry.body = null;
  entry.check = () => {
    throw fault;
  };
  if (entry.read !== undefined)
    entry.read = () => {
      end();
      return Promise.reject(fault);
    };
}

/** Ends a call or an upload when `work` throws. */
function orEnd<T>(entry: Entry, work: () => T): T {
  try {
    return work();
  } catch (thrown) {
    entry.end();
    throw thrown;
  }
}

function startUpload(entry: Entry, { after }: Pick<World, 'after'>): Entry {
  entry.upload = createRequestUpload();
  entry.stopUploadLifetime = after(uploadLifetimeMs, entry.end);
  return entry;
}

/** Turns an upload into its call. @returns the body, from the request or from the pieces before it */
function takeBody(
  entry: Entry,
  { input, headers, body, writtenBytes }: OpenedRequest,
): Uint8Array<ArrayBuffer> | null {
  const { upload, share } = entry;
  // UTF-16 has two bytes for a code unit.
  const headBytes = 2 * [input, ...headers.flat()].reduce((sum, text) => sum + text.length, 0);
  share.add({ headBytes, bodyBytes: body?.byteLength ?? 0 });
  entry.stopUploadLifetime?.();
  entry.upload = undefined;
  if (upload !== undefined) return upload.take(writtenBytes);
  // The worker stopped after the upload began. The request was not sent, so the page may try again.
  if (writtenBytes > 0) throw new BrokerError('unavailable');
  return body === null ? null : new Uint8Array(body);
}

function callInFlight(entry: Entry, world: Pick<World, 'after' | 'withKeepAlive'>): CallInFlight {
  const { controller, end } = entry;
  const { signal } = controller;
  return {
    signal,
    get body() {
      return entry.body;
    },
    deliver: async (stream, tokenForms, onPiece) => {
      const isReading = entry.isWriteSent !== true;
      const options = { tokenForms, isReading, controller, end, world };
      const readNext = responseBodyReader(stream, options);
      entry.read = async () => {
        const piece = await readNext();
        requirePermitted(entry);
        onPiece?.(piece);
        return piece;
      };
      return entry.read();
    },
    checkWith: (check) => {
      if (!signal.aborted) entry.check = check;
    },
    requirePermitted: () => {
      requirePermitted(entry);
    },
    limitTime: (ms) =>
      world.after(ms, () => {
        controller.abort(new BrokerError(entry.isWriteSent ? 'outcome_unknown' : 'timeout'));
      }),
    markWriteSent: () => {
      entry.isWriteSent = true;
    },
    havePlace: (leave) => {
      // Aborted when its turn had already come.
      if (signal.aborted) leave();
      signal.throwIfAborted();
      entry.leavePlace = leave;
    },
    leavePlace: () => entry.leavePlace?.(),
    end,
  };
}

function requirePermitted(entry: Entry): void {
  const reason = abortIfForbidden(entry);
  if (reason !== undefined) throw reason;
}

/** Aborts a call that is not permitted any more; returns why. */
function abortIfForbidden(entry: Entry): BrokerError | undefined {
  const reason = refusalOf(entry);
  if (reason !== undefined) abort(entry, reason);
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
