import type { PageGrant } from '../../extension/core/call/page-grant.ts';
import { fault, toFault, type Fault } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import { reveal, secret } from '../../extension/core/values/secret.ts';
import { parsePageGrant } from '../../extension/storage/parse-stored.ts';
import { keys, prefixes, type StoredGrant } from '../../extension/storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import type { Binding, Vault } from '../secrets/vault.ts';
import type { Repository } from '../storage/repository.ts';

/** The grants that were opened, and their sealed copies on the disk. */
export interface GrantBook {
  get(origin: Origin): PageGrant | undefined;
  list(): readonly PageGrant[];
  /**
   * Stores what becomes of a grant as it is when its turn comes; nothing when that is undefined. Resolves
   * to whether it stands.
   */
  save(
    origin: Origin,
    change: (before: PageGrant | undefined) => PageGrant | undefined,
  ): Promise<boolean>;
  /** Ends a grant at once, and takes it from the disk when its turn comes; `then` runs in the same turn. */
  remove(origin: Origin, then: () => Promise<void>): Promise<void>;
  onEnded(listener: (origin: Origin) => void): void;
  /** Grants that could not be opened this time, because the key store did not; they stay, and give nothing. */
  readonly unreadable: readonly Fault[];
}

/** What the book is written with. */
export interface BookDependencies {
  readonly repository: Repository<Origin, StoredGrant>;
  readonly vault: Vault;
  readonly world: Pick<World, 'keyStore'>;
}

/** Opens the stored grants; a forged, moved or outdated one is left out. */
export async function openGrantBook(dependencies: BookDependencies): Promise<GrantBook> {
  const { repository, world } = dependencies;
  const opened = new Map<Origin, PageGrant>();
  const unreadable: Fault[] = [];
  for (const stored of repository.list()) {
    const grant = await openGrant(stored, dependencies);
    if (grant === 'locked')
      unreadable.push(fault('locked', { subject: keys.grant(stored.origin) }));
    else if (grant === 'unreadable') await repository.quarantine(stored.origin);
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
        // Removed while it was stored: the removal has the next turn and takes the record away again.
        if (opened.get(origin) !== before) return false;
        opened.set(origin, grant);
        return true;
      }),
    remove: (origin, then) => {
      // First of all, so that a call that is being decided finds nothing.
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
  };
}

async function writeGrant(
  grant: PageGrant,
  { repository, vault, world }: BookDependencies,
): Promise<void> {
  const { origin } = grant;
  const name = keys.grant(origin);
  const revision = (await world.keyStore.lowestRevision(name)) + 1;
  const sealed = await vault.encrypt(secret(JSON.stringify(grant)), binding(origin, revision));
  await repository.save({ origin, revision, sealed });
  await world.keyStore.raiseRevision(name, revision);
}

async function openGrant(
  stored: StoredGrant,
  { vault, world }: BookDependencies,
): Promise<PageGrant | 'outdated' | 'unreadable' | 'locked'> {
  try {
    const lowest = await world.keyStore.lowestRevision(keys.grant(stored.origin));
    // An older state that somebody put back: the person has ended or changed it since.
    if (stored.revision < lowest) return 'outdated';
    const text = reveal(
      await vault.decrypt(stored.sealed, binding(stored.origin, stored.revision)),
    );
    const parsed = parsePageGrant(JSON.parse(text));
    return parsed.ok && parsed.value.origin === stored.origin ? parsed.value : 'unreadable';
  } catch (thrown) {
    // Nothing that was not opened is believed; forged, or sealed with a key that is gone, it never will be.
    return isNeverToOpen(thrown) ? 'unreadable' : 'locked';
  }
}

function binding(origin: Origin, revision: number): Binding {
  return { entity: `${prefixes.grant}${origin}`, field: 'grant', generation: revision };
}

/** Whether the key was there: then the text is no JSON, or was not sealed with this key for this place. */
function isNeverToOpen(thrown: unknown): boolean {
  return thrown instanceof SyntaxError || toFault(thrown).code === 'seal_broken';
}
