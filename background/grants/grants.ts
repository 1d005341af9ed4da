import { isAwaiting, withoutAwaited, withSignedIn } from '#core/grant/awaited-accounts.ts';
import {
  boundSite,
  pausedGrant,
  withoutSessions,
  type BoundSite,
  type GrantedSite,
  type PageGrant,
} from '#core/grant/page-grant.ts';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { Session, SessionId } from '#core/session/session.ts';
import { BrokerError, type Fault } from '#core/values/fault.ts';
import { isExtension, type Origin } from '#core/values/origin.ts';
import type { World } from '../platform/world.ts';
import type { BatchedChanges } from '../storage/repository.ts';
import { createConnectedExtensions, type ExtensionPorts } from './connected-extensions.ts';
import {
  createConnectedPages,
  type ConnectedDocument,
  type Connections,
} from './connected-pages.ts';
import { createPreparedGrants, type PreparedGrants } from './prepared-grants.ts';
import { openSealedGrants, type SealedGrants, type SealingDependencies } from './sealed-grants.ts';

/** Which pages and other extensions may call, and what. */
export interface Grants {
  /**
   * The grant of an origin at this moment; undefined while the browser withholds its host permission, while the person has
   * paused it, while all its sites wait for a sign-in, or while other extensions are not served.
   */
  of(origin: Origin): PageGrant | undefined;
  /** The grant of an origin, whether it has effect or not. */
  find(origin: Origin): PageGrant | undefined;
  list(): readonly PageGrant[];
  /** Whether the browser allows the grant of an origin. Always for another extension. */
  isAllowed(origin: Origin): Promise<boolean>;
  /** Whether a grantee may ask the person for its first grant. Pages are connected in the popup. */
  mayAskFirst(origin: Origin): boolean;
  /**
   * Whether the origin of a document is connected. If so, this injects `window.threelo` where its registration cannot:
   * when the match pattern of the origin covers other origins too.
   */
  connectDocument(document: ConnectedDocument): Promise<boolean>;
  /** Grants that wait for the browser's permission, and what came of them. */
  readonly prepared: PreparedGrants;
  /** After the person answered the browser's prompt: applies pending grants and resumes suspended ones. */
  settlePending(): Promise<void>;
  /**
   * Stores the grant that `change` returns; it gets undefined when there is none.
   * @throws BrokerError `not_connected` when it returns undefined
   */
  change(
    origin: Origin,
    change: (grant: PageGrant | undefined) => PageGrant | undefined,
  ): Promise<void>;
  /**
   * Suspends a grant until it is resumed, or resumes it. Listeners of {@link onSuspended} cancel the calls in flight.
   * @throws BrokerError `not_connected`
   */
  pause(origin: Origin, isPaused: boolean): Promise<void>;
  /** Binds sites to the accounts that their sessions have now. @throws BrokerError `not_found` */
  bind(sites: readonly GrantedSite[]): BoundSite[];
  /** At each start: stores the grants that an earlier version did not bind to accounts. @throws BrokerError `storage_failed` */
  bindOld(): Promise<void>;
  /** At each start: removes the grants that ended with an earlier browser session. The next start repeats what fails. */
  removeEnded(): Promise<void>;
  /** Disconnects the origins. Listeners of {@link onEnded} cancel the calls in flight. */
  remove(origins: readonly Origin[]): Promise<void>;
  /** Disconnects an origin at its page's request. Without a grant nothing is written, and no page notified. */
  giveBack(origin: Origin): Promise<void>;
  /** At each start, before anything is served: suspends the grants whose host permission the browser withholds. */
  checkPermissions(): Promise<void>;
  /**
   * At each start, and after the browser's permissions have changed: suspends the grants whose host permission is withheld, and
   * registers the content scripts of the others. None is removed: Chrome reports the same when the person removes a host and
   * when they let the extension run _on click_ only, and a browser that was killed may have lost a permission.
   */
  followPermissions(): Promise<void>;
  /** From now on no grant has an effect, and none can be asked for: everything is being erased. */
  stop(): void;
  /** Removes sessions that have ended from every grant. */
  removeSessions(isGone: (id: SessionId) => boolean): Promise<void>;
  /** Stores grants of an import in its write. They have effect as far as the browser allows them and their accounts are signed in. */
  saveInSameWrite(
    grants: readonly PageGrant[],
    write: (changes: BatchedChanges) => Promise<void>,
  ): Promise<void>;
  /** Gives the sites that wait for one of these sessions to it. */
  signedIn(sessions: readonly Session[]): Promise<void>;
  /** Removes the sites that wait for a sign-in with a client. */
  removeAwaited(id: ClientId): Promise<void>;
  /** Notifies the pages that use a session that its sites or its status changed. */
  notifyPagesOf(id: SessionId): Promise<void>;
  onEnded(listener: (origin: Origin) => void): void;
  /** Calls back when a grant has no effect from now on: the browser withholds its host permission, or the person paused it. */
  onSuspended(listener: (origin: Origin) => void): void;
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
  readonly extensions: ExtensionPorts;
  readonly world: GrantWorld;
}

