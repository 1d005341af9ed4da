import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import { toFault, type Fault } from '#core/values/fault.ts';
import { createSiteListStore, type SiteListStore } from '#ui/sites/site-list-store.ts';
import type { Send } from '#wire/send.ts';
import type { AskView } from '#wire/views.ts';
import type { ClickGuard } from './click-guard.ts';
import { createAnswer, type QuestionAnswer } from './question-answer.ts';

/** Dependencies of the question window. */
export interface QuestionPorts {
  readonly send: Send;
  /** Id of the question, from the window's URL. */
  readonly id: string;
  /** Whether a click on *Allow* is accepted now. */
  readonly clickGuard: ClickGuard;
  readonly closeWindow: () => void;
}

/** State and actions of one question of a page. */
export interface QuestionStore extends QuestionAnswer {
  readonly ask: ReadonlySignal<AskView | undefined>;
  /** The sites to choose from; undefined as long as `ask`. */
  readonly list: ReadonlySignal<SiteListStore | undefined>;
  /** `closed` if the question has ended: it was answered, its page has gone, or nobody answered in time. */
  readonly state: ReadonlySignal<'loading' | 'open' | 'closed'>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly canAllow: ReadonlySignal<boolean>;
  /** Whether nothing can be allowed because another window is over this one. */
  readonly isCovered: ReadonlySignal<boolean>;
  readonly load: () => Promise<void>;
  readonly allow: () => Promise<void>;
  readonly deny: () => Promise<void>;
  readonly closeWindow: () => void;
}

export function createQuestionStore({
  send,
  id,
  clickGuard,
  closeWindow,
}: QuestionPorts): QuestionStore {
  const ask = signal<AskView | undefined>(undefined);
  const state = signal<'loading' | 'open' | 'closed'>('loading');
  const fault = signal<Fault | undefined>(undefined);
  const list = signal<SiteListStore | undefined>(undefined);
  const { adapt, allowed, ...answer } = createAnswer(ask);
  const canAllow = computed(
    () =>
      clickGuard.isClickAccepted.value &&
      state.value === 'open' &&
      list.value !== undefined &&
      list.value.chosen.value.length > 0,
  );

  function show(found: AskView | undefined, isListChanged: boolean): void {
    const shown = { ask: ask.value, state: state.value, fault: fault.value };
    batch(() => {
      if (found !== undefined) {
        adapt(found);
        ask.value = found;
      }
      state.value = found === undefined ? 'closed' : 'open';
      fault.value = undefined;
    });
    const isSame =
      !isListChanged &&
      shown.state === state.value &&
      shown.fault === undefined &&
      JSON.stringify(shown.ask) === JSON.stringify(ask.value);
    // What the worker reports must not be answered before the person could read it.
    if (!isSame) clickGuard.restart();
  }

  async function load(): Promise<void> {
    const asks = await send('ask.list', {});
    const found = asks.find((one) => one.id === id);
    const sites = found && (list.value ?? listOf(send, found));
    const isListChanged = (await sites?.reload()) ?? false;
    batch(() => {
      list.value = sites ?? list.value;
      show(found, isListChanged);
    });
  }

  async function catchFault(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      batch(() => {
        fault.value = toFault(thrown);
        if (fault.value.code === 'not_found') state.value = 'closed';
      });
      clickGuard.restart();
    }
  }

  const sendDecision = (decision: Parameters<typeof send<'ask.decide'>>[1]['decision']) =>
    catchFault(async () => {
      await send('ask.decide', { id, decision });
      closeWindow();
    });

  return {
    ask,
    list,
    state,
    fault,
    ...answer,
    canAllow,
    isCovered: clickGuard.isCovered,
    load: () => catchFault(load),
    allow: async () => {
      if (canAllow.value) await sendDecision(allowed(list.value?.chosen.value ?? []));
    },
    deny: () => sendDecision({ allow: false }),
    closeWindow,
  };
}

/** The list, which begins with what the page may call already, or without a choice. */
function listOf(send: Send, { id, kind, granted }: AskView): SiteListStore {
  return createSiteListStore({
    send,
    query: { askId: id },
    kind: kind === 'site' ? 'one' : 'many',
    chosen: kind === 'site' ? [] : granted,
  });
}
