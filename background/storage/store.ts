import type { StorageArea } from '#browser/storage/storage-area.ts';
import { BrokerError, fault, type Fault, type StoredThing } from '#core/values/fault.ts';
import { entityKinds, readEntry, type AnyKind } from '#storage/entity-kinds.ts';
import { problemsOf } from '#storage/merge-copies.ts';
import type { RawStore } from '#storage/migrations.ts';
import { keys, prefixes } from '#storage/schema.ts';
import { storedThing } from '#storage/stored-thing.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { World } from '../platform/world.ts';
import {
  attempt,
  flush,
  put,
  type CopyState,
  type DamagedValue,
  type State,
} from './pending-writes.ts';
import { readCopies, type Copies } from './read-copies.ts';
import { repair } from './repair-copies.ts';
import { areaWithTimeout } from './timed-area.ts';

/**
 * Everything that must be durable, in two copies: `storage.local`, and the mirror in IndexedDB. A write goes to the mirror
 * first, so that the mirror is never the older copy. At start, the better copy of each entity repairs the other one.
 */
export interface Store {
  /** The entries whose key begins with a prefix, migrated to the current version. */
  entries(prefix: string): readonly (readonly [string, unknown])[];
  /** The entry of the settings as it was at start; an empty object without one. It has no second copy. */
  readonly settings: RawStore;
  /** The entries of denied questions as they were at start. They have no second copy. */
  readonly denials: RawStore;
  /**
   * Reads a key again from both copies, in case another context of the extension has stored a newer entry; one that ended
   * between its two writes has stored it in the mirror alone. `newest` gets what could be read, and returns the newer entry or
   * undefined.
   */
  reread<T>(
    key: string,
    newest: (found: readonly unknown[]) => T | undefined,
  ): Promise<T | undefined>;
  /** Writes all entries or none. @throws BrokerError `storage_failed` when the copy that `durableIn` requires has failed */
  write(entries: Readonly<Record<string, unknown>>, durableIn: 'local' | 'either'): Promise<void>;
  /**
   * Writes all entries or none, wherever the worker is killed: first to `storage.local`, whose one write is committed as a
   * whole, then to the mirror. Of two copies a start uses the newer one.
   * @param single - entries without a second copy, with the values before, which are put back after a write that timed out
   * @throws BrokerError `storage_failed`
   */
  writeWhole(
    entries: Readonly<Record<string, unknown>>,
    single: readonly { readonly key: string; readonly before: unknown; readonly after: unknown }[],
  ): Promise<void>;
  /** Removes all or none. @throws BrokerError `storage_failed` */
  remove(keys: readonly string[]): Promise<void>;
  /** Moves an entry that cannot be read to a `damaged:` key. It is reported as a fault until {@link forget}. */
  quarantine(key: string): Promise<void>;
  /** Whether a copy may hold an entry that is older than the acknowledged one. */
  hasStaleCopy(): boolean;
  /** What the user should know about the store; empty when it works. */
  faults(): readonly Fault[];
  /** Deletes damaged entries by their original keys, and the notice of a restoration by `restored`; without keys, all. */
  forget(keys?: readonly string[]): Promise<void>;
}

type OpenedWorld = Pick<World, 'local' | 'mirror' | 'after' | 'lock'> & {
  /** Nothing is written before it resolves: until then content scripts may read `storage.local`. */
  readonly closed?: Promise<void>;
};

/**
 * Reads and repairs both copies.
 * @throws BrokerError `storage_failed`, `storage_newer`, `storage_damaged`; then nothing is written
 */
