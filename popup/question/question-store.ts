import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Access, GrantedSite } from '#core/call/page-grant.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Send } from '#wire/send.ts';
import type { AskView } from '#wire/views.ts';
import { grantedSite, toggled } from '../sites/site-selection.ts';

/** Dependencies of the question window. */
export interface QuestionPorts {
  readonly send: Send;
  /** Id of the question, from the window's URL. */
  readonly id: string;
  /** Whether a click on *Allow* is accepted now. */
  readonly isClickAccepted: ReadonlySignal<boolean>;
  readonly closeWindow: () => void;
}

/** State and actions of one question of a page. */
export interface QuestionStore {
  readonly ask: ReadonlySignal<AskView | undefined>;
  /** `closed` if the page was closed, or the question was answered already. */
  readonly state: ReadonlySignal<'loading' | 'open' | 'closed'>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly selection: ReadonlySignal<readonly GrantedSite[]>;
  readonly access: ReadonlySignal<Access>;
  readonly canAllow: ReadonlySignal<boolean>;
  readonly load: () => Promise<void>;
  readonly chooseSite: (site: GrantedSite) => void;
  readonly chooseAccess: (access: Access) => void;
  readonly allow: () => Promise<void>;
  readonly deny: () => Promise<void>;
  readonly closeWindow: () => void;
}

export function createQuestionStore({
  send,
  id,
  isClickAccepted,
  closeWindow,
}: QuestionPorts): QuestionStore {
  const ask = signal<AskView | undefined>(undefined);
  const state = signal<'loading' | 'open' | 'closed'>('loading');
  const fault = signal<Fault | undefined>(undefined);
  const selection = signal<readonly GrantedSite[]>([]);
  const access = signal<Access>('read');
  const canAllow = computed(() => isClickAccepted.value && selection.value.length > 0);

  function show(found: AskView | undefined): void {
    if (found !== undefined && ask.value === undefined) {
      const granted = found.sites.filter((site) => site.isGranted);
      selection.value = found.kind === 'access' ? granted.map(grantedSite) : [];
      access.value = found.access;
    }
    ask.value = found ?? ask.value;
    state.value = found === undefined ? 'closed' : 'open';
    fault.value = undefined;
  }

  async function catchFault(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      fault.value = toFault(thrown);
      if (fault.value.code === 'not_found') state.value = 'closed';
    }
  }

  const sendDecision = (decision: Parameters<typeof send<'ask.decide'>>[1]['decision']) =>
    catchFault(async () => {
      await send('ask.decide', { id, decision });
      closeWindow();
    });

  return {
    ask,
    state,
    fault,
    selection,
    access,
    canAllow,
    load: () =>
      catchFault(async () => {
        const asks = await send('ask.list', {});
        show(asks.find((one) => one.id === id));
      }),
    chooseSite: (site) => {
      selection.value = ask.value?.kind === 'site' ? [site] : toggled(selection.value, site);
    },
    chooseAccess: (chosen) => {
      access.value = chosen;
    },
    allow: async () => {
      if (!canAllow.value) return;
      await sendDecision({ allow: true, sites: [...selection.value], access: access.value });
    },
    deny: () => sendDecision({ allow: false }),
    closeWindow,
  };
}
