import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import type { Access, GrantedSite } from '../../extension/core/call/page-grant.ts';
import type { Product } from '../../extension/core/session/site.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { prefixes } from '../../extension/storage/schema.ts';
import type { World } from '../platform/world.ts';

/** A question of a page, as it waits for the person. */
export interface Ask {
  readonly id: string;
  readonly origin: Origin;
  readonly kind: 'site' | 'access';
  /** For `site`: which product\'s site is wanted. */
  readonly product?: Product;
  /** For `access`: the products that the page named. */
  readonly products?: readonly Product[];
  readonly access: Access;
}

/** What the person decided. */
export type Decision =
  | { readonly allow: true; readonly sites: readonly GrantedSite[]; readonly access: Access }
  | { readonly allow: false };

/** Questions to the person. They live as long as the worker that the page waits for. */
export interface Asks {
  /**
   * Opens the question window and waits. One question per origin at a time: a second one of the same kind
   * waits for the same answer. @throws BrokerError `not_allowed` after three refusals within a day,
   * `not_connected` when the page was disconnected meanwhile
   */
  put(question: Omit<Ask, 'id'>): Promise<Decision>;
  list(): readonly Ask[];
  /** @throws BrokerError `not_found` */
  decide(id: string, decision: Decision): Promise<Ask>;
  /** A window was closed: its question counts as refused. */
  windowClosed(windowId: number): void;
  /** The page was disconnected or went away. */
  withdraw(origin: Origin): void;
}

const windowSize = { width: 420, height: 560 } as const;
/** After so many refusals an origin asks no more, for so many milliseconds. */
const patience = { refusals: 3, restMs: 24 * 3_600_000 } as const;

interface Waiting {
  readonly ask: Ask;
  readonly answer: Promise<Decision>;
  readonly resolve: (decision: Decision) => void;
  readonly reject: (reason: BrokerError) => void;
  /** What those who asked wait for: the answer, or why there is none. */
  asked: Promise<Decision>;
  windowId?: number | undefined;
}

/** See {@link Asks}. */
export function createAsks(world: Pick<World, 'crypto' | 'windows' | 'nowMs' | 'session'>): Asks {
  const waiting = new Map<string, Waiting>();
  const refusals = createRefusals(world.session, world.nowMs);
  const forget = (one: Waiting): void => {
    waiting.delete(one.ask.id);
    if (one.windowId !== undefined) void world.windows.close(one.windowId);
  };
  const finish = (one: Waiting, decision: Decision): void => {
    forget(one);
    one.resolve(decision);
  };
  const ask = async (one: Waiting): Promise<Decision> => {
    try {
      await refusals.require(one.ask.origin);
      const path = `popup/ask.html?id=${one.ask.id}`;
      if (waiting.has(one.ask.id)) one.windowId = await world.windows.openOwn(path, windowSize);
      // Withdrawn while its window opened.
      if (!waiting.has(one.ask.id)) forget(one);
      const decision = await one.answer;
      if (!decision.allow) await refusals.note(one.ask.origin);
      return decision;
    } finally {
      waiting.delete(one.ask.id);
    }
  };
  return {
    put: (question) => {
      const same = [...waiting.values()].find(
        (one) =>
          one.ask.origin === question.origin &&
          one.ask.kind === question.kind &&
          one.ask.product === question.product,
      );
      if (same) return same.asked;
      // Noted before anything is awaited, so that calls at the same time open one window.
      const one = newWaiting({ ...question, id: world.crypto.randomUUID() });
      waiting.set(one.ask.id, one);
      one.asked = ask(one);
      return one.asked;
    },
    list: () => [...waiting.values()].map(({ ask }) => ask),
    decide: (id, decision) => {
      const one = waiting.get(id);
      if (one === undefined)
        return Promise.reject(new BrokerError('not_found', { subject: 'question' }));
      finish(one, decision);
      return Promise.resolve(one.ask);
    },
    windowClosed: (windowId) => {
      const one = [...waiting.values()].find((candidate) => candidate.windowId === windowId);
      if (one) finish(one, { allow: false });
    },
    withdraw: (origin) => {
      for (const one of [...waiting.values()]) {
        if (one.ask.origin !== origin) continue;
        forget(one);
        one.reject(new BrokerError('not_connected'));
      }
    },
  };
}

function newWaiting(ask: Ask): Waiting {
  const { promise, resolve, reject } = Promise.withResolvers<Decision>();
  // It may be withdrawn before anybody waits for it.
  promise.catch(() => undefined);
  return { ask, answer: promise, resolve, reject, asked: promise };
}

interface Refusals {
  require(origin: Origin): Promise<void>;
  note(origin: Origin): Promise<void>;
}

/** Whether a list of refusals holds none any more that counts. */
export function isOutdatedRefusals(raw: unknown, nowMs: number): boolean {
  return recentRefusals(raw, nowMs).length === 0;
}

function recentRefusals(raw: unknown, nowMs: number): number[] {
  const instants: unknown[] = Array.isArray(raw) ? raw : [];
  return instants.filter(
    (at): at is number => typeof at === 'number' && nowMs - at < patience.restMs,
  );
}

function createRefusals(area: StorageArea, nowMs: () => number): Refusals {
  const key = (origin: Origin): string => `${prefixes.refusals}${origin}`;
  const recent = async (origin: Origin): Promise<number[]> =>
    recentRefusals(await area.read(key(origin)), nowMs());
  return {
    require: async (origin) => {
      if ((await recent(origin)).length >= patience.refusals) throw new BrokerError('not_allowed');
    },
    note: async (origin) => {
      await area.write({ [key(origin)]: [...(await recent(origin)), nowMs()] });
    },
  };
}
