import {
  boundSite,
  uniqueSites,
  withoutSessions,
  type BoundSite,
  type GrantedSite,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import type { SessionId } from '#core/session/session.ts';
import { BrokerError, type Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import { createPendingRequests } from '../storage/pending-requests.ts';
import { pendingGrantKind, type PendingGrant } from './pending-grants.ts';
import { openSealedGrants, type SealedGrants, type SealingDependencies } from './sealed-grants.ts';

/** Which pages may call, and what. */
export interface Grants {
  /** The grant of an origin at this moment; undefined when the browser withholds its host permission. */
  of(origin: Origin): PageGrant | undefined;
  list(): readonly PageGrant[];
  /**
   * Whether the origin of a document is connected. If so, this injects `window.threelo` where its registration cannot:
   * when the match pattern of the origin covers other origins too.
   */
  connectDocument(document: {
    origin: Origin;
    tabId: number;
    documentId: string;
  }): Promise<boolean>;
  /** Takes effect at once when the browser already allows the origin, else on {@link settlePending}. */
  prepare(requested: PendingGrant): Promise<void>;
  /** After the person answered the browser's prompt: applies pending grants and resumes suspended ones. */
  settlePending(): Promise<void>;
  /** @throws BrokerError `not_connected` */
  change(origin: Origin, change: (grant: PageGrant) => PageGrant): Promise<void>;
  /** Binds sites to the accounts that their sessions have now. @throws BrokerError `not_found` */
  bind(sites: readonly GrantedSite[]): BoundSite[];
  /** At each start: stores the grants that an earlier version did not bind to accounts. @throws BrokerError `storage_failed` */
  bindOld(): Promise<void>;
  /** Disconnects the origins. Listeners of {@link onEnded} cancel the calls in flight. */
  remove(origins: readonly Origin[]): Promise<void>;
  /** Disconnects an origin at its page's request. Without a grant nothing is written, and no page notified. */
  giveBack(origin: Origin): Promise<void>;
  /** After the person removed host permissions in the browser: removes the grants that lost theirs. */
  removeWithdrawn(): Promise<void>;
  /**
   * At each start: registers the content scripts. A grant whose host permission is withheld is suspended, not
   * removed: a browser that was killed may have lost the permission without the person's doing.
   */
  restore(): Promise<void>;
  /** Removes sessions that have ended from every grant. */
  removeSessions(isGone: (id: SessionId) => boolean): Promise<void>;
  /** Notifies the pages that use a session that its sites or its status changed. */
  notifyPagesOf(id: SessionId): Promise<void>;
  onEnded(listener: (origin: Origin) => void): void;
  /** Calls back after a grant was made or changed. */
  onChanged(listener: () => void): void;
  /** Grants that could not be decrypted at this start. */
  readonly unreadable: readonly Fault[];
}

type GrantWorld = Pick<
  World,
  | 'session'
  | 'keyStore'
  | 'nowMs'
  | 'permissions'
  | 'pages'
  | 'notifyPages'
  | 'notifyExtensionPages'
  | 'withKeepAlive'
>;

interface Dependencies extends SealingDependencies {
  /** Origins whose host permission is needed without a grant: the hosts of clients. */
  readonly clientOrigins: () => readonly Origin[];
  readonly world: GrantWorld;
}

export async function createGrants(dependencies: Dependencies): Promise<Grants> {
  const { clientOrigins, accountOf, world } = dependencies;
  const sealed = await openSealedGrants(dependencies);
  const pending = createPendingRequests(pendingGrantKind, world.session, world.nowMs);
  const suspended = new Set<Origin>();
  const listeners: (() => void)[] = [];
  sealed.onEnded((origin) => suspended.delete(origin));
  const save: SealedGrants['save'] = async (origin, change) => {
    const isSaved = await sealed.save(origin, change);
    if (!isSaved) return false;
    suspended.delete(origin);
    for (const listener of listeners) listener();
    world.notifyExtensionPages();
    return true;
  };
  const change: Grants['change'] = async (origin, changeOne) => {
    const isSaved = await save(origin, (before) => before && changeOne(before));
    if (!isSaved) throw new BrokerError('not_connected');
    await world.notifyPages(origin, 'grant.changed');
  };
  const remove: Grants['remove'] = async (origins) => {
    for (const origin of origins)
      await sealed.remove(origin, () => disconnect(origin, { sealed, clientOrigins }, world));
    world.notifyExtensionPages();
  };
  const settle = async (): Promise<void> => {
    for (const request of await pending.list()) {
      if (!(await isAllowed(request.origin, world))) continue;
      const taken = await pending.take(request);
      if (taken !== undefined)
        await apply(taken, { sealed, save, accountOf, clientOrigins }, world);
    }
  };
  const restore = async (): Promise<void> => {
    await suspendOrResume(sealed.list(), suspended, world);
    world.notifyExtensionPages();
  };
  const of: Grants['of'] = (origin) => (suspended.has(origin) ? undefined : sealed.get(origin));
  return {
    of,
    list: () => sealed.list(),
    connectDocument: async ({ origin, tabId, documentId }) => {
      const isConnected = of(origin) !== undefined;
      if (isConnected && world.permissions.isWide(origin))
        await world.pages.injectShim({ tabId, documentId });
      return isConnected;
    },
    prepare: async (requested) => {
      for (const { sessionId } of requested.sites) accountOf(sessionId);
      await pending.put(requested);
      await settle();
    },
    settlePending: async () => {
      await settle();
      if (suspended.size > 0) await restore();
    },
    change,
    bind: (sites) => sites.map((site) => boundSite(site, accountOf(site.sessionId))),
    bindOld: () => sealed.bindOld(),
    remove,
    giveBack: (origin) => giveBack(origin, sealed, remove, world),
    removeWithdrawn: async () => {
      const active = sealed.list().filter(({ origin }) => !suspended.has(origin));
      const allowed = await Promise.all(active.map(({ origin }) => isAllowed(origin, world)));
      await remove(active.filter((_, at) => !allowed[at]).map(({ origin }) => origin));
    },
    restore,
    removeSessions: (isGone) => removeSessions(isGone, sealed, { change, remove }),
    notifyPagesOf: (id) => notifyPagesOf(id, sealed, world),
    unreadable: sealed.unreadable,
    onEnded: (listener) => {
      sealed.onEnded(listener);
    },
    onChanged: (listener) => void listeners.push(listener),
  };
}

async function notifyPagesOf(
  id: SessionId,
  sealed: SealedGrants,
  world: GrantWorld,
): Promise<void> {
  const usesSession = ({ sites }: PageGrant): boolean =>
    sites.some(({ sessionId }) => sessionId === id);
  for (const { origin } of sealed.list().filter(usesSession))
    await world.notifyPages(origin, 'grant.changed');
}

async function giveBack(
  origin: Origin,
  sealed: SealedGrants,
  remove: Grants['remove'],
  world: GrantWorld,
): Promise<void> {
  if (sealed.get(origin) !== undefined) await world.withKeepAlive(() => remove([origin]));
}

async function removeSessions(
  isGone: (id: SessionId) => boolean,
  sealed: SealedGrants,
  { change, remove }: Pick<Grants, 'change' | 'remove'>,
): Promise<void> {
  for (const grant of sealed.list()) {
    const remaining = withoutSessions(grant, isGone);
    if (remaining === undefined) await remove([grant.origin]);
    else if (remaining !== grant)
      await change(grant.origin, (before) => withoutSessions(before, isGone) ?? before);
  }
}

/** The site bound to its session's account; none when the session has ended. */
function boundIfPossible(
  site: GrantedSite,
  accountOf: Dependencies['accountOf'],
): readonly BoundSite[] {
  try {
    return [boundSite(site, accountOf(site.sessionId))];
  } catch {
    return [];
  }
}

function isAllowed(origin: Origin, { permissions }: GrantWorld): Promise<boolean> {
  return permissions.has([permissions.patternOf(origin)]);
}

/**
 * Stores a grant whose origin the browser allows, and injects the page API into open pages. The person may have signed
 * out while the prompt was open: without a session nothing is stored.
 */
async function apply(
  { origin, sites, access }: PendingGrant,
  {
    sealed,
    save,
    accountOf,
    clientOrigins,
  }: Pick<Dependencies, 'accountOf' | 'clientOrigins'> & {
    readonly sealed: SealedGrants;
    readonly save: SealedGrants['save'];
  },
  world: GrantWorld,
): Promise<void> {
  const isNew = sealed.get(origin) === undefined;
  const grantedAtMs = world.nowMs();
  const isSaved = await save(origin, (before) => {
    const chosen = before?.chosen ?? {};
    const bound = uniqueSites(sites.flatMap((site) => boundIfPossible(site, accountOf)));
    return bound.length > 0 ? { origin, sites: bound, access, grantedAtMs, chosen } : undefined;
  });
  if (!isSaved) {
    if (isNew) await removeHostPermission(origin, { sealed, clientOrigins }, world);
    return;
  }
  await world.pages.inject(origin);
  if (!isNew) await world.notifyPages(origin, 'grant.changed');
}

/** Removes what the browser holds for a grant that has ended. */
async function disconnect(
  origin: Origin,
  { sealed, clientOrigins }: Pick<Dependencies, 'clientOrigins'> & { sealed: SealedGrants },
  world: GrantWorld,
): Promise<void> {
  await world.pages.stopInjecting(origin);
  await world.notifyPages(origin, 'grant.ended');
  await removeHostPermission(origin, { sealed, clientOrigins }, world);
}

/** Registers the content scripts where the browser allows it, and suspends the other grants. */
async function suspendOrResume(
  grants: readonly PageGrant[],
  suspended: Set<Origin>,
  world: GrantWorld,
): Promise<void> {
  for (const { origin } of grants) {
    if (await isAllowed(origin, world)) {
      suspended.delete(origin);
      await world.pages.keepInjecting(origin);
    } else {
      suspended.add(origin);
    }
  }
}

/** Removes the host permission, unless another origin that needs it has the same match pattern. */
async function removeHostPermission(
  origin: Origin,
  { sealed, clientOrigins }: Pick<Dependencies, 'clientOrigins'> & { sealed: SealedGrants },
  { permissions }: GrantWorld,
): Promise<void> {
  const others = [...sealed.list().map((grant) => grant.origin), ...clientOrigins()];
  const pattern = permissions.patternOf(origin);
  const isShared = others.some((other) => permissions.patternOf(other) === pattern);
  // Rejects where an administrator's policy grants the host; such a permission cannot be removed.
  if (!isShared) await permissions.remove([pattern]).catch(() => false);
}
