import * as v from 'valibot';
import type { StorageArea } from '#browser/storage/storage-area.ts';
import { serialQueue } from '../platform/serial-queue.ts';

/** One kind of request that waits for the person to answer the browser's permission prompt. */
export interface PendingRequestKind<T> {
  readonly schema: v.GenericSchema<unknown, T>;
  /** The key in `storage.session`; a new request replaces one with the same key. */
  readonly keyOf: (request: T) => string;
  /** What the keys of this kind begin with, and those of no other. */
  readonly prefix: string;
  /** Whether the prefix is the only key of this kind. Then it alone is read, and not the whole area. */
  readonly isSingle?: boolean;
  /** How long the prompt may remain unanswered, in milliseconds. The browser reports no refusal. */
  readonly lifetimeMs: number;
}

/**
 * Requests of one kind in `storage.session`: the prompt may close the popup that made the request, and a new worker
 * may handle the answer.
 */
export interface PendingRequests<T> {
  put(request: T): Promise<void>;
  /** Requests that have not expired. */
  list(): Promise<readonly T[]>;
  /** Removes a request and resolves to it as it is stored by now; of concurrent callers, only the first gets it. */
  take(request: T): Promise<T | undefined>;
  /** Removes all requests of this kind. */
  clear(): Promise<void>;
}

/** Whether an entry of `storage.session` is a pending request of this kind that has expired or is damaged. */
export function isExpiredRequest(
  kind: Omit<PendingRequestKind<unknown>, 'keyOf'>,
  key: string,
  raw: unknown,
  nowMs: number,
): boolean {
  return key.startsWith(kind.prefix) && parse(kind, raw, nowMs) === undefined;
}

/** The request of an entry; undefined when it has expired or is damaged. */
function parse<T>(
  { schema, lifetimeMs }: Pick<PendingRequestKind<T>, 'schema' | 'lifetimeMs'>,
  raw: unknown,
  nowMs: number,
): T | undefined {
  const parsed = v.safeParse(v.object({ request: schema, requestedAtMs: v.number() }), raw);
  if (!parsed.success) return undefined;
  // A timestamp in the future: the clock was wrong, so the age is unknown.
  const isExpired = Math.abs(nowMs - parsed.output.requestedAtMs) >= lifetimeMs;
  return isExpired ? undefined : parsed.output.request;
}

export function createPendingRequests<T>(
  kind: PendingRequestKind<T>,
  area: StorageArea,
  nowMs: () => number,
): PendingRequests<T> {
  const entries = async (): Promise<[string, unknown][]> =>
    kind.isSingle === true
      ? [[kind.prefix, await area.read(kind.prefix)]]
      : Object.entries(await area.all()).filter(([key]) => key.startsWith(kind.prefix));
  // A request that is put while another is taken must not be removed with it.
  const enqueue = serialQueue();
  return {
    put: (request) =>
      enqueue(() => area.write({ [kind.keyOf(request)]: { request, requestedAtMs: nowMs() } })),
    list: async () =>
      (await entries())
        .map(([, raw]) => parse(kind, raw, nowMs()))
        .filter((one) => one !== undefined),
    take: (request) =>
      enqueue(async () => {
        const key = kind.keyOf(request);
        const stored = parse(kind, await area.read(key), nowMs());
        await area.remove([key]);
        return stored;
      }),
    clear: () => enqueue(async () => area.remove((await entries()).map(([key]) => key))),
  };
}
