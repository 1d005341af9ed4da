import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import { BrokerError, fault, type Fault } from '../../extension/core/values/fault.ts';
import { entityKinds, readEntry, type AnyKind } from '../../extension/storage/entity-kinds.ts';
import { problemsOf } from '../../extension/storage/merge-copies.ts';
import type { RawStore } from '../../extension/storage/migrations.ts';
import { keys, prefixes, type DamagedEntry } from '../../extension/storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import { attempt, flush, put, type Side, type State } from './pending-writes.ts';
import { readCopies, type Copies } from './read-copies.ts';
import { repair } from './repair-copies.ts';
import { areaWithTimeout } from './timed-area.ts';

/**
 * Everything that must survive, in two copies: `storage.local`, and the mirror in IndexedDB. A write goes to the mirror
 * first, so that the mirror is never the older one; at start the better copy of each entity repairs the other.
 */
export interface Store {
  /** What is stored under the keys that begin with a prefix, in today's version. */
  entries(prefix: string): readonly (readonly [string, unknown])[];
  /** The entry of the settings as it was at start, which has no second copy; without it, an empty object. */
  readonly settings: RawStore;
  /** What another context of the extension stored under a key meanwhile, if that is newer; undefined else. */
  reread(key: string, isNewer: (raw: unknown) => boolean): Promise<unknown>;
  /** All of them or none. @throws BrokerError `storage_failed` when it did not arrive where it has to */
  write(entries: Readonly<Record<string, unknown>>, durableIn: 'local' | 'either'): Promise<void>;
  /** @throws BrokerError `storage_failed`; nothing is removed then */
  remove(keys: readonly string[]): Promise<void>;
  /** Puts an entry aside that can never be read again; it is told until {@link forget}. */
  quarantine(key: string): Promise<void>;
  /** Whether a copy may still hold something older than what was stored. */
  hasStaleCopy(): boolean;
  /** What the person should know of the store; empty in health. */
  faults(): readonly Fault[];
  /** Deletes damaged entries by their old keys, and the notice of a restoration by `restored`; without keys, all. */
  forget(keys?: readonly string[]): Promise<void>;
}

/**
 * Reads and repairs both copies.
 * @throws BrokerError `storage_failed`, `storage_newer`, `storage_damaged`; nothing is written then
 */
export async function openStore(
  world: Pick<World, 'local' | 'mirror' | 'after'>,
  kinds: readonly AnyKind[] = entityKinds,
): Promise<Store> {
  const enqueue = serialQueue();
  const opened: { state?: State } = {};
  const side = (area: StorageArea): Side => {
    const settled = (): void => {
      void enqueue(() => (opened.state ? flush(made, opened.state) : Promise.resolve()));
    };
    const made: Side = { area: areaWithTimeout(area, world, settled), owed: new Set() };
    return made;
  };
  const [local, mirror] = [side(world.local), side(world.mirror)];
  const copies = await readCopies(local.area, mirror.area, kinds);
  const state: State = {
    ...{ local, mirror },
    current: new Map([...copies.entities, [keys.schema, copies.local.after[keys.schema]]]),
    damaged: damagedEntries(copies, kinds),
    isMirrorDown: !copies.mirror.isReadable,
    isLocalUnread: !copies.local.isReadable,
    isRestored: keys.restored in copies.local.before || copies.restored.length > 0,
  };
  opened.state = state;
  await repair(copies, state);
  const { after } = copies.local;
  return {
    settings: keys.settings in after ? { [keys.settings]: after[keys.settings] } : {},
    entries: (prefix) => [...state.current].filter(([key]) => key.startsWith(prefix)),
    reread: (key, isNewer) =>
      enqueue(async () => {
        // A store that cannot be read has nothing newer.
        const found = await local.area.read(key).catch(() => undefined);
        if (found === undefined || !isNewer(found)) return undefined;
        state.current.set(key, found);
        return found;
      }),
    write: (entries, durableIn) => enqueue(() => write(entries, durableIn, state)),
    remove: (names) => enqueue(() => remove(names, state)),
    quarantine: (key) => enqueue(() => quarantine(key, state)),
    hasStaleCopy: () =>
      state.isMirrorDown || state.isLocalUnread || local.owed.size + mirror.owed.size > 0,
    faults: () => faultsOf(state),
    forget: (names) => enqueue(() => forget(names, state)),
  };
}

