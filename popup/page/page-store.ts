import { signal, type ReadonlySignal } from '@preact/signals';
import type { Origin } from '#core/values/origin.ts';
import { firstTerms, grantRequest } from '#ui/sites/connect-terms.ts';
import type { FlowActions } from '#ui/state/flow-actions.ts';
import type { GrantActions } from '#ui/state/grant-actions.ts';
import type { PendingActions } from '#ui/state/pending-actions.ts';
import type { PopupView } from '#wire/list-views.ts';
import type { GrantView } from '#wire/views.ts';
import {
  createPagePermission,
  type PagePermissionPorts,
  type PermissionState,
} from './page-permission.ts';

/** State and actions of the connection of the page, beside the panel that makes it. */
export interface PageStore {
  /** The connection that was ended last, as it was, while this popup is open and the page is not connected again. */
  readonly ended: ReadonlySignal<GrantView | undefined>;
  readonly permission: ReadonlySignal<PermissionState>;
  /** Ends the connection. */
  readonly disconnect: (origin: Origin) => Promise<void>;
  /** Makes the ended connection again, with its sites, access, limits and default sites. Only within a click. */
  readonly connectAgain: () => Promise<void>;
  /** Lets a paused connection have effect again. */
  readonly resume: (origin: Origin) => Promise<void>;
  /** Requests the host permission of a connection that is suspended. Only within a click. */
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
  ports: PagePermissionPorts,
  pendingActions: PendingActions,
  reload: () => Promise<void>,
): PageStore {
  const { send } = ports;
  const { run, runAndReload } = pendingActions;
  const ended = signal<GrantView | undefined>(undefined);
  const permission = createPagePermission(ports, pendingActions);
  return {
    ended,
    permission: permission.state,
    disconnect: (origin) =>
      runAndReload('disconnect', async () => {
        const grant = await send('grant.get', { origin }).catch(() => undefined);
        await send('grant.remove', { origin });
        permission.reset();
        ended.value = grant;
      }),
    connectAgain: async () => {
      const grant = ended.value;
      if (grant === undefined) return;
      const { origin, sites, choices } = grant;
      const request = grantRequest(origin, sites, firstTerms(grant));
      if (request !== undefined && (await permission.request(origin, request))) {
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
      await permission.request(origin);
      await reload();
    },
  };
}