export async function openStore(
  world: OpenedWorld,
  kinds: readonly AnyKind[] = entityKinds,
): Promise<Store> {
  const enqueue = serialQueue();
  const opened: { state?: State } = {};
  const copyOf = (area: StorageArea): CopyState => {
    const settled = (): void => {
      void enqueue(() => (opened.state ? flush(copy, opened.state) : Promise.resolve()));
    };
    const copy = { area: areaWithTimeout(area, world, settled), dirtyKeys: new Set<string>() };
    return copy;
  };
  const [local, mirror] = [copyOf(world.local), copyOf(world.mirror)];
  const read = (): Promise<Copies> => readCopies(local.area, mirror.area, kinds);
  const begin = async (copies: Copies): Promise<readonly [State, RawStore]> => {
    const state = stateOf(copies, { local, mirror }, kinds);
    opened.state = state;
    await world.closed;
    await repair(copies, state);
    return [state, copies.local.after];
  };
  const copies = await read();
  // A migration writes every entry. It must not write what it read over what another worker has stored since.
  const [state, after] = isMigrated(copies)
    ? await world.lock('migration', async () => begin(await read()))
    : await begin(copies);
  return {
    settings: keys.settings in after ? { [keys.settings]: after[keys.settings] } : {},
    denials: Object.fromEntries(
      Object.entries(after).filter(([key]) => key.startsWith(prefixes.denials)),
    ),
    entries: (prefix) => [...state.current].filter(([key]) => key.startsWith(prefix)),
    reread: (key, newest) =>
      enqueue(async () => {
        // An entry that cannot be read is not newer.
        const read = ({ area }: CopyState) => area.read(key).catch(() => undefined);
        const found = newest(await Promise.all([read(local), read(mirror)]));
        if (found !== undefined) state.current.set(key, found);
        return found;
      }),
    write: (entries, durableIn) => enqueue(() => write(entries, durableIn, state)),
    writeWhole: (entries, single) => enqueue(() => writeWhole(entries, single, state)),
    remove: (names) => enqueue(() => remove(names, state)),
    quarantine: (key) => enqueue(() => quarantine(key, state)),
    hasStaleCopy: () =>
      state.isMirrorDown || state.isLocalUnread || local.dirtyKeys.size + mirror.dirtyKeys.size > 0,
    faults: () => faultsOf(state),
    forget: (names) => enqueue(() => forget(names, state)),
  };
}

/** Whether a copy was read from an older version, or is new. */
function isMigrated({ local, mirror }: Copies): boolean {
  return local.before !== local.after || mirror.before !== mirror.after;
}

function stateOf(
  copies: Copies,
  areas: Pick<State, 'local' | 'mirror'>,
  kinds: readonly AnyKind[],
): State {
  return {
    ...areas,
    current: new Map([...copies.entities, [keys.schema, copies.local.after[keys.schema]]]),
    damaged: damagedEntries(copies, kinds),
    isMirrorDown: !copies.mirror.isReadable,
    isLocalUnread: !copies.local.isReadable,
    isRestored: keys.restored in copies.local.before || copies.restored.length > 0,
    restored: new Set([...restoredBefore(copies.local.before), ...copies.restored]),
  };
}

async function write(
  entries: Readonly<Record<string, unknown>>,
  durableIn: 'local' | 'either',
  state: State,
): Promise<void> {
  const { local, mirror, current } = state;
  const names = Object.keys(entries);
  const dirtyBefore = new Set(local.dirtyKeys);
  const inMirror = await put(mirror, entries);
  const inLocal = await put(local, entries);
  state.isMirrorDown = !inMirror.ok;
  if (!inLocal.ok && (durableIn === 'local' || !inMirror.ok)) {
    // The write failed: the mirror gets the values before it, so that no later start reads one that was not acknowledged.
    for (const name of names) {
      mirror.dirtyKeys.add(name);
      if (!dirtyBefore.has(name) && !hasTimedOut(inLocal.cause)) local.dirtyKeys.delete(name);
    }
    await flush(mirror, state);
    throw new BrokerError('storage_failed', {}, { cause: inLocal.cause });
  }
  for (const [key, value] of Object.entries(entries)) current.set(key, value);
  // A stale entry is worse than none: it would be restored if the other copy were lost.
  if (!inMirror.ok) await attempt(mirror.area.remove(names));
  else await flush(mirror, state);
  if (inLocal.ok) await flush(local, state);
}

async function writeWhole(
  entries: Readonly<Record<string, unknown>>,
  single: Parameters<Store['writeWhole']>[1],
  state: State,
): Promise<void> {
  const { local, mirror, current } = state;
  const names = Object.keys(entries);
  const dirtyBefore = new Set(local.dirtyKeys);
  const all = { ...entries, ...Object.fromEntries(single.map(({ key, after }) => [key, after])) };
  const inLocal = await put(local, all);
  if (!inLocal.ok) {
    const isLate = hasTimedOut(inLocal.cause);
    if (isLate) putBack(single, state);
    const known = Object.keys(all).filter((key) => !dirtyBefore.has(key));
    for (const key of known) if (!isLate) local.dirtyKeys.delete(key);
    throw new BrokerError('storage_failed', {}, { cause: inLocal.cause });
  }
  const inMirror = await put(mirror, entries);
  state.isMirrorDown = !inMirror.ok;
  for (const name of names) current.set(name, entries[name]);
  // As in `write`.
  if (!inMirror.ok) await attempt(mirror.area.remove(names));
  else await flush(mirror, state);
  await flush(local, state);
}