async function write(
  entries: Readonly<Record<string, unknown>>,
  durableIn: 'local' | 'either',
  state: State,
): Promise<void> {
  const { local, mirror, current } = state;
  const names = Object.keys(entries);
  const owedBefore = new Set(local.owed);
  const mirrored = await put(mirror, entries);
  const kept = await put(local, entries);
  state.isMirrorDown = mirrored !== true;
  if (kept !== true && (durableIn === 'local' || mirrored !== true)) {
    // What stands is the state before: nobody may find later what was never acknowledged.
    for (const name of names) {
      mirror.owed.add(name);
      if (!owedBefore.has(name) && !mayComeLate(kept)) local.owed.delete(name);
    }
    await flush(mirror, state);
    throw new BrokerError('storage_failed', {}, { cause: kept });
  }
  for (const [key, value] of Object.entries(entries)) current.set(key, value);
  // An old copy is worse than none: it could come back when the other one is lost.
  if (mirrored !== true) await attempt(mirror.area.remove(names));
  else await flush(mirror, state);
  if (kept === true) await flush(local, state);
}

async function remove(names: readonly string[], state: State): Promise<void> {
  const { local, mirror, current } = state;
  const forgotten = await attempt(mirror.area.remove(names));
  state.isMirrorDown = forgotten !== true;
  if (forgotten !== true) {
    const removed = [...mirror.owed].filter((key) => !current.has(key)).concat(names);
    // When not even this can be written, the removal itself is worth more.
    await attempt(local.area.write({ [keys.removed]: removed }));
  }
  const gone = await attempt(local.area.remove(names));
  if (gone !== true || forgotten !== true) for (const name of names) mirror.owed.add(name);
  if (gone !== true) {
    if (mayComeLate(gone)) for (const name of names) local.owed.add(name);
    await flush(mirror, state);
    throw new BrokerError('storage_failed', {}, { cause: gone });
  }
  for (const name of names) {
    current.delete(name);
    local.owed.delete(name);
  }
}

/** Whether it was given up on and not refused. */
function mayComeLate(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}

async function quarantine(key: string, { local, mirror, current, damaged }: State): Promise<void> {
  const value = current.get(key);
  current.delete(key);
  damaged.set(key, { key, problems: [] });
  const kept = await attempt(local.area.write({ [keys.damaged(key)]: value }));
  // Where there is no room to put it aside it stays where it is.
  if (kept !== true) return;
  await attempt(mirror.area.remove([key]));
  await attempt(local.area.remove([key]));
}

async function forget(names: readonly string[] | undefined, state: State): Promise<void> {
  const { local, mirror, damaged } = state;
  const wanted = [...damaged.keys()].filter((key) => names?.includes(key) ?? true);
  const isNotice = names?.includes(keys.restored) ?? true;
  // The old key too: there had been no room to move it. An entity that has taken its place since stays.
  const original = wanted.filter((key) => !state.current.has(key));
  await attempt(mirror.area.remove(original));
  const gone = [...wanted.map(keys.damaged), ...original, ...(isNotice ? [keys.restored] : [])];
  const removed = await attempt(local.area.remove(gone));
  if (removed !== true) throw new BrokerError('storage_failed', {}, { cause: removed });
  for (const key of wanted) damaged.delete(key);
  if (isNotice) state.isRestored = false;
}

function faultsOf({ local, damaged, ...state }: State): Fault[] {
  const failed = (subject: string): Fault => fault('storage_failed', { subject });
  return [
    ...[...damaged.values()].map(({ key, problems }) =>
      fault('storage_damaged', { subject: key, fields: problems }),
    ),
    ...(state.isRestored ? [fault('storage_restored')] : []),
    ...[...local.owed].map(failed),
    ...(state.isLocalUnread ? [failed('storage.local')] : []),
    ...(state.isMirrorDown ? [failed('IndexedDB')] : []),
  ];
}

/** What was put aside earlier, and what has to be now. */
function damagedEntries(
  { local, damaged }: Copies,
  kinds: readonly AnyKind[],
): Map<string, DamagedEntry> {
  const found = new Map<string, DamagedEntry>();
  for (const [name, value] of Object.entries(local.before)) {
    if (!name.startsWith(prefixes.damaged)) continue;
    const key = name.slice(prefixes.damaged.length);
    const kind = kinds.find(({ prefix }) => key.startsWith(prefix));
    const read = kind && readEntry(kind, key, value);
    found.set(key, { key, problems: problemsOf(read?.ok === false ? read.wrong : []) });
  }
  for (const { key, problems } of damaged) found.set(key, { key, problems });
  return found;
}
