import type { Access, GrantedSite } from '#core/call/page-grant.ts';
import type { Product } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { prefixes } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';

/** A question of a page to the person. */
export interface PageQuestion {
  readonly id: string;
  readonly origin: Origin;
  readonly kind: 'site' | 'access';
  /** For `site`: the product whose site is to be chosen. */
  readonly product?: Product;
  /** For `access`: the products that the page named. */
  readonly products?: readonly Product[];
  readonly access: Access;
}

/** The person's answer. */
export type Decision =
  | { readonly allow: true; readonly sites: readonly GrantedSite[]; readonly access: Access }
  | { readonly allow: false };

/** Unanswered questions to the person. In memory: a page whose worker has ended gets no answer. */
export interface Questions {
  /**
   * Opens the question window and waits for the answer. A question of the same origin, kind and product that is already
   * open is not opened again: both callers get its answer.
   * @throws BrokerError `not_allowed` after three refusals within a day, `not_connected` when the page was disconnected
   *   meanwhile
   */
  put(question: Omit<PageQuestion, 'id'>): Promise<Decision>;
  list(): readonly PageQuestion[];
  /** @throws BrokerError `not_found` */
  decide(id: string, decision: Decision): Promise<PageQuestion>;
  /** A window was closed: its question counts as refused. */
  windowClosed(windowId: number): void;
  /** The origin was disconnected: rejects its questions. */
  withdraw(origin: Origin): void;
}

const windowSize = { width: 420, height: 560 } as const;
/** After so many refusals within the period, no question of the origin is shown. */
const refusalLimit = { count: 3, periodMs: 24 * 3_600_000 } as const;

interface OpenQuestion {
  readonly question: PageQuestion;
  readonly answer: PromiseWithResolvers<Decision>;
  /** What callers of `put` get: the answer, or why there is none. */
  result: Promise<Decision>;
  windowId?: number | undefined;
}

export function createQuestions(
  world: Pick<World, 'crypto' | 'windows' | 'nowMs' | 'session'>,
): Questions {
  const open = new Map<string, OpenQuestion>();
  const refusalsKey = (origin: Origin): string => `${prefixes.refusals}${origin}`;
  const refusalsOf = async (origin: Origin): Promise<number[]> =>
    recentRefusals(await world.session.read(refusalsKey(origin)), world.nowMs());
  const close = ({ question, windowId }: OpenQuestion): void => {
    open.delete(question.id);
    if (windowId !== undefined) void world.windows.close(windowId);
  };
  const finish = (one: OpenQuestion, decision: Decision): void => {
    close(one);
    one.answer.resolve(decision);
  };
  const ask = async (one: OpenQuestion): Promise<Decision> => {
    const { id, origin } = one.question;
    try {
      if ((await refusalsOf(origin)).length >= refusalLimit.count)
        throw new BrokerError('not_allowed');
      const path = `popup/ask.html?id=${id}`;
      if (open.has(id)) one.windowId = await world.windows.openOwn(path, windowSize);
      // Withdrawn while its window opened.
      if (!open.has(id)) close(one);
      const decision = await one.answer.promise;
      if (!decision.allow) {
        const timestamps = [...(await refusalsOf(origin)), world.nowMs()];
        await world.session.write({ [refusalsKey(origin)]: timestamps });
      }
      return decision;
    } finally {
      open.delete(id);
    }
  };
  return {
    put: (question) => {
      const same = [...open.values()].find(
        ({ question: { origin, kind, product } }) =>
          origin === question.origin && kind === question.kind && product === question.product,
      );
      if (same) return same.result;
      // Added before anything is awaited, so that concurrent calls open one window.
      const one = newQuestion({ ...question, id: world.crypto.randomUUID() });
      open.set(one.question.id, one);
      one.result = ask(one);
      return one.result;
    },
    list: () => [...open.values()].map(({ question }) => question),
    decide: (id, decision) => {
      const one = open.get(id);
      if (one === undefined)
        return Promise.reject(new BrokerError('not_found', { subject: 'question' }));
      finish(one, decision);
      return Promise.resolve(one.question);
    },
    windowClosed: (windowId) => {
      const one = [...open.values()].find((candidate) => candidate.windowId === windowId);
      if (one) finish(one, { allow: false });
    },
    withdraw: (origin) => {
      for (const one of [...open.values()]) {
        if (one.question.origin !== origin) continue;
        close(one);
        one.answer.reject(new BrokerError('not_connected'));
      }
    },
  };
}

function newQuestion(question: PageQuestion): OpenQuestion {
  const answer = Promise.withResolvers<Decision>();
  // It may be withdrawn before `ask` awaits the answer.
  answer.promise.catch(() => undefined);
  return { question, answer, result: answer.promise };
}

/** Whether no refusal in a stored list is recent enough to count. */
export function isOutdatedRefusals(raw: unknown, nowMs: number): boolean {
  return recentRefusals(raw, nowMs).length === 0;
}

function recentRefusals(raw: unknown, nowMs: number): number[] {
  const timestamps: unknown[] = Array.isArray(raw) ? raw : [];
  return timestamps.filter(
    (at): at is number => typeof at === 'number' && nowMs - at < refusalLimit.periodMs,
  );
}
