import type { ReachableSite } from '#core/address/reachable-site.ts';
import type { CallPermissions } from '#core/call/call-plan.ts';
import { reducedPaths } from '#core/grant/requested-paths.ts';
import type { Access, ChosenSites } from '#core/grant/page-grant.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { PageSite } from '#wire/page-api.ts';
import { grantedSite, type GrantedTestSite } from './granted-sites.ts';
import type { TestAccount, TestConnection } from './types.ts';

/** What the page is granted now. */
export interface Grant {
  readonly sites: readonly GrantedTestSite[];
  readonly access: Access;
  readonly paths: readonly string[] | undefined;
  readonly chosen: ChosenSites;
}

/** The connection of the page, which the person and the page change. */
export interface Connection {
  /** @throws BrokerError `not_connected` */
  grant(): Grant;
  isConnected(): boolean;
  /** The sites as the page sees them. @throws BrokerError `not_connected` */
  sites(): readonly PageSite[];
  /** A site that a call was planned for, as the page sees it. @throws BrokerError `not_allowed`, `not_connected` */
  pageSite(site: ReachableSite): PageSite;
  /** @throws BrokerError `not_connected` */
  permissions(): CallPermissions;
  /** The person answers or changes the connection; without sites it ends. What was chosen earlier stays. */
  set(connection: TestConnection): void;
  /** Stores which of several sites the person chose. */
  choose(chosen: ChosenSites): void;
  end(): void;
  /** Calls back when it began, changed or ended. */
  onEvent(listener: (event: 'began' | 'changed' | 'ended') => void): void;
}

export function createConnection(accounts: readonly TestAccount[]): Connection {
  let current: Grant | undefined;
  const listeners: ((event: 'began' | 'changed' | 'ended') => void)[] = [];
  const replace = (next: Grant | undefined): void => {
    const before = current;
    current = next;
    const ended = before === undefined ? undefined : ('ended' as const);
    const going = before === undefined ? ('began' as const) : ('changed' as const);
    const event = next === undefined ? ended : going;
    if (event !== undefined) for (const listener of listeners) listener(event);
  };
  const grant = (): Grant => {
    if (current === undefined) throw new BrokerError('not_connected');
    return current;
  };
  return {
    grant,
    isConnected: () => current !== undefined,
    sites: () => {
      const { sites, access } = grant();
      return sites.map(({ page }) => ({ ...page, access }));
    },
    pageSite: (site) => {
      const { sites, access } = grant();
      const found = sites.find(({ reachable }) => reachable === site);
      if (found === undefined) throw new BrokerError('not_allowed', { subject: 'site' });
      return { ...found.page, access };
    },
    permissions: () => {
      const { sites, access, paths, chosen } = grant();
      return { sites: sites.map(({ reachable }) => reachable), access, paths, chosen };
    },
    set: ({ sites, access = 'read', paths }) => {
      const granted = sites.map((site) => grantedSite(site, accounts));
      const chosen = current?.chosen ?? {};
      const next = { sites: granted, access, paths: reducedPaths(paths), chosen };
      replace(granted.length === 0 ? undefined : next);
    },
    choose: (chosen) => {
      const before = grant();
      replace({ ...before, chosen: { ...before.chosen, ...chosen } });
    },
    end: () => {
      replace(undefined);
    },
    onEvent: (listener) => {
      listeners.push(listener);
    },
  };
}
