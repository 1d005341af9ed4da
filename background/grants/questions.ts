import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import type { Denials } from './denials.ts';
import {
  isSameQuestion,
  openQuestion,
  type Asker,
  type Decision,
  type Ending,
  type OpenQuestion,
  type PageQuestion,
} from './open-question.ts';
import { createRefusals } from './refusals.ts';

/** Unanswered questions to the person, shown one at a time. In memory: a page whose worker has ended gets no answer. */
export interface Questions {
  /**
   * Waits until no other question is shown, opens the question window, and waits for the answer. A question of the same
   * origin and contents that is open already is not opened again: both callers get its answer. After three refusals
   * within a day the answer is a refusal, without a window, and so it is for a question that the person denied within a week. A window that closes without an answer, because its askers
   * have gone or after five minutes, counts as refused: a page could else open windows without end.
   * @throws BrokerError `rate_limited` when the origin has {@link maxOpenQuestions} others; `timeout` when the question
   *   had to wait for its turn, or for its answer, for five minutes;
   *   `not_connected` when the page was disconnected meanwhile; `unavailable` when the asker has gone
   */
  put(question: Omit<PageQuestion, 'id' | 'origin'>, asker: Asker): Promise<Decision>;
  list(): readonly PageQuestion[];
  /** Without effect when the question has ended. */
  decide(id: string, decision: Decision): void;
  /** A window was closed: its question counts as refused. */
  windowClosed(windowId: number): void;
  /** A document has ended, and with it the questions that no other document asks. */
  documentLeft(documentId: string): void;
  /** The origin was disconnected: rejects its questions. */
  withdraw(origin: Origin): void;
  /** The person changed the connection of the origin: earlier refusals and denials do not count any more. */
  forgetRefusals(origin: Origin): Promise<void>;
  /** The person undoes a denial; with the last one of the origin, refusals do not count any more. */
  forgetDenial(origin: Origin, id: string): Promise<void>;
}

/** How many different questions of one origin may be open. A page can name any paths, and each makes another question. */
export const maxOpenQuestions = 20;

const windowSize = { width: 420, height: 680 } as const;

/** Called at the end of each question. */
type OnQuestionEnded = (question: PageQuestion, ending: Ending, askedAtMs: number) => void;

type QuestionWorld = Pick<World, 'crypto' | 'windows' | 'nowMs' | 'session' | 'after'>;

export function createQuestions(
  denials: Denials,
  onEnded: OnQuestionEnded,
  world: QuestionWorld,
): Questions {
  const open = new Map<string, OpenQuestion>();
  const refusals = createRefusals(world);
  const inTurn = serialQueue();
  const show = async (one: OpenQuestion): Promise<void> => {
    const { id, origin } = one.question;
    one.restartTimer();
    one.windowId = await world.windows.openOwn(`popup/ask.html?id=${id}`, windowSize);
    const { isRefusal } = await one.ended;
    if (one.windowId !== undefined) void world.windows.close(one.windowId);
    if (isRefusal) await refusals.add(origin);
  };
  const takeTurn = async (one: OpenQuestion): Promise<void> => {
    const { id, origin } = one.question;
    try {
      if (open.has(id) && (await refusals.isLimitReached(origin)))
        one.end({ decision: { allow: false }, isRefusal: false });
      if (!open.has(id)) return;
      one.shown = show(one);
      await one.shown;
    } catch (error) {
      one.end({ error, isRefusal: false });
    }
  };
  const add = (question: PageQuestion): OpenQuestion => {
    requireRoom(open.values(), question.origin);
    const one = openQuestion(question, () => open.delete(question.id), world);
    open.set(question.id, one);
    const askedAtMs = world.nowMs();
    void one.ended.then((ending) => onEnded(question, ending, askedAtMs));
    one.restartTimer();
    void inTurn(() => takeTurn(one));
    return one;
  };
  const decide = (one: OpenQuestion | undefined, decision: Decision): void => {
    one?.end({ decision, isRefusal: !decision.allow });
  };
  return {
    put: async (asked, asker) => {
      const question = { ...asked, origin: asker.origin, id: world.crypto.randomUUID() };
      if (denials.isDenied(question)) return deniedAgain(question, onEnded, world);
      // A tab has one document: an earlier one has gone, even if the end of its port is not known yet.
      for (const one of open.values()) one.removeDocuments((other) => isReplacedBy(other, asker));
      // Nothing is awaited up to here, so that concurrent calls open one window.
      const same = [...open.values()].find((one) => isSameQuestion(one.question, question));
      const one = same ?? add(question);
      const ending = await one.join(asker);
      // The refusal is stored before the page learns of it.
      await one.shown;
      if ('error' in ending) throw ending.error;
      return ending.decision;
    },
    list: () => [...open.values()].map(({ question }) => question),
    decide: (id, decision) => {
      decide(open.get(id), decision);
    },
    windowClosed: (windowId) => {
      const closed = [...open.values()].find((one) => one.windowId === windowId);
      decide(closed, { allow: false });
    },
    documentLeft: (documentId) => {
      for (const one of open.values())
        one.removeDocuments((other) => other.documentId === documentId);
    },
    withdraw: (origin) => {
      for (const one of open.values())
        if (one.question.origin === origin)
          one.end({ error: new BrokerError('not_connected'), isRefusal: false });
    },
    forgetRefusals: async (origin) => {
      await refusals.forget(origin);
      await denials.forget(origin, () => true);
    },
    forgetDenial: async (origin, id) => {
      const isNoneLeft = await denials.forget(origin, (one) => one.id === id);
      if (isNoneLeft) await refusals.forget(origin);
    },
  };
}

/** @throws BrokerError `rate_limited` when no further question of the origin may be open */
function requireRoom(open: Iterable<OpenQuestion>, origin: Origin): void {
  const own = [...open].filter(({ question }) => question.origin === origin);
  if (own.length >= maxOpenQuestions) throw new BrokerError('rate_limited');
}

/** The decision on a question that the person denied before. */
function deniedAgain(
  question: PageQuestion,
  onEnded: OnQuestionEnded,
  { nowMs }: Pick<World, 'nowMs'>,
): Decision {
  const decision = { allow: false } as const;
  // The call for which a site is to be chosen is recorded itself.
  if (question.kind === 'access') onEnded(question, { decision, isRefusal: false }, nowMs());
  return decision;
}

function isReplacedBy(one: Asker, other: Asker): boolean {
  const isSameTab = one.tabId !== undefined && one.tabId === other.tabId;
  return isSameTab && one.documentId !== other.documentId;
}