export async function createGrants(dependencies: Dependencies): Promise<Grants> {
  const { world } = dependencies;
  const sealed = await openSealedGrants(dependencies);
  const granted = (): Origin[] => sealed.list().map(({ origin }) => origin);
  const suspended = eventOf<[Origin]>();
  const changed = eventOf<[]>();
  const suspension = {
    onSuspended: suspended.emit,
    isPaused: (origin: Origin) => isHeld(sealed.get(origin)),
  };
  const pages = createConnectedPages({ ...dependencies, ...suspension, granted });
  const extensions = createConnectedExtensions({ ...dependencies.extensions, ...suspension });
  const connected = (origin: Origin): Connections => (isExtension(origin) ? extensions : pages);
  sealed.onEnded((origin) => {
    connected(origin).forget(origin);
  });
  const save: SealedGrants['save'] = async (origin, change) => {
    const isSaved = await sealed.save(origin, change);
    if (!isSaved) return false;
    changed.emit();
    world.notifyExtensionPages();
    return true;
  };
  const change: Grants['change'] = async (origin, changeOne) => {
    if (!(await save(origin, changeOne))) throw new BrokerError('not_connected');
    await connected(origin).notify(origin, 'grant.changed');
  };
  const remove: Grants['remove'] = async (origins) => {
    for (const origin of origins) await sealed.remove(origin, () => connected(origin).end(origin));
    world.notifyExtensionPages();
  };
  const prepared = createPreparedGrants({ ...dependencies, sealed, save, connected });
  const followPermissions = () => followAll(granted(), connected, world);
  let isStopped = false;
  const of: Grants['of'] = (origin) =>
    !isStopped && connected(origin).isActive(origin) ? sealed.get(origin) : undefined;
  return {
    of,
    find: (origin) => sealed.get(origin),
    list: () => sealed.list(),
    isAllowed: (origin) => connected(origin).isAllowed(origin),
    mayAskFirst: (origin) => !isStopped && isExtension(origin) && extensions.isActive(origin),
    connectDocument: async (document) => {
      const isConnected = of(document.origin) !== undefined;
      if (isConnected) await connected(document.origin).greet(document);
      return isConnected;
    },
    prepared,
    settlePending: async () => {
      await prepared.settle();
      await followPermissions();
    },
    change,
    pause: async (origin, isPaused) => {
      const isSaved = await save(origin, (grant) => grant && pausedGrant(grant, isPaused));
      if (!isSaved) throw new BrokerError('not_connected');
      await connected(origin).follow(origin);
    },
    bind: (sites) => sites.map((site) => boundSite(site, dependencies.accountOf(site.sessionId))),
    bindOld: () => sealed.bindOld(),
    removeEnded: () => removeEnded(sealed, connected),
    remove,
    giveBack: (origin) => giveBack(origin, sealed, remove, world),
    checkPermissions: async () => {
      await Promise.all(granted().map((origin) => connected(origin).check(origin)));
    },
    followPermissions,
    stop: () => {
      isStopped = true;
    },
    removeSessions: (isGone) =>
      reduceAll((grant) => withoutSessions(grant, isGone), sealed, { change, remove }),
    ...importedGrants({ sealed, save, change, remove, connected, onChanged: changed.emit, world }),
    notifyPagesOf: (id) => notifyPagesOf(id, sealed, connected),
    unreadable: sealed.unreadable,
    onEnded: sealed.onEnded,
    onSuspended: suspended.on,
    onChanged: changed.on,
  };
}

