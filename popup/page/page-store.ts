import { signal, type ReadonlySignal } from '@preact/signals';
import { grantedSite } from '#core/grant/page-grant.ts';
import type { Origin } from '#core/values/origin.ts';
import type { FlowActions, HostPermissionPorts } from '#ui/state/flow-actions.ts';
import type { GrantActions } from '#ui/state/grant-actions.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { PopupView } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';

/** State and actions of the connection of the page, beside the panel that makes it. */
export interface PageStore {
  /** The connection that was ended last, as it was, while this popup is open and the page is not connected again. */
  readonly ended: ReadonlySignal<GrantView | undefined>;
  /** `refused` if the person denied the browser's prompt. */
  readonly permission: ReadonlySignal<'idle' | 'asking' | 'refused'>;
  /** Ends the connection. */
  readonly disconnect: (origin: Origin) => Promise<void>;
  /** Makes the ended connection again, with its sites, access, limits and default sites. Only within a click. */
  readonly connectAgain: () => Promise<void>;
  /** Lets a paused connection have effect again. */
  readonly resume: (origin: Origin) => Promise<void>;
  /** Requests the host permission of a connection that sleeps. Only within a click. */
  readonly allowAgain: (origin: Origin) => Promise<void>;
}

/** What the views of the page need beside their own store. */
export interface PagePorts extends Pick<FlowActions, 'signIn'>, GrantActions {
  readonly view: ReadonlySignal<PopupView | undefined>;
  readonly pageConnection: PageStore;
  /** Opens the panel in which the person chooses what the page gets. */
  readonly startConnecting: () => void;
  readonly openOptions: (route?: string) => Promise<void>;
}

export function createPageStore(
  { send, hostPattern, requestHostPatterns }: HostPermissionPorts,
  { run, runAndReload }: PendingActions,
  reload: () => Promise<void>,
): PageStore {
  const ended = signal<GrantView | undefined>(undefined);
  const permission = signal<'idle' | 'asking' | 'refused'>('idle');

  /** `origin`: of a grant that is prepared for the answer. */
  async function settle(
    answer: Promise<boolean>,
    prepared?: Promise<unknown>,
    origin?: Origin,
  ): Promise<boolean> {
    permission.value = 'asking';
    const isDone = await run('connect', () => Promise.all([answer, prepared]));
    const isAllowed = isDone && (await answer);
    permission.value = isDone && !isAllowed ? 'refused' : 'idle';
    // Said here, so the worker has nothing to say of it later.
    if (permission.value === 'refused' && origin !== undefined)
      await run('unprepare', () => send('grant.unprepare', { origin }));
    return isAllowed;
  }

  return {
    ended,
    permission,
    disconnect: (origin) =>
      runAndReload('disconnect', async () => {
        const grant = await send('grant.get', { origin }).catch(() => undefined);
        await send('grant.remove', { origin });
        permission.value = 'idle';
        ended.value = grant;
      }),
    connectAgain: async () => {
      const grant = ended.value;
      if (grant === undefined) return;
      const { origin, sites, access, duration, paths, choices } = grant;
      const prepared = send('grant.prepare', {
        origin,
        sites: sites.map(grantedSite),
        access,
        duration,
        ...(paths === undefined ? {} : { paths: [...paths] }),
      });
      if (await settle(requestHostPatterns([hostPattern(origin)], prepared), prepared, origin)) {
        ended.value = undefined;
        for (const { key, chosen: site } of choices)
          if (site !== undefined)
            await run(`choose ${key}`, () => send('grant.choose', { origin, key, site }));
      }
      await reload();
    },
    resume: (origin) =>
      runAndReload('resume', () => send('grant.pause', { origin, isPaused: false })),
    allowAgain: async (origin) => {
      await settle(requestHostPatterns([hostPattern(origin)]));
      await reload();
    },
  };
}
