import { batch, signal, type ReadonlySignal } from '@preact/signals';
import type { Access, GrantedSite } from '../extension/core/call/page-grant.ts';
import type { Origin } from '../extension/core/values/origin.ts';
import type { PendingActions } from '../extension/ui/state/pending-actions.ts';
import type { Send } from '../extension/wire/send.ts';
import { toggled } from './sites/site-selection.ts';

/** What connecting a page needs of the world. */
export interface ConnectPorts {
  readonly send: Send;
  readonly hostPattern: (origin: Origin) => string;
  /**
   * Asks the person for host access. Only works within a click, with nothing awaited before; `prepared` is what has to be
   * stored by the time of the answer.
   */
  readonly requestHostPatterns: (
    patterns: readonly string[],
    prepared?: Promise<unknown>,
  ) => Promise<boolean>;
}

/** What is ticked in the panel. */
export interface ConnectDraft {
  readonly origin: Origin;
  readonly sites: readonly GrantedSite[];
  readonly access: Access;
}

/** The way from *Connect this page* to a connected page. */
export interface ConnectStore {
  /** The open panel; undefined when it is shut. */
  readonly draft: ReadonlySignal<ConnectDraft | undefined>;
  /** `asking` while the browser's prompt is open; `refused` when the person said no to it. */
  readonly state: ReadonlySignal<'idle' | 'asking' | 'refused'>;
  readonly open: (draft: ConnectDraft) => void;
  readonly close: () => void;
  readonly toggleSite: (site: GrantedSite) => void;
  readonly chooseAccess: (access: Access) => void;
  readonly connect: () => Promise<void>;
  /** Asks again for an origin that the browser withholds. */
  readonly allowAgain: (origin: Origin) => Promise<void>;
  readonly disconnect: (origin: Origin) => Promise<void>;
}

/** See {@link ConnectStore}. */
export function createConnectStore(
  { send, hostPattern, requestHostPatterns }: ConnectPorts,
  { run }: PendingActions,
  reload: () => Promise<void>,
): ConnectStore {
  const draft = signal<ConnectDraft | undefined>(undefined);
  const state = signal<'idle' | 'asking' | 'refused'>('idle');

  function show(next: ConnectDraft | undefined): void {
    batch(() => {
      draft.value = next;
      state.value = 'idle';
    });
  }

  function change(part: Partial<ConnectDraft>): void {
    if (draft.value !== undefined) show({ ...draft.value, ...part });
  }

  async function settle(answer: Promise<boolean>, prepared?: Promise<unknown>): Promise<void> {
    state.value = 'asking';
    const isDone = await run('connect', () => Promise.all([answer, prepared]));
    if (!isDone) state.value = 'idle';
    else if (await answer) show(undefined);
    else state.value = 'refused';
    await reload();
  }

  return {
    draft,
    state,
    open: show,
    close: () => {
      show(undefined);
    },
    toggleSite: (site) => {
      change({ sites: toggled(draft.value?.sites ?? [], site) });
    },
    chooseAccess: (access) => {
      change({ access });
    },
    connect: () => {
      const wanted = draft.value;
      if (wanted === undefined || wanted.sites.length === 0) return Promise.resolve();
      const prepared = send('grant.prepare', { ...wanted, sites: [...wanted.sites] });
      return settle(requestHostPatterns([hostPattern(wanted.origin)], prepared), prepared);
    },
    allowAgain: (origin) => settle(requestHostPatterns([hostPattern(origin)])),
    disconnect: async (origin) => {
      await run('disconnect', () => send('grant.remove', { origin }));
      await reload();
    },
  };
}
