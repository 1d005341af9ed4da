import {
  choiceKey,
  grantedSiteId,
  type Access,
  type ChoiceScope,
  type GrantAnswer,
  type GrantedSite,
} from '#core/grant/page-grant.ts';
import type { Product } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';

/** `site`: which of several granted sites to use. `access`: to allow more sites, paths, or write access. */
export const questionKinds = ['site', 'access'] as const;

/** A question of a page to the person. */
export interface PageQuestion {
  readonly id: string;
  readonly origin: Origin;
  readonly kind: (typeof questionKinds)[number];
  /** For `site`: the calls that the choice holds for. */
  readonly scope?: ChoiceScope;
  /** For `site`: the granted sites to choose from, all of one product. Not remembered with a denial. */
  readonly candidates?: readonly GrantedSite[];
  /** For `access`: the products that the page named. */
  readonly products?: readonly Product[];
  readonly access: Access;
  /** For `access`: the paths that the page named, see `requestedPaths`. */
  readonly paths?: readonly string[];
}

/** The document that asks, or the port or the single messages of another extension. */
export interface Asker {
  readonly origin: Origin;
  /** Absent for another extension. */
  readonly tabId?: number;
  readonly documentId: string;
  /** Aborted when the call that asks is aborted. */
  readonly signal?: AbortSignal;
}

/** The person's answer. */
export type Decision =
  | ({ readonly allow: true; readonly sites: readonly GrantedSite[] } & GrantAnswer)
  | { readonly allow: false };

/** How a question ended, and whether that counts as refused if it was shown. */
export type Ending = { readonly isRefusal: boolean } & (
  { readonly decision: Decision } | { readonly error: unknown }
);

/** A question from its first asker to its end. */
export interface OpenQuestion {
  readonly question: PageQuestion;
  readonly ended: Promise<Ending>;
  /** The window that shows it. */
  windowId?: number | undefined;
  /** Resolves when its window was closed and its refusal is stored; undefined before its turn. */
  shown?: Promise<void>;
  end(ending: Ending): void;
  /** It ends five minutes from now. */
  restartTimer(): void;
  /**
   * Waits for the end of the question. When its last asker has gone, the question ends.
   * @throws BrokerError `unavailable` when this asker has gone
   */
  join(asker: Asker): Promise<Ending>;
  removeDocuments(isGone: (document: Omit<Asker, 'signal'>) => boolean): void;
}

/** How long a question waits for its turn, and then for its answer, in milliseconds. */
const patienceMs = 5 * 60_000;

interface AskingDocument {
  readonly asker: Asker;
  /** The calls that wait for the answer. */
  readonly waiting: Set<PromiseWithResolvers<Ending>>;
}

/** @param onEnd called once, at the end */
export function openQuestion(
  question: PageQuestion,
  onEnd: () => void,
  world: Pick<World, 'after' | 'windows'>,
): OpenQuestion {
  const documents = new Map<string, AskingDocument>();
  const { promise: ended, resolve } = Promise.withResolvers<Ending>();
  let stopTimer = (): void => undefined;
  const end = (ending: Ending): void => {
    stopTimer();
    stopWatching();
    resolve(ending);
    for (const { waiting } of documents.values()) for (const one of waiting) one.resolve(ending);
    onEnd();
  };
  const remove = (documentId: string): void => {
    const error = new BrokerError('unavailable');
    for (const one of documents.get(documentId)?.waiting ?? []) one.reject(error);
    documents.delete(documentId);
    if (documents.size === 0) end({ error, isRefusal: true });
  };
  const removeDocuments: OpenQuestion['removeDocuments'] = (isGone) => {
    for (const [id, { asker }] of documents) if (isGone(asker)) remove(id);
  };
  const stopWatching = world.windows.onTabClosed((closed) => {
    removeDocuments(({ tabId }) => tabId === closed);
  });
  return {
    question,
    ended,
    end,
    removeDocuments,
    restartTimer: () => {
      stopTimer();
      stopTimer = world.after(patienceMs, () => {
        end({ error: new BrokerError('timeout', { subject: 'question' }), isRefusal: true });
      });
    },
    join: async (asker) => {
      const { documentId, signal } = asker;
      const document = documents.get(documentId) ?? { asker, waiting: new Set() };
      documents.set(documentId, document);
      // Not a race with the end of the question: a promise that lives longer than a call keeps what waits for it.
      const one = Promise.withResolvers<Ending>();
      document.waiting.add(one);
      const leave = (): void => {
        document.waiting.delete(one);
        one.reject(new BrokerError('unavailable'));
        if (document.waiting.size === 0 && documents.get(documentId) === document)
          remove(documentId);
      };
      signal?.addEventListener('abort', leave, { once: true });
      if (signal?.aborted) leave();
      return one.promise.finally(() => signal?.removeEventListener('abort', leave));
    },
  };
}

/** Whether an answer to one answers the other too: whatever the page asked for is compared. */
export function isSameQuestion(one: PageQuestion, other: PageQuestion): boolean {
  if (one.origin !== other.origin || one.kind !== other.kind) return false;
  // The access of a question about a site is that of the grant; its answer changes the site alone.
  if (one.kind === 'site') return isSameChoice(one, other);
  return (
    one.access === other.access &&
    textOf(one.products) === textOf(other.products) &&
    textOf(one.paths) === textOf(other.paths)
  );
}

/** A denial, which has no candidates, holds for any. */
function isSameChoice(one: PageQuestion, other: PageQuestion): boolean {
  if (keyOf(one) !== keyOf(other)) return false;
  if (one.candidates === undefined || other.candidates === undefined) return true;
  // The list of a grant is the same object until the grant changes.
  return (
    one.candidates === other.candidates ||
    textOf(one.candidates.map(grantedSiteId)) === textOf(other.candidates.map(grantedSiteId))
  );
}

function keyOf({ scope }: PageQuestion): string | undefined {
  return scope && choiceKey(scope);
}

/** One text for the same products or paths in any order; undefined for none, which no list stands for. */
function textOf(names: readonly string[] | undefined): string | undefined {
  return names && [...new Set(names)].sort().join();
}