/** Whether a grant has no effect although the browser allows it. */
function isHeld(grant: PageGrant | undefined): boolean {
  return grant !== undefined && (grant.isPaused === true || isAwaiting(grant));
}

interface GrantParts extends Pick<Grants, 'change' | 'remove'> {
  readonly sealed: SealedGrants;
  readonly save: SealedGrants['save'];
  readonly connected: (origin: Origin) => Connections;
  readonly onChanged: () => void;
  readonly world: GrantWorld;
}

/** Grants of an import, and the sign-ins that they wait for. */
function importedGrants({
  sealed,
  save,
  change,
  remove,
  connected,
  onChanged,
  world,
}: GrantParts): Pick<Grants, 'saveInSameWrite' | 'signedIn' | 'removeAwaited'> {
  return {
    saveInSameWrite: async (grants, write) => {
      // Before they are stored: what the browser withholds has no effect at any time.
      for (const { origin } of grants) await connected(origin).check(origin);
      await sealed.saveInSameWrite(grants, write);
      onChanged();
      await followAll(
        grants.map(({ origin }) => origin),
        connected,
        world,
      );
    },
    signedIn: async (sessions) => {
      const arrived = (grant: PageGrant): PageGrant => sessions.reduce(withSignedIn, grant);
      const waiting = sealed.list().filter((grant) => arrived(grant) !== grant);
      for (const { origin } of waiting) {
        await save(origin, (before) => before && arrived(before));
        await connected(origin).follow(origin);
        await connected(origin).notify(origin, 'grant.changed');
      }
    },
    removeAwaited: (id) =>
      reduceAll((grant) => withoutAwaited(grant, ({ clientId }) => clientId === id), sealed, {
        change,
        remove,
      }),
  };
}

async function followAll(
  origins: readonly Origin[],
  connected: (origin: Origin) => Connections,
  world: GrantWorld,
): Promise<void> {
  // At the same time: a tab that does not answer must not delay the suspension of another grant.
  await Promise.allSettled(origins.map((origin) => connected(origin).follow(origin)));
  world.notifyExtensionPages();
}

function eventOf<Args extends unknown[]>() {
  const listeners: ((...args: Args) => void)[] = [];
  return {
    on: (listener: (...args: Args) => void): void => void listeners.push(listener),
    emit: (...args: Args): void => {
      for (const listener of listeners) listener(...args);
    },
  };
}

async function notifyPagesOf(
  id: SessionId,
  sealed: SealedGrants,
  connected: (origin: Origin) => Connections,
): Promise<void> {
  const usesSession = ({ sites }: PageGrant): boolean =>
    sites.some(({ sessionId }) => sessionId === id);
  for (const { origin } of sealed.list().filter(usesSession))
    await connected(origin).notify(origin, 'grant.changed');
}

async function giveBack(
  origin: Origin,
  sealed: SealedGrants,
  remove: Grants['remove'],
  world: GrantWorld,
): Promise<void> {
  if (sealed.get(origin) !== undefined) await world.withKeepAlive(() => remove([origin]));
}

/** The record goes last: if the worker stops before that, the next start finds it. */
async function removeEnded(
  sealed: SealedGrants,
  connected: (origin: Origin) => Connections,
): Promise<void> {
  const removals = sealed.ended.map(async (origin) => {
    await connected(origin).end(origin);
    await sealed.removeEnded(origin);
  });
  await Promise.allSettled(removals);
}

/** Reduces all grants, and removes those of which nothing is left. */
async function reduceAll(
  reduce: (grant: PageGrant) => PageGrant | undefined,
  sealed: SealedGrants,
  { change, remove }: Pick<Grants, 'change' | 'remove'>,
): Promise<void> {
  for (const grant of sealed.list()) {
    const remaining = reduce(grant);
    if (remaining === undefined) await remove([grant.origin]);
    else if (remaining !== grant)
      await change(grant.origin, (before) => before && (reduce(before) ?? before));
  }
}
