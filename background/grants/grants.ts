import { withoutAwaited, withSignedIn } from '#core/grant/awaited-accounts.ts';
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
import type { ExtensionPorts } from '../connections/connected-extensions.ts';
import type { ConnectedDocument, Connections } from '../connections/connected-pages.ts';
import type { PolicyGrants } from '../connections/policy-grants.ts';
import { createGrantLayers, type GrantLayers } from './grant-layers.ts';
import { createPreparedGrants, type PreparedGrants } from './prepared-grants.ts';
import { openSealedGrants, type SealedGrants, type SealingDependencies } from './sealed-grants.ts';

/** Which pages and other extensions may call, and what. */
export interface Grants {
  /**
   * The grant of an origin at this moment; undefined while the browser withholds its host permission, while the person has
   * paused it, while all its sites wait for a sign-in, while the organization's policy blocks it, or while other extensions are not
   * served.
   */
  of(origin: Origin): PageGrant | undefined;
  /** The grant of an origin, whether it has effect or not. */
  find(origin: Origin): PageGrant | undefined;
  list(): readonly PageGrant[];
  /** The grants that the person made, also those that the organization's policy replaces. */
  own(): readonly PageGrant[];
  /** Whether the organization's policy connects an origin: then the person can change nothing but its choices. */
  isManaged(origin: Origin): boolean;
  /** Whether the organization's policy forbids to connect an origin. Its grant is suspended. */
  isBlocked(origin: Origin): boolean;
  /** The match patterns of pages that the organization's policy connects, and that the browser does not allow. */
  missingPolicyPatterns(): readonly string[];
  /** The organization's policy is another one: ends, suspends and begins what it says. */
  policyChanged(): Promise<void>;
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
   * @throws BrokerError `not_connected` when it returns undefined; `managed` for what the organization's policy sets,
   *   `blocked_by_policy`
   */
  change(
    origin: Origin,
    change: (grant: PageGrant | undefined) => PageGrant | undefined,
  ): Promise<void>;
  /**
   * Suspends a grant until it is resumed, or resumes it. Listeners of {@link onSuspended} cancel the calls in flight.
   * @throws BrokerError `not_connected`, `managed`
   */
  pause(origin: Origin, isPaused: boolean): Promise<void>;
  /** Binds sites to the accounts that their sessions have now. @throws BrokerError `not_found` */
  bind(sites: readonly GrantedSite[]): BoundSite[];
  /** At each start: stores the grants that an earlier version did not bind to accounts. @throws BrokerError `storage_failed` */
  bindOld(): Promise<void>;
  /** At each start: removes the grants that ended with an earlier browser session. The next start repeats what fails. */
  removeEnded(): Promise<void>;
  /** Disconnects the origins. Listeners of {@link onEnded} cancel the calls in flight. @throws BrokerError `managed` */
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
  readonly policy: PolicyGrants;
  /** Whether a grant may last longer than the browser session: a setting. */
  readonly mayLast: () => boolean;
  readonly world: GrantWorld;
}

