import { serialQueue, type SerialQueue } from '../platform/serial-queue.ts';
import type { EntityLayout } from './entity-layout.ts';
import type { Store } from './store.ts';

/** The entities of one kind. Reads are from memory. A change is stored first, then committed to memory. */
export interface Repository<Id extends string, Entity> {
  get(id: Id): Entity | undefined;
  list(): readonly Entity[];
  /** Reads the entity again, in case another context of the extension has stored a newer one. */
  reread(id: Id): Promise<Entity | undefined>;
  /** Saves all entities or none. @throws BrokerError `storage_failed`, as each method that writes */
  save(...entities: readonly Entity[]): Promise<void>;
  /** Saves the entity that `make` returns. `make` runs in the queue: no other change happens meanwhile. */
  create(make: () => Promise<Entity>): Promise<Entity>;
  /**
   * Changes one entity. `change` runs in the queue, with the entity as it is then; if it returns the same object, nothing
   * is written. Resolves to the stored entity, or to undefined when it does not exist.
   */
  update(id: Id, change: (entity: Entity) => Entity | Promise<Entity>): Promise<Entity | undefined>;
  /**
   * As {@link update}, for several entities in one write. `change` gets all entities and returns those that it changed. Resolves
   * to these.
   */
  updateAll(
    change: (all: readonly Entity[]) => Promise<readonly Entity[]>,
  ): Promise<readonly Entity[]>;
  /** Changes entities in the same write as another repository's {@link Repository.saveWith}. No other change happens meanwhile. */
  updateInSameWrite(
    make: (all: readonly Entity[]) => Promise<readonly Entity[]>,
    write: (changes: BatchedChanges) => Promise<void>,
  ): Promise<void>;
  /** Saves the entity and the changes of another repository in one write, then commits both to memory. */
  saveWith(entity: Entity, changes: BatchedChanges): Promise<void>;
  remove(ids: readonly Id[]): Promise<void>;
  /** Calls back after an existing entity was changed. */
  onReplaced(listener: (before: Entity, after: Entity) => void): void;
  /** Calls back after an entity was saved or removed. */
  onChanged(listener: () => void): void;
  /** Quarantines an entity that cannot be decrypted any more. */
  quarantine(id: Id): Promise<void>;
}

/** Changes of one repository, or of other stored things, that are written together with those of another. */
export interface BatchedChanges {
  readonly entries: Readonly<Record<string, unknown>>;
  /** Of what has no second copy: the stored values before; undefined for none. */
  readonly before?: Readonly<Record<string, unknown>>;
  /** To be called after the write. */
  commitToMemory(): void;
}

/** Makes a repository of the entries that the store read at start. */
export function createRepository<Id extends string, Entity>(
  store: Store,
  layout: EntityLayout<Id, Entity>,
): Repository<Id, Entity> {
  const entities = new Map(layout.readAll().map((entity) => [layout.idOf(entity), entity]));
  const enqueue = serialQueue();
  const listeners: ((before: Entity, after: Entity) => void)[] = [];
  const watchers: (() => void)[] = [];
  const notifyWatchers = (): void => {
    for (const watcher of watchers) watcher();
  };
  const put = (entity: Entity): void => {
    const before = entities.get(layout.idOf(entity));
    entities.set(layout.idOf(entity), entity);
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
        const newer = known && (await layout.rereadNewer(known));
        if (newer !== undefined) put(newer);
        return entities.get(id);
      }),
    ...changes({ store, layout, entities, enqueue, put, notifyWatchers }),
    remove: (ids) =>
      enqueue(async () => {
        await store.remove(ids.flatMap((id) => layout.keysOf(id)));
        for (const id of ids) entities.delete(id);
        notifyWatchers();
      }),
    quarantine: (id) =>
      enqueue(async () => {
        for (const key of layout.keysOf(id)) await store.quarantine(key);
        entities.delete(id);
      }),
  };
}

/** The parts of a repository that its changes need. */
interface Parts<Id extends string, Entity> {
  readonly store: Store;
  readonly layout: EntityLayout<Id, Entity>;
  readonly entities: ReadonlyMap<Id, Entity>;
  readonly enqueue: SerialQueue;
  put(entity: Entity): void;
  notifyWatchers(): void;
}

/** The methods that save entities. */
function changes<Id extends string, Entity>(
  parts: Parts<Id, Entity>,
): Pick<
  Repository<Id, Entity>,
  'save' | 'create' | 'update' | 'updateAll' | 'updateInSameWrite' | 'saveWith'
> {
  const { store, layout, entities, enqueue, put, notifyWatchers } = parts;
  const batchOf = (changed: readonly Entity[]): BatchedChanges => ({
    entries: Object.assign(
      {},
      ...changed.map((one) => layout.entriesOf(one, entities.get(layout.idOf(one)))),
    ) as Record<string, unknown>,
    commitToMemory: () => {
      changed.forEach(put);
    },
  });
  const write = async (changed: readonly Entity[], others?: BatchedChanges): Promise<void> => {
    const batch = batchOf(changed);
    await store.write({ ...batch.entries, ...others?.entries }, layout.durableIn);
    batch.commitToMemory();
    others?.commitToMemory();
    notifyWatchers();
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
    updateAll: (change) =>
      enqueue(async () => {
        const changed = await change([...entities.values()]);
        if (changed.length > 0) await write(changed);
        return changed;
      }),
    updateInSameWrite: (make, writeBoth) =>
      enqueue(async () => {
        await writeBoth(batchOf(await make([...entities.values()])));
        notifyWatchers();
      }),
    saveWith: (entity, changes) => enqueue(() => write([entity], changes)),
  };
}
