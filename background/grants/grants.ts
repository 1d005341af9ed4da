import {
  uniqueSites,
  withoutSessions,
  type PageGrant,
} from '../../extension/core/call/page-grant.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import { BrokerError, type Fault } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import type { World } from '../platform/world.ts';
import { pendingGrants, type PendingGrants, type WantedGrant } from './pending-grants.ts';
import { openGrantBook, type BookDependencies, type GrantBook } from './sealed-grants.ts';

/** Which pages may call, and what. */
export interface Grants {
  /** The grant of an origin as it stands at this moment. */
  of(origin: Origin): PageGrant | undefined;
  list(): readonly PageGrant[];
  /** Takes effect at once when the browser grants the origin, else on {@link settlePending}. */
  prepare(wanted: WantedGrant): Promise<void>;
  /** After the person answered the browser's prompt: makes those grants real, and wakes those, whose host is allowed now. */
  settlePending(): Promise<void>;
  change(origin: Origin, change: (grant: PageGrant) => PageGrant): Promise<void>;
  /** Ends the connection; calls in flight are ended by {@link onEnded}. */
  remove(origins: readonly Origin[]): Promise<void>;
  /** After the person withdrew hosts in the browser: ends the grants that lost theirs. */
  dropWithdrawn(): Promise<void>;
  /**
   * At each start: makes sure of the injection. A grant whose host the browser withholds then sleeps and
   * is not removed, for a browser that was killed may have forgotten what the person allowed.
   */
  restore(): Promise<void>;
  /** Takes sessions that ended out of every grant. */
  dropSessions(isGone: (id: SessionId) => boolean): Promise<void>;
  /** Tells the pages that use a session that its sites or its status changed. */
  tellSession(id: SessionId): Promise<void>;
  onEnded(listener: (origin: Origin) => void): void;
  /** Grants that could not be opened this time. */
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
>;

interface Dependencies extends BookDependencies {
  /** Origins that are needed for something else than a page: the hosts of clients. */
  readonly needed: () => readonly Origin[];
  readonly world: GrantWorld;
}

/** See {@link Grants}. */
export async function createGrants(dependencies: Dependencies): Promise<Grants> {
  const { needed, world } = dependencies;
  const book = await openGrantBook(dependencies);
  const pending = pendingGrants(world.session, world.nowMs);
  const asleep = new Set<Origin>();
  book.onEnded((origin) => asleep.delete(origin));
  const save: GrantBook['save'] = async (origin, change) => {
    const isSaved = await book.save(origin, change);
    if (isSaved) asleep.delete(origin);
    if (isSaved) world.notifyExtensionPages();
    return isSaved;
  };
  const change: Grants['change'] = async (origin, changeOne) => {
    const isSaved = await save(origin, (before) => before && changeOne(before));
    if (!isSaved) throw new BrokerError('not_connected');
    await world.notifyPages(origin, 'grant.changed');
  };
  const remove: Grants['remove'] = async (origins) => {
    for (const origin of origins)
      await book.remove(origin, () => leave(origin, { book, needed }, world));
    world.notifyExtensionPages();
  };
  const settle = (): Promise<void> =>
    settlePending(pending, (wanted) => commit(wanted, book, save, world), world);
  const restore = async (): Promise<void> => {
    await wake(book.list(), asleep, world);
    world.notifyExtensionPages();
  };
  return {
    of: (origin) => (asleep.has(origin) ? undefined : book.get(origin)),
    list: () => book.list(),
    prepare: async (wanted) => {
      await pending.put(wanted);
      await settle();
    },
    settlePending: async () => {
      await settle();
      if (asleep.size > 0) await restore();
    },
    change,
    remove,
    dropWithdrawn: async () => {
      const awake = book.list().filter(({ origin }) => !asleep.has(origin));
      const allowed = await Promise.all(awake.map(({ origin }) => isAllowed(origin, world)));
      await remove(awake.filter((_, at) => !allowed[at]).map(({ origin }) => origin));
    },
    restore,
    dropSessions: (isGone) => dropSessions(isGone, book, { change, remove }),
    tellSession: (id) => tellSession(id, book, world),
    unreadable: book.unreadable,
    onEnded: (listener) => {
      book.onEnded(listener);
    },
  };
}

async function dropSessions(
  isGone: (id: SessionId) => boolean,
  book: GrantBook,
  { change, remove }: Pick<Grants, 'change' | 'remove'>,
): Promise<void> {
  for (const grant of book.list()) {
    const left = withoutSessions(grant, isGone);
    if (left === undefined) await remove([grant.origin]);
    else if (left !== grant)
      await change(grant.origin, (before) => withoutSessions(before, isGone) ?? before);
  }
}

async function tellSession(id: SessionId, book: GrantBook, world: GrantWorld): Promise<void> {
  const using = book.list().filter(({ sites }) => sites.some(({ sessionId }) => sessionId === id));
  for (const { origin } of using) await world.notifyPages(origin, 'grant.changed');
}

function isAllowed(origin: Origin, { permissions }: GrantWorld): Promise<boolean> {
  return permissions.has([permissions.patternOf(origin)]);
}

/** Makes a grant that the browser allows now. */
async function commit(
  { origin, sites, access }: WantedGrant,
  book: GrantBook,
  save: GrantBook['save'],
  world: GrantWorld,
): Promise<void> {
  const isNew = book.get(origin) === undefined;
  const grantedAtMs = world.nowMs();
  await save(origin, (before) => {
    const chosen = before?.chosen ?? {};
    return { origin, sites: uniqueSites(sites), access, grantedAtMs, chosen };
  });
  await world.pages.inject(origin);
  if (!isNew) await world.notifyPages(origin, 'grant.changed');
}

/** What is left to do in the browser when a grant has ended. */
async function leave(
  origin: Origin,
  { book, needed }: Pick<Dependencies, 'needed'> & { readonly book: GrantBook },
  world: GrantWorld,
): Promise<void> {
  await world.pages.stopInjecting(origin);
  await world.notifyPages(origin, 'grant.ended');
  const others = book.list().map((grant) => grant.origin);
  await giveHostBack(origin, [...others, ...needed()], world);
}

/** Injects where the browser allows it, and puts the other grants to sleep. */
async function wake(
  grants: readonly PageGrant[],
  asleep: Set<Origin>,
  world: GrantWorld,
): Promise<void> {
  for (const { origin } of grants) {
    if (await isAllowed(origin, world)) {
      asleep.delete(origin);
      await world.pages.keepInjecting(origin);
    } else {
      asleep.add(origin);
    }
  }
}

async function settlePending(
  pending: PendingGrants,
  commit: (wanted: WantedGrant) => Promise<void>,
  world: GrantWorld,
): Promise<void> {
  for (const wanted of await pending.list(world.nowMs())) {
    if (!(await isAllowed(wanted.origin, world))) continue;
    if (await pending.take(wanted.origin)) await commit(wanted);
  }
}

/** Gives the host permission back, unless another connected origin shares the pattern. */
async function giveHostBack(
  origin: Origin,
  others: readonly Origin[],
  { permissions }: GrantWorld,
): Promise<void> {
  const pattern = permissions.patternOf(origin);
  const isShared = others.some((other) => permissions.patternOf(other) === pattern);
  // Rejects where an administrator's policy grants the host, which is not ours to take.
  if (!isShared) await permissions.remove([pattern]).catch(() => false);
}