export async function createGrants(dependencies: Dependencies): Promise<Grants> {
  const { policy } = dependencies;
  const sealed = await openSealedGrants(dependencies);
  const suspended = eventOf<[Origin]>();
  const changed = eventOf<[]>();
  const layers = createGrantLayers({
    ...dependencies,
    sealed,
    onSuspended: suspended.emit,
    onChanged: changed.emit,
  });
  const { find, granted, connected, save, removeOwn, followPermissions } = layers;
  const change: Grants['change'] = async (origin, changeOne) => {
    if (!(await save(origin, changeOne))) throw new BrokerError('not_connected');
    await connected(origin).notify(origin, 'grant.changed');
  };
  const remove: Grants['remove'] = async (origins) => {
    if (origins.some(policy.has)) throw new BrokerError('managed');
    await removeOwn(origins);
  };
  const prepared = createPreparedGrants({ ...dependencies, ...layers, sealed });
  let isStopped = false;
  const of: Grants['of'] = (origin) =>
    !isStopped && connected(origin).isActive(origin) ? find(origin) : undefined;
  return {
    of,
    find,
    list: () => granted().flatMap((origin) => find(origin) ?? []),
    own: () => sealed.list(),
    isManaged: policy.has,
    isBlocked: policy.isBlocked,
    missingPolicyPatterns: layers.missingPolicyPatterns,
    policyChanged: () => {
      policy.policyChanged();
      changed.emit();
      return followPermissions();
    },
    isAllowed: (origin) => connected(origin).isAllowed(origin),
    mayAskFirst: (origin) =>
      !isStopped && isExtension(origin) && connected(origin).isActive(origin),
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
    removeEnded: () => removeEnded(sealed, layers.connectedByPerson),
    remove,
    giveBack: (origin) => giveBack(origin, { ...dependencies, sealed }, removeOwn),
    checkPermissions: layers.checkPermissions,
    followPermissions,
    stop: () => {
      isStopped = true;
    },
    removeSessions: (isGone) =>
      reduceAll((grant) => withoutSessions(grant, isGone), sealed, layers),
    ...importedGrants(sealed, layers, changed.emit),
    notifyPagesOf: async (id) => {
      await notifyPagesOf(id, sealed, connected);
      await layers.notifyPolicyPages();
    },
    unreadable: sealed.unreadable,
    onEnded: sealed.onEnded,
    onSuspended: suspended.on,
    onChanged: changed.on,
  };
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
  {
    sealed,
    policy,
    world,
  }: Pick<Dependencies, 'policy' | 'world'> & { readonly sealed: SealedGrants },
  removeOwn: GrantLayers['removeOwn'],
): Promise<void> {
  // What the policy connects, the page cannot give back.
  if (policy.has(origin) || sealed.get(origin) === undefined) return;
  await world.withKeepAlive(() => removeOwn([origin]));
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

/** Grants of an import, and the sign-ins that they wait for. */
function importedGrants(
  sealed: SealedGrants,
  layers: GrantLayers,
  onChanged: () => void,
): Pick<Grants, 'saveInSameWrite' | 'signedIn' | 'removeAwaited'> {
  const { saveOwn, connected, connectedByPerson, followPermissions } = layers;
  return {
    saveInSameWrite: async (grants, write) => {
      // Before they are stored: what the browser withholds has no effect at any time.
      for (const { origin } of grants) await connectedByPerson(origin).check(origin);
      const replaced = grants.filter(({ origin }) => sealed.get(origin) !== undefined);
      await sealed.saveInSameWrite(grants, write);
      onChanged();
      await followPermissions();
      await Promise.allSettled(
        replaced.map(({ origin }) => connected(origin).notify(origin, 'grant.changed')),
      );
    },
    signedIn: async (sessions) => {
      const arrived = (grant: PageGrant): PageGrant => sessions.reduce(withSignedIn, grant);
      const waiting = sealed.list().filter((grant) => arrived(grant) !== grant);
      for (const { origin } of waiting) {
        await saveOwn(origin, (before) => before && arrived(before));
        await connected(origin).follow(origin);
        await connected(origin).notify(origin, 'grant.changed');
      }
    },
    removeAwaited: (id) =>
      reduceAll(
        (grant) => withoutAwaited(grant, ({ clientId }) => clientId === id),
        sealed,
        layers,
      ),
  };
}

/** Reduces all grants of the person, and removes those of which nothing is left. */
async function reduceAll(
  reduce: (grant: PageGrant) => PageGrant | undefined,
  sealed: SealedGrants,
  { saveOwn, removeOwn, connected }: GrantLayers,
): Promise<void> {
  for (const grant of sealed.list()) {
    const { origin } = grant;
    const remaining = reduce(grant);
    if (remaining === undefined) await removeOwn([origin]);
    else if (remaining !== grant) {
      const isSaved = await saveOwn(origin, (before) => before && (reduce(before) ?? before));
      if (isSaved) await connected(origin).notify(origin, 'grant.changed');
    }
  }
}
