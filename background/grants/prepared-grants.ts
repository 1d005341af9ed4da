import {
  answeredMembers,
  boundSite,
  pausedGrant,
  uniqueSites,
  type BoundSite,
  type GrantedSite,
} from '#core/grant/page-grant.ts';
import type { Account, SessionId } from '#core/session/session.ts';
import { fault, toFault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { keys } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';
import { createPendingRequests } from '../storage/pending-requests.ts';
import type { Connections } from '../connections/connected-pages.ts';
import {
  parseConnectOutcome,
  pendingGrantKind,
  type ConnectOutcome,
  type PendingGrant,
} from './pending-grants.ts';
import type { SealedGrants } from './sealed-grants.ts';

/**
 * Grants that the person chose, from the choice to what came of it. A page needs the host permission of its origin first: the
 * browser's prompt may close the popup, so the worker continues, and the popup says at its next opening what came of it.
 */
export interface PreparedGrants {
  /**
   * Takes effect at once when the browser already allows the origin, else on {@link settle}.
   * @throws BrokerError `managed`, `blocked_by_policy`, `not_found` for a session, `storage_failed`
   */
  prepare(requested: PendingGrant): Promise<void>;
  /** Makes the grants that the browser allows by now. */
  settle(): Promise<void>;
  /** The person denied the prompt for an origin, and was told so. */
  cancel(origin: Origin): Promise<void>;
  /**
   * The popup opens, so the one that chose has closed: what still waits for the browser's permission was denied. An outcome that
   * was reported to an earlier popup is removed.
   */
  popupOpens(): Promise<void>;
  /** What came of the last choice, as long as it holds. */
  outcome(): Promise<ReportedOutcome | undefined>;
  /** The outcome was reported to a popup. */
  markSaid(): Promise<void>;
  dismissOutcome(): Promise<void>;
}

/** An outcome that popups get. */
type ReportedOutcome = Omit<ConnectOutcome, 'isSaid' | 'result'> & {
  readonly result: Exclude<ConnectOutcome['result'], 'waiting'>;
};

interface Dependencies {
  /** The account of a session. @throws BrokerError `not_found` */
  readonly accountOf: (id: SessionId) => Account;
  /** The id of the browser session. */
  readonly browserSession: string;
  /** Whether a grant may last longer than the browser session: a setting. */
  readonly mayLast: () => boolean;
  /** @throws BrokerError `managed`, `blocked_by_policy` when the organization's policy decides on the origin */
  readonly requireChangeable: (origin: Origin) => void;
  readonly sealed: SealedGrants;
  readonly save: SealedGrants['save'];
  readonly connected: (origin: Origin) => Connections;
  readonly world: Pick<World, 'session' | 'nowMs' | 'notifyExtensionPages'>;
}

export function createPreparedGrants(dependencies: Dependencies): PreparedGrants {
  const { accountOf, sealed, connected, requireChangeable, world } = dependencies;
  const pending = createPendingRequests(pendingGrantKind, world.session, world.nowMs);
  const read = async () => parseConnectOutcome(await world.session.read(keys.connectOutcome));
  const dismissOutcome = (): Promise<void> => world.session.remove([keys.connectOutcome]);
  const report = async (outcome: ConnectOutcome): Promise<void> => {
    // Only a text is lost when it cannot be stored.
    await world.session.write({ [keys.connectOutcome]: outcome }).catch(() => undefined);
    world.notifyExtensionPages();
  };
  const abandon = (origin: Origin): Promise<void> =>
    world.session.remove([keys.pendingGrant(origin)]);
  /** The origin whose prompt is not open any more, when it was not allowed. Its request is removed. */
  const refusedOrigin = async (): Promise<Origin | undefined> => {
    const stored = await read();
    if (stored?.result !== 'waiting') return undefined;
    const { origin } = stored;
    // Allowed just now: the event is on its way.
    if (await connected(origin).isAllowed(origin)) return undefined;
    await abandon(origin);
    return origin;
  };
  /** With `isReported` a failure is an outcome, else it is thrown. */
  const settle = async (isReported: boolean): Promise<void> => {
    for (const request of await pending.list()) {
      const { origin } = request;
      if (!(await connected(origin).isAllowed(origin))) continue;
      const taken = await pending.take(request);
      if (taken === undefined) continue;
      const kept = sealed.get(origin) === undefined ? {} : { isChange: true as const };
      try {
        const result = await apply(taken, dependencies);
        await report({ origin, result, ...(result === 'ended' ? kept : {}) });
      } catch (thrown) {
        if (!isReported) throw thrown;
        await report({ origin, result: 'failed', fault: fault(toFault(thrown).code), ...kept });
      }
    }
  };
  const isHolding = ({ origin, result, isChange }: ConnectOutcome): boolean => {
    const isGranted = sealed.get(origin) !== undefined;
    // The grant that was to be changed may have effect again: the browser allows it now.
    if (isChange === true) return isGranted;
    const isConnected = isGranted && connected(origin).isActive(origin);
    return (result === 'connected' || result === 'changed') === isConnected;
  };
  return {
    prepare: async (requested) => {
      requireChangeable(requested.origin);
      for (const { sessionId } of requested.sites) accountOf(sessionId);
      await refusedOrigin();
      await pending.put(requested);
      await report({ origin: requested.origin, result: 'waiting' });
      await settle(false);
    },
    settle: () => settle(true),
    cancel: async (origin) => {
      await abandon(origin);
      const stored = await read();
      if (stored?.origin === origin && stored.result === 'waiting') await dismissOutcome();
    },
    popupOpens: async () => {
      if ((await read())?.isSaid === true) await dismissOutcome();
      const origin = await refusedOrigin();
      if (origin !== undefined) await report({ origin, result: 'refused' });
    },
    outcome: async () => {
      const stored = await read();
      if (stored === undefined) return undefined;
      const { isSaid: _, result, ...rest } = stored;
      if (result === 'waiting') return undefined;
      if (!isHolding(stored)) {
        await dismissOutcome();
        return undefined;
      }
      return { ...rest, result };
    },
    markSaid: async () => {
      const stored = await read();
      if (stored !== undefined && stored.isSaid !== true)
        await world.session.write({ [keys.connectOutcome]: { ...stored, isSaid: true } });
    },
    dismissOutcome,
  };
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

/**
 * Stores a grant that the browser allows; resolves to what came of it. The person may have signed out while the prompt was open:
 * without a session nothing is stored, and an earlier grant remains.
 */
async function apply(
  { origin, sites, ...answer }: PendingGrant,
  { sealed, save, accountOf, connected, world, ...session }: Dependencies,
): Promise<'connected' | 'changed' | 'ended'> {
  const isNew = sealed.get(origin) === undefined;
  const grantedAtMs = world.nowMs();
  const isSaved = await save(origin, (before) => {
    const chosen = before?.chosen ?? {};
    const bound = uniqueSites(sites.flatMap((site) => boundIfPossible(site, accountOf)));
    const members = answeredMembers(answer, before, session);
    const grant = { origin, sites: bound, grantedAtMs, chosen, ...members };
    // What is changed while it is paused stays paused.
    return bound.length > 0 ? pausedGrant(grant, before?.isPaused === true) : undefined;
  });
  if (isSaved) {
    if (sealed.get(origin)?.isPaused !== true) await connected(origin).begin(origin, isNew);
    return isNew ? 'connected' : 'changed';
  }
  if (isNew) await connected(origin).release(origin);
  return 'ended';
}
