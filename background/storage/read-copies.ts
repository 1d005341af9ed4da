import type { StorageArea } from '#browser/storage/storage-area.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { AnyKind } from '#storage/entity-kinds.ts';
import { mergeCopies, type Merged } from '#storage/merge-copies.ts';
import { hasVersion, isNewer, migrate, type RawStore } from '#storage/migrations.ts';
import { keys } from '#storage/schema.ts';
import { attempt } from './pending-writes.ts';

/** Both copies as they were read at start: migrated to the current version, and merged. Nothing has been written yet. */
export interface Copies extends Merged {
  readonly local: Copy;
  readonly mirror: Copy;
}

/** One copy as it was read. */
export interface Copy {
  readonly before: RawStore;
  /** The same object as `before` when no migration was necessary. */
  readonly after: RawStore;
  readonly isReadable: boolean;
}

/**
 * Reads both copies.
 * @throws BrokerError `storage_failed` when `local` cannot be read and the mirror holds nothing; the errors of {@link migrate}
 */
export async function readCopies(
  local: StorageArea,
  mirror: StorageArea,
  kinds: readonly AnyKind[],
): Promise<Copies> {
  const [localRead, mirrorRead] = await Promise.all([attempt(local.all()), attempt(mirror.all())]);
  const mirrored = mirrorRead.ok ? mirrorRead.value : {};
  const found = localRead.ok ? localRead.value : await readOneByOne(local, Object.keys(mirrored));
  if (!localRead.ok && found === undefined && !hasVersion(mirrored))
    throw new BrokerError('storage_failed', {}, { cause: localRead.cause });
  const inLocal = found ?? {};
  const removed = removedKeys(inLocal);
  const inMirror = Object.fromEntries(
    Object.entries(mirrored).filter(([key]) => key === keys.schema || !removed.has(key)),
  );
  const copies = {
    local: migrated(withBelievedVersion(inLocal, inMirror), inMirror, found !== undefined),
    mirror: migrated(inMirror, inLocal, mirrorRead.ok),
  };
  return { ...copies, ...mergeCopies(copies.local.after, copies.mirror.after, kinds) };
}

/** Keys that were removed while the mirror was not available. */
export function removedKeys(local: RawStore): Set<string> {
  const listed = local[keys.removed];
  return new Set(Array.isArray(listed) ? listed.filter((key) => typeof key === 'string') : []);
}

/**
 * `storage.local`, without the version of a newer Threelo if the mirror has an older one: a newer Threelo writes its version to
 * the mirror first. In Firefox a content script can write any version to `storage.local`.
 */
function withBelievedVersion(inLocal: RawStore, inMirror: RawStore): RawStore {
  const isBelieved = !isNewer(inLocal) || !hasVersion(inMirror) || isNewer(inMirror);
  const { [keys.schema]: _version, ...rest } = inLocal;
  return isBelieved ? inLocal : rest;
}

/** A copy without a version was emptied, or its version is damaged: it is read as the version of the other copy. */
function migrated(one: RawStore, other: RawStore, isReadable: boolean): Copy {
  const takesVersion = !hasVersion(one) && hasVersion(other);
  const before = takesVersion ? { ...one, [keys.schema]: other[keys.schema] } : one;
  const after = migrate(before);
  return { before: takesVersion ? one : before, after, isReadable };
}

/** One corrupt entry makes Firefox reject a read of the whole area. Undefined when none of the keys can be read. */
async function readOneByOne(
  area: StorageArea,
  names: readonly string[],
): Promise<RawStore | undefined> {
  const found: [string, unknown][] = [];
  for (const name of names) {
    const read = await attempt(area.read(name));
    if (read.ok && read.value !== undefined) found.push([name, read.value]);
  }
  if (found.length === 0) return undefined;
  // The settings have no second copy, so the mirror does not list their key.
  const settings = await attempt(area.read(keys.settings));
  if (settings.ok && settings.value !== undefined) found.push([keys.settings, settings.value]);
  return Object.fromEntries(found);
}
