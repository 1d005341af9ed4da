import { boundSite, type PageGrant } from '#core/grant/page-grant.ts';
import type { Account, SessionId } from '#core/session/session.ts';
import { BrokerError, fault, toFault, type Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { reveal, secret } from '#core/values/secret.ts';
import { parsePageGrant } from '#storage/parse-stored.ts';
import { keys, prefixes, type DecryptedGrant, type StoredGrant } from '#storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import { boundFormat, type Binding, type Vault } from '../secrets/vault.ts';
import type { BatchedChanges, Repository } from '../storage/repository.ts';

/** The decrypted grants in memory, and their encrypted copies in storage. */
export interface SealedGrants {
  get(origin: Origin): PageGrant | undefined;
  list(): readonly PageGrant[];
  /**
   * Changes a grant and stores it, after earlier changes; stores nothing when `change` returns undefined. Resolves to
   * false when nothing was stored or the grant was removed meanwhile.
   */
  save(
    origin: Origin,
    change: (before: PageGrant | undefined) => PageGrant | undefined,
  ): Promise<boolean>;
  /** Stores grants, after earlier changes, in the write of another service. */
  saveInSameWrite(
    grants: readonly PageGrant[],
    write: (changes: BatchedChanges) => Promise<void>,
  ): Promise<void>;
  /** Ends a grant at once; removes it from storage after earlier changes, then runs `then` before later ones. */
  remove(origin: Origin, then: () => Promise<void>): Promise<void>;
  /**
   * Stores the grants that an earlier version did not bind to accounts.
   * @throws BrokerError `storage_failed`; `locked` when a grant could not be decrypted at this start: it may be one of them
   */
  bindOld(): Promise<void>;
  readonly onEnded: (listener: (origin: Origin) => void) => void;
  /** Grants that could not be decrypted because the key store failed. They stay stored and allow nothing. */
  readonly unreadable: readonly Fault[];
  /** Whose grant ended with an earlier browser session. They allow nothing, and stay stored until they are removed. */
  readonly ended: readonly Origin[];
  /** Removes the record of one of {@link ended}. Put back, it is one of them again. */
  removeEnded(origin: Origin): Promise<void>;
}

export interface SealingDependencies {
  readonly repository: Repository<Origin, StoredGrant>;
  readonly vault: Vault;
  /** The account of a session. @throws BrokerError `not_found` when the session does not exist or its account is unknown */
  readonly accountOf: (id: SessionId) => Account;
  /** The id of the browser session. */
  readonly browserSession: string;
  readonly world: Pick<World, 'keyStore'>;
}

/**
 * Decrypts the stored grants, without those that were forged, moved to another origin or replaced by an older state, and those of
 * an earlier browser session.
 */
export async function openSealedGrants(dependencies: SealingDependencies): Promise<SealedGrants> {
  const { repository, world } = dependencies;
  const opened = new Map<Origin, PageGrant>();
  const unreadable: Fault[] = [];
  const ended: Origin[] = [];
  const unbound = new Set<Origin>();
  // A browser with many connected pages waits for the key store once, not for each.
  const found = repository.list().map(async (stored) => ({
    stored,
    grant: await openGrant(stored, unbound, dependencies),
  }));
  for (const { stored, grant } of await Promise.all(found)) {
    if (grant === 'locked') unreadable.push(lockedFault(stored.origin));
    else if (grant === 'unreadable') await repository.quarantine(stored.origin);
    else if (grant === 'ended') ended.push(stored.origin);
    else if (grant !== 'outdated') opened.set(stored.origin, grant);
  }
  const listeners: ((origin: Origin) => void)[] = [];
  const enqueue = serialQueue();
  const end = (origin: Origin): void => {
    opened.delete(origin);
    for (const listener of listeners) listener(origin);
  };
  return {
    get: (origin) => opened.get(origin),
    list: () => [...opened.values()],
    save: (origin, change) =>
      enqueue(async () => {
        const before = opened.get(origin);
        const grant = change(before);
        if (grant === undefined) return false;
        await writeGrant(grant, dependencies);
        // Removed while it was stored: the removal runs next and deletes the record again.
        if (opened.get(origin) !== before) return false;
        opened.set(origin, grant);
        return true;
      }),
    saveInSameWrite: (grants, write) =>
      enqueue(async () => {
        const before = grants.map(({ origin }) => opened.get(origin));
        const records = await Promise.all(grants.map((one) => newRecord(one, dependencies)));
        await repository.updateInSameWrite(() => Promise.resolve(records), write);
        for (const [at, grant] of grants.entries()) {
          const { origin, revision } = records[at] ?? { origin: grant.origin, revision: 0 };
          // As in `save`.
          if (opened.get(origin) === before[at]) opened.set(origin, grant);
          // After a failure the next start does it.
          await world.keyStore.raiseRevision(keys.grant(origin), revision).catch(() => undefined);
        }
      }),
    bindOld: () =>
      enqueue(async () => {
        if (unreadable.length > 0) throw new BrokerError('locked');
        const old = [...unbound].flatMap((origin) => opened.get(origin) ?? []);
        // Under the same revision: the earlier record is refused because it names no account.
        const records = old.map(async (grant) =>
          sealGrant(grant, repository.get(grant.origin)?.revision ?? 0, dependencies.vault),
        );
        if (old.length > 0) await repository.save(...(await Promise.all(records)));
        unbound.clear();
      }),
    remove: (origin, then) => {
      // Before anything is awaited, so that a call that is being authorized finds no grant.
      end(origin);
      return enqueue(async () => {
        end(origin);
        const name = keys.grant(origin);
        const lowest = await world.keyStore.lowestRevision(name);
        const next = (repository.get(origin)?.revision ?? 0) + 1;
        await world.keyStore.raiseRevision(name, Math.max(lowest, next));
        await repository.remove([origin]);
        await then();
      });
    },
    onEnded: (listener) => void listeners.push(listener),
    unreadable,
    ended,
    removeEnded: (origin) =>
      enqueue(async () => {
        if (!opened.has(origin)) await repository.remove([origin]);
      }),
  };
}

function lockedFault(origin: Origin): Fault {
  return fault('locked', {
    subject: keys.grant(origin),
    things: [{ kind: 'connection', name: origin }],
  });
}

async function writeGrant(grant: PageGrant, dependencies: SealingDependencies): Promise<void> {
  const { repository, world } = dependencies;
  const record = await newRecord(grant, dependencies);
  await repository.save(record);
  await world.keyStore.raiseRevision(keys.grant(grant.origin), record.revision);
}

/** The record of a grant that replaces the stored one. */
async function newRecord(
  grant: PageGrant,
  { vault, world }: SealingDependencies,
): Promise<StoredGrant> {
  const lowest = await world.keyStore.lowestRevision(keys.grant(grant.origin));
  return sealGrant(grant, lowest + 1, vault);
}

async function sealGrant(grant: PageGrant, revision: number, vault: Vault): Promise<StoredGrant> {
  const { origin } = grant;
  const sealed = await vault.encrypt(secret(JSON.stringify(grant)), binding(origin, revision));
  return { origin, revision, sealed };
}

async function openGrant(
  stored: StoredGrant,
  unbound: Set<Origin>,
  { vault, world, accountOf, browserSession }: SealingDependencies,
): Promise<PageGrant | 'outdated' | 'ended' | 'unreadable' | 'locked'> {
  try {
    const lowest = await world.keyStore.lowestRevision(keys.grant(stored.origin));
    // An older state was written back: the person has ended or changed the grant since.
    if (stored.revision < lowest) return 'outdated';
    const text = reveal(
      await vault.decrypt(stored.sealed, binding(stored.origin, stored.revision)),
    );
    const parsed = parsePageGrant(JSON.parse(text));
    if (!parsed.ok || parsed.value.origin !== stored.origin) return 'unreadable';
    const grant = parsed.value;
    // The worker stopped after it had stored this state. Until the next change an older one would be accepted beside it.
    if (stored.revision > lowest)
      await world.keyStore
        .raiseRevision(keys.grant(stored.origin), stored.revision)
        .catch(() => undefined);
    if ((grant.browserSession ?? browserSession) !== browserSession) return 'ended';
    if (isBound(grant)) return grant;
    const { name: format, revision } = boundFormat;
    // Every grant was bound to accounts. This one was put back.
    if ((await world.keyStore.lowestRevision(format)) >= revision) return 'outdated';
    unbound.add(grant.origin);
    const sites = grant.sites.map((site) =>
      boundSite(site, accountOrNone(site.sessionId, accountOf)),
    );
    return { ...grant, sites };
  } catch (thrown) {
    // A grant that cannot be decrypted allows nothing. After a failure of the key store, the next start tries again.
    return isPermanent(thrown) ? 'unreadable' : 'locked';
  }
}

function isBound(grant: DecryptedGrant): grant is PageGrant {
  return grant.sites.every(({ account }) => account !== undefined);
}

function accountOrNone(id: SessionId, accountOf: SealingDependencies['accountOf']): Account {
  try {
    return accountOf(id);
  } catch {
    return {};
  }
}

function binding(origin: Origin, revision: number): Binding {
  return { entity: `${prefixes.grant}${origin}`, field: 'grant', generation: revision };
}

/** Whether decryption failed although the key was available: the entry is forged, moved, or encrypted with a lost key. */
function isPermanent(thrown: unknown): boolean {
  return thrown instanceof SyntaxError || toFault(thrown).code === 'seal_broken';
}
