import { batch, computed, signal, type ReadonlySignal } from '@preact/signals';
import type { Access, GrantDuration, GrantedSite } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import type { HostPermissionPorts } from '#ui/state/flow-actions.ts';
import { granteeText } from '#ui/state/grant-actions.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { GrantView } from '#wire/views.ts';
import { toggled, type AccountOf } from '#ui/sites/site-selection.ts';
import { typedPaths } from '#ui/sites/typed-paths.ts';

/** The current choices in the panel. */
export interface ConnectDraft {
  readonly origin: Origin;
  readonly sites: readonly GrantedSite[];
  readonly access: Access;
  readonly duration: GrantDuration;
  readonly isEveryPath: boolean;
  /** The typed path prefixes, one a line. */
  readonly pathsText: string;
}

/** What the panel starts with; without a grant, every path until it is withdrawn. */
export function connectDraft(
  origin: Origin,
  sites: readonly GrantedSite[],
  grant: GrantView | undefined,
): ConnectDraft {
  const { access = 'read', duration = 'always', paths } = grant ?? {};
  const isEveryPath = paths === undefined;
  return { origin, sites, access, duration, isEveryPath, pathsText: paths?.join('\n') ?? '' };
}

/** State and actions of connecting a page. */
export interface ConnectStore {
  /** The choices in the open panel; undefined while it is closed. */
  readonly draft: ReadonlySignal<ConnectDraft | undefined>;
  /** `asking` while the browser's permission prompt is open; `refused` if the person denied it. */
  readonly state: ReadonlySignal<'idle' | 'asking' | 'refused'>;
  readonly open: (draft: ConnectDraft) => void;
  readonly close: () => void;
  readonly toggleSite: (site: GrantedSite) => void;
  readonly change: (part: Partial<Omit<ConnectDraft, 'origin' | 'sites'>>) => void;
  /** Does nothing while no site is chosen, or while the typed paths have a problem. */
  readonly connect: () => Promise<void>;
  /** Requests the host permission of a suspended grant again. */
  readonly allowAgain: (origin: Origin) => Promise<void>;
  readonly disconnect: (origin: Origin) => Promise<void>;
}

/** What is known of the sessions and their sites. */
interface KnownSites {
  readonly accountOf: AccountOf;
  /** Whether the panel shows a site that is chosen: only what it shows is granted. */
  readonly isOffered: (site: GrantedSite) => boolean;
}

export function createConnectStore(
  { send, hostPattern, requestHostPatterns }: HostPermissionPorts,
  { run, runAndReload, say }: PendingActions,
  reload: () => Promise<void>,
  { accountOf, isOffered }: KnownSites,
): ConnectStore {
  const opened = signal<ConnectDraft | undefined>(undefined);
  // A site may go while the panel is open.
  const draft = computed(
    () => opened.value && { ...opened.value, sites: opened.value.sites.filter(isOffered) },
  );
  const state = signal<'idle' | 'asking' | 'refused'>('idle');

  function show(next: ConnectDraft | undefined): void {
    batch(() => {
      opened.value = next;
      state.value = 'idle';
    });
  }

  function change(part: Partial<ConnectDraft>): void {
    if (draft.value !== undefined) show({ ...draft.value, ...part });
  }

  async function settle(
    answer: Promise<boolean>,
    prepared?: Promise<unknown>,
    origin?: Origin,
  ): Promise<void> {
    state.value = 'asking';
    const isDone = await run('connect', () => Promise.all([answer, prepared]));
    if (!isDone) state.value = 'idle';
    else if (await answer) show(undefined);
    else {
      state.value = 'refused';
      // Said here, so the worker has nothing to say of it later.
      if (origin !== undefined) await run('unprepare', () => send('grant.unprepare', { origin }));
    }
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
      change({ sites: toggled(draft.value?.sites ?? [], site, accountOf) });
    },
    change,
    connect: () => {
      const wanted = draft.value;
      if (wanted === undefined || wanted.sites.length === 0) return Promise.resolve();
      const { origin, sites, access, duration, isEveryPath, pathsText } = wanted;
      const { paths, problem } = typedPaths(pathsText);
      if (!isEveryPath && problem !== undefined) return Promise.resolve();
      const prepared = send('grant.prepare', {
        origin,
        sites: [...sites],
        access,
        duration,
        ...(isEveryPath ? {} : { paths: [...paths] }),
      });
      return settle(requestHostPatterns([hostPattern(origin)], prepared), prepared, origin);
    },
    allowAgain: (origin) => settle(requestHostPatterns([hostPattern(origin)])),
    disconnect: (origin) =>
      runAndReload('disconnect', async () => {
        await send('grant.remove', { origin });
        say({ text: ['said_disconnected', granteeText(origin)] });
      }),
  };
}
