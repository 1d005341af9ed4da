import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Access, GrantedSite } from '../../extension/core/call/page-grant.ts';
import { toFault, type Fault } from '../../extension/core/values/fault.ts';
import type { Send } from '../../extension/wire/send.ts';
import type { AskView } from '../../extension/wire/views.ts';
import { grantedSite, toggled } from '../sites/site-selection.ts';

/** What the question window needs of the world. */
export interface QuestionPorts {
  readonly send: Send;
  /** Id of the question, from the window's address. */
  readonly id: string;
  /** Whether a click on *Allow* counts now. */
  readonly isClickAccepted: ReadonlySignal<boolean>;
  readonly closeWindow: () => void;
}

/** One question of a page, and the answer that takes shape. */
export interface QuestionStore {
  readonly ask: ReadonlySignal<AskView | undefined>;
  /** `gone` when the page left, or the question was answered elsewhere. */
  readonly state: ReadonlySignal<'loading' | 'open' | 'gone'>;
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

/** See {@link QuestionStore}. */
export function createQuestionStore({
  send,
  id,
  isClickAccepted,
  closeWindow,
}: QuestionPorts): QuestionStore {
  const ask = signal<AskView | undefined>(undefined);
  const state = signal<'loading' | 'open' | 'gone'>('loading');
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
    state.value = found === undefined ? 'gone' : 'open';
    fault.value = undefined;
  }

  async function run(work: () => Promise<void>): Promise<void> {
    try {
      await work();
    } catch (thrown) {
      fault.value = toFault(thrown);
      if (fault.value.code === 'not_found') state.value = 'gone';
    }
  }

  const decide = (decision: Parameters<typeof send<'ask.decide'>>[1]['decision']) =>
    run(async () => {
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
      run(async () => {
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
      await decide({ allow: true, sites: [...selection.value], access: access.value });
    },
    deny: () => decide({ allow: false }),
    closeWindow,
  };
}
