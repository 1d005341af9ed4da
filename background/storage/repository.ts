import { readEntry, type EntityKind } from '../../extension/storage/entity-kinds.ts';
import { serialQueue, type SerialQueue } from '../platform/serial-queue.ts';
import type { Store } from './store.ts';

/** The entities of one kind. Reading is from memory; a write is stored before it is believed. */
export interface Repository<Id extends string, Entity> {
  get(id: Id): Entity | undefined;
  list(): readonly Entity[];
  /** The entity as another context of the extension may have stored it meanwhile. */
  reread(id: Id): Promise<Entity | undefined>;
  /** All of them or none. */
  save(...entities: readonly Entity[]): Promise<void>;
  /** Stores an entity that is made when its turn comes: nothing else changes meanwhile. */
  create(make: () => Promise<Entity>): Promise<Entity>;
  /**
   * Changes the entity as it is when its turn comes, one change at a time; resolves to what was stored,
   * or undefined when it is gone. Returning the same object writes nothing.
   */
  update(id: Id, change: (entity: Entity) => Entity | Promise<Entity>): Promise<Entity | undefined>;
  /** Makes changes in the write of another repository's {@link Repository.saveWith}, and nothing else meanwhile. */
  updateInSameWrite(
    make: (all: readonly Entity[]) => Promise<readonly Entity[]>,
    write: (changes: BatchedChanges) => Promise<void>,
  ): Promise<void>;
  /** Saves the entity and what another repository changes with it, in one write; both are believed at once. */
  saveWith(entity: Entity, changes: BatchedChanges): Promise<void>;
  remove(ids: readonly Id[]): Promise<void>;
  /** Calls back after an entity was stored in the place of an earlier state of itself. */
  onReplaced(listener: (before: Entity, after: Entity) => void): void;
  /** Calls back after anything was stored or removed. */
  onChanged(listener: () => void): void;
  /** Puts aside an entity that can never be opened again. */
  quarantine(id: Id): Promise<void>;
}

/** Changes of one repository on their way into a write of another. */
export interface BatchedChanges {
  readonly entries: Readonly<Record<string, unknown>>;
  /** To be called when they are stored. */
  commitToMemory(): void;
}

/** Builds a repository over what the store read at start. */
export function createRepository<Id extends string, Entity>(
  store: Store,
  kind: EntityKind<Id, Entity>,
): Repository<Id, Entity> {
  const entities = readAll(store, kind);
  const enqueue = serialQueue();
  const listeners: ((before: Entity, after: Entity) => void)[] = [];
  const watchers: (() => void)[] = [];
  const tellWatchers = (): void => {
    for (const watcher of watchers) watcher();
  };
  const put = (entity: Entity): void => {
    const before = entities.get(kind.idOf(entity));
    entities.set(kind.idOf(entity), entity);
    if (before === undefined) return;
    for (const listener of listeners) listener(before, entity);
  };
  return {
    onReplaced: (listener) => void listeners.push(listener),
    onChanged: (listener) => void watchers.push(listener),
    get: (id) => entities.get(id),
    list: () => [...entities.values()],
    reread: (id) =>
      enqueue(async () => {
        const known = entities.get(id);
        const newer = known && (await newerThan(known, store, kind));
        if (newer !== undefined) put(newer);
        return entities.get(id);
      }),
    ...changes({ store, kind, entities, enqueue, put, tellWatchers }),
    remove: (ids) =>
      enqueue(async () => {
        await store.remove(ids.map((id) => kind.key(id)));
        for (const id of ids) entities.delete(id);
        tellWatchers();
      }),
    quarantine: (id) =>
      enqueue(async () => {
        await store.quarantine(kind.key(id));
        entities.delete(id);
      }),
  };
}

/** A repository at work. */
interface Workings<Id extends string, Entity> {
  readonly store: Store;
  readonly kind: EntityKind<Id, Entity>;
  readonly entities: ReadonlyMap<Id, Entity>;
  readonly enqueue: SerialQueue;
  put(entity: Entity): void;
  tellWatchers(): void;
}

/** Everything that stores entities. */
function changes<Id extends string, Entity>({
  store,
  kind,
  entities,
  enqueue,
  put,
  tellWatchers,
}: Workings<Id, Entity>): Pick<
  Repository<Id, Entity>,
  'save' | 'create' | 'update' | 'updateInSameWrite' | 'saveWith'
> {
  const passengersOf = (changed: readonly Entity[]): BatchedChanges => ({
    entries: Object.fromEntries(changed.map((one) => [kind.key(kind.idOf(one)), one])),
    commitToMemory: () => {
      changed.forEach(put);
    },
  });
  const write = async (changed: readonly Entity[], others?: BatchedChanges): Promise<void> => {
    const own = passengersOf(changed);
    await store.write({ ...own.entries, ...others?.entries }, kind.durableIn);
    own.commitToMemory();
    others?.commitToMemory();
    tellWatchers();
  };
  return {
    save: (...changed) => enqueue(() => write(changed)),
    create: (make) =>
      enqueue(async () => {
        const made = await make();
        await write([made]);
        return made;
      }),
    update: (id, change) =>
      enqueue(async () => {
        const before = entities.get(id);
        if (before === undefined) return undefined;
        const after = await change(before);
        if (after !== before) await write([after]);
        return after;
      }),
    updateInSameWrite: (make, writeAlong) =>
      enqueue(async () => {
        await writeAlong(passengersOf(await make([...entities.values()])));
        tellWatchers();
      }),
    saveWith: (entity, changes) => enqueue(() => write([entity], changes)),
  };
}

async function newerThan<Id extends string, Entity>(
  known: Entity,
  store: Store,
  kind: EntityKind<Id, Entity>,
): Promise<Entity | undefined> {
  const key = kind.key(kind.idOf(known));
  const found = await store.reread(key, (raw) => {
    const read = readEntry(kind, key, raw);
    return read.ok && kind.versionOf(read.value) > kind.versionOf(known);
  });
  const read = readEntry(kind, key, found);
  return read.ok ? read.value : undefined;
}

function readAll<Id extends string, Entity>(
  store: Store,
  kind: EntityKind<Id, Entity>,
): Map<Id, Entity> {
  const entities = new Map<Id, Entity>();
  for (const [key, value] of store.entries(kind.prefix)) {
    const parsed = readEntry(kind, key, value);
    if (parsed.ok) entities.set(kind.idOf(parsed.value), parsed.value);
  }
  return entities;
}
