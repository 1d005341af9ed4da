import type { StorageArea } from '../extension/browser/storage-area.ts';
import { BrokerError } from '../extension/core/fault.ts';
import type { Parsed } from '../extension/storage/parse-stored.ts';
import type { DamagedEntry } from '../extension/storage/schema.ts';
import type { RawStore } from '../extension/storage/migrations.ts';
import { turns } from './turns.ts';

/** The entities of one kind. Reading is from memory; a write is stored before it is believed. */
export interface Repository<Id extends string, Entity> {
  get(id: Id): Entity | undefined;
  list(): readonly Entity[];
  /** The entity as another context of the extension may have stored it meanwhile. */
  reread(id: Id): Promise<Entity | undefined>;
  /** All of them or none. */
  save(...entities: readonly Entity[]): Promise<void>;
  /**
   * Changes the entity as it is when its turn comes, one change at a time; resolves to what was stored,
   * or undefined when it is gone. Returning the same object writes nothing.
   */
  update(id: Id, change: (entity: Entity) => Entity): Promise<Entity | undefined>;
  remove(ids: readonly Id[]): Promise<void>;
  /** Calls back after an entity was stored in the place of an earlier state of itself. */
  onReplaced(listener: (before: Entity, after: Entity) => void): void;
  /** Calls back after anything was stored or removed. */
  onChanged(listener: () => void): void;
  /** Entries that could not be read; they stay where they are. */
  readonly damaged: readonly DamagedEntry[];
}

/** How entities of one kind are stored. */
export interface EntityKind<Id extends string, Entity> {
  readonly prefix: string;
  key(id: Id): string;
  idOf(entity: Entity): Id;
  /** Grows with every change that must not be undone by an older copy. */
  versionOf(entity: Entity): number;
  parse(raw: unknown): Parsed<Entity>;
}

/** Builds a repository over what was read at start. */
export function createRepository<Id extends string, Entity>(
  area: StorageArea,
  raw: RawStore,
  kind: EntityKind<Id, Entity>,
): Repository<Id, Entity> {
  const { entities, damaged } = readAll(raw, kind);
  const inTurn = turns();
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
  const store = async (changed: readonly Entity[]): Promise<void> => {
    const entries = changed.map((entity) => [kind.key(kind.idOf(entity)), entity] as const);
    await stored(area.write(Object.fromEntries(entries)));
    changed.forEach(put);
    tellWatchers();
  };
  return {
    damaged,
    onReplaced: (listener) => void listeners.push(listener),
    onChanged: (listener) => void watchers.push(listener),
    get: (id) => entities.get(id),
    list: () => [...entities.values()],
    reread: (id) =>
      inTurn(async () => {
        const parsed = kind.parse(await area.read(kind.key(id)));
        const known = entities.get(id);
        if (parsed.ok && known && kind.versionOf(parsed.value) > kind.versionOf(known))
          put(parsed.value);
        return entities.get(id);
      }),
    save: (...changed) => inTurn(() => store(changed)),
    update: (id, change) =>
      inTurn(async () => {
        const before = entities.get(id);
        if (before === undefined) return undefined;
        const after = change(before);
        if (after !== before) await store([after]);
        return after;
      }),
    remove: (ids) =>
      inTurn(async () => {
        await stored(area.remove(ids.map((id) => kind.key(id))));
        for (const id of ids) entities.delete(id);
        tellWatchers();
      }),
  };
}

/** Tells a store that refuses as what it is. @throws BrokerError `storage_failed` */
export async function stored<T>(write: Promise<T>): Promise<T> {
  try {
    return await write;
  } catch (thrown) {
    throw new BrokerError('storage_failed', {}, { cause: thrown });
  }
}

function readAll<Id extends string, Entity>(
  raw: RawStore,
  kind: EntityKind<Id, Entity>,
): { entities: Map<Id, Entity>; damaged: DamagedEntry[] } {
  const entities = new Map<Id, Entity>();
  const damaged: DamagedEntry[] = [];
  for (const [key, value] of Object.entries(raw)) {
    if (!key.startsWith(kind.prefix)) continue;
    const parsed = kind.parse(value);
    if (parsed.ok && kind.key(kind.idOf(parsed.value)) === key)
      entities.set(kind.idOf(parsed.value), parsed.value);
    else damaged.push({ key, problems: wrongMembers(parsed) });
  }
  return { entities, damaged };
}

function wrongMembers<T>(parsed: Parsed<T>): DamagedEntry['problems'] {
  const fields = parsed.ok ? ['id'] : parsed.wrong;
  return fields.map((field) => ({ field, problem: 'malformed' as const }));
}
