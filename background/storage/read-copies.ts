import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { AnyKind } from '../../extension/storage/entity-kinds.ts';
import { mergeCopies, type Merged } from '../../extension/storage/merge-copies.ts';
import { hasVersion, migrate, type RawStore } from '../../extension/storage/migrations.ts';
import { keys } from '../../extension/storage/schema.ts';

/** What both copies held at start, in today's version and merged; nothing has been written yet. */
export interface Copies extends Merged {
  readonly local: Copy;
  readonly mirror: Copy;
}

/** One copy as it was read. */
export interface Copy {
  readonly before: RawStore;
  /** The same object as `before` when no migration was due. */
  readonly after: RawStore;
  readonly isReadable: boolean;
}

/**
 * Reads both copies.
 * @throws BrokerError `storage_failed` when `local` cannot be read and the mirror holds nothing; what {@link migrate} throws
 */
export async function readCopies(
  local: StorageArea,
  mirror: StorageArea,
  kinds: readonly AnyKind[],
): Promise<Copies> {
  const [first, second] = await Promise.all([attempt(local.all()), attempt(mirror.all())]);
  const stored = second.value ?? {};
  const found = first.value ?? (await readOneByOne(local, Object.keys(stored)));
  if (found === undefined && !hasVersion(stored))
    throw new BrokerError('storage_failed', {}, { cause: first.cause });
  const ours = found ?? {};
  const removed = removedKeys(ours);
  const theirs = Object.fromEntries(Object.entries(stored).filter(([key]) => !removed.has(key)));
  const copies = {
    local: migrated(ours, theirs, found !== undefined),
    mirror: migrated(theirs, ours, second.value !== undefined),
  };
  return { ...copies, ...mergeCopies(copies.local.after, copies.mirror.after, kinds) };
}

/** Keys that were removed while the mirror did not listen. */
export function removedKeys(local: RawStore): Set<string> {
  const listed = local[keys.removed];
  return new Set(Array.isArray(listed) ? listed.filter((key) => typeof key === 'string') : []);
}

/** A copy without a version of its own goes by the other's: it was emptied, or its version was damaged. */
function migrated(one: RawStore, other: RawStore, isReadable: boolean): Copy {
  const isAdopted = !hasVersion(one) && hasVersion(other);
  const before = isAdopted ? { ...one, [keys.schema]: other[keys.schema] } : one;
  const after = migrate(before);
  return { before: isAdopted ? one : before, after, isReadable };
}

/** One rotten entry makes Firefox refuse to read them all. Undefined when not a single one of the names can be read. */
async function readOneByOne(
  area: StorageArea,
  names: readonly string[],
): Promise<RawStore | undefined> {
  const found: [string, unknown][] = [];
  for (const name of names) {
    const { value, cause } = await attempt(area.read(name));
    if (cause === undefined && value !== undefined) found.push([name, value]);
  }
  if (found.length === 0) return undefined;
  // They have no second copy that would name them.
  const settings = await attempt(area.read(keys.settings));
  if (settings.value !== undefined) found.push([keys.settings, settings.value]);
  return Object.fromEntries(found);
}

async function attempt<T>(work: Promise<T>): Promise<{ value?: T; cause?: unknown }> {
  try {
    return { value: await work };
  } catch (cause) {
    return { cause };
  }
}