/** Makes the values before a write those that are to be stored; a key without one is to be removed. */
function putBack(single: Parameters<Store['writeWhole']>[1], { current }: State): void {
  for (const { key, before } of single) {
    if (before === undefined) current.delete(key);
    else current.set(key, before);
  }
}

async function remove(names: readonly string[], state: State): Promise<void> {
  const { local, mirror, current } = state;
  const inMirror = await attempt(mirror.area.remove(names));
  state.isMirrorDown = !inMirror.ok;
  if (!inMirror.ok) {
    const removed = [...mirror.dirtyKeys].filter((key) => !current.has(key)).concat(names);
    // The removal continues even if this cannot be written.
    await attempt(local.area.write({ [keys.removed]: removed }));
  }
  const inLocal = await attempt(local.area.remove(names));
  if (!inLocal.ok || !inMirror.ok) for (const name of names) mirror.dirtyKeys.add(name);
  if (!inLocal.ok) {
    if (hasTimedOut(inLocal.cause)) for (const name of names) local.dirtyKeys.add(name);
    await flush(mirror, state);
    throw new BrokerError('storage_failed', {}, { cause: inLocal.cause });
  }
  for (const name of names) {
    current.delete(name);
    local.dirtyKeys.delete(name);
  }
}

/** Whether the operation timed out. Then it may still take effect later. */
function hasTimedOut(cause: unknown): boolean {
  return cause instanceof DOMException && cause.name === 'TimeoutError';
}

async function quarantine(key: string, { local, mirror, current, damaged }: State): Promise<void> {
  const value = current.get(key);
  current.delete(key);
  damaged.set(key, { key, problems: [], value });
  const result = await attempt(local.area.write({ [keys.damaged(key)]: value }));
  // If the storage is full, the entry stays where it is.
  if (!result.ok) return;
  await attempt(mirror.area.remove([key]));
  await attempt(local.area.remove([key]));
}

async function forget(selected: readonly string[] | undefined, state: State): Promise<void> {
  const { local, mirror, damaged } = state;
  const wanted = [...damaged.keys()].filter((key) => selected?.includes(key) ?? true);
  const isNotice = selected?.includes(keys.restored) ?? true;
  // The original key too, in case the entry could not be moved. A newer entity under that key stays.
  const original = wanted.filter((key) => !state.current.has(key));
  await attempt(mirror.area.remove(original));
  const names = [...wanted.map(keys.damaged), ...original, ...(isNotice ? [keys.restored] : [])];
  const result = await attempt(local.area.remove(names));
  if (!result.ok) throw new BrokerError('storage_failed', {}, { cause: result.cause });
  for (const key of wanted) damaged.delete(key);
  if (isNotice) state.isRestored = false;
}

function faultsOf({ local, damaged, current, ...state }: State): Fault[] {
  const failed = (subject: string, thing: StoredThing): Fault =>
    fault('storage_failed', { subject, things: [thing] });
  const thingAt = (key: string): StoredThing => storedThing(key, current.get(key), current);
  return [
    ...[...damaged.values()].map(({ key, problems, value }) =>
      fault('storage_damaged', {
        subject: key,
        fields: problems,
        things: [storedThing(key, value, current)],
      }),
    ),
    ...(state.isRestored
      ? [fault('storage_restored', { things: [...state.restored].map(thingAt) })]
      : []),
    ...[...local.dirtyKeys].map((key) => failed(key, thingAt(key))),
    ...(state.isLocalUnread ? [failed('storage.local', { kind: 'local' })] : []),
    ...(state.isMirrorDown ? [failed('IndexedDB', { kind: 'mirror' })] : []),
  ];
}

/** The keys that an earlier start restored. */
function restoredBefore(local: RawStore): string[] {
  const listed = local[keys.restored];
  return Array.isArray(listed) ? listed.filter((key) => typeof key === 'string') : [];
}

/** The entries that were quarantined earlier, and the damaged ones that were read now. */
function damagedEntries(
  { local, damaged }: Copies,
  kinds: readonly AnyKind[],
): Map<string, DamagedValue> {
  const found = new Map<string, DamagedValue>();
  for (const [name, value] of Object.entries(local.before)) {
    if (!name.startsWith(prefixes.damaged)) continue;
    const key = name.slice(prefixes.damaged.length);
    const kind = kinds.find(({ prefix }) => key.startsWith(prefix));
    const read = kind && readEntry(kind, key, value);
    found.set(key, { key, problems: problemsOf(read?.ok === false ? read.wrong : []), value });
  }
  for (const one of damaged) found.set(one.key, one);
  return found;
}
