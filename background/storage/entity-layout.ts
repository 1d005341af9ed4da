import { readEntry, type EntityKind } from '#storage/entity-kinds.ts';
import type { Store } from './store.ts';

/** Of which entries of the store the entities of one kind consist. */
export interface EntityLayout<Id extends string, Entity> {
  /** Which copy a write must reach to succeed: `storage.local`, or either of the two. */
  readonly durableIn: 'local' | 'either';
  idOf(entity: Entity): Id;
  keysOf(id: Id): readonly string[];
  /** The entries to write for an entity. `before` is the entity as it is stored; undefined for a new one. */
  entriesOf(entity: Entity, before: Entity | undefined): Readonly<Record<string, unknown>>;
  /** The entities that the store read at start. */
  readAll(): Entity[];
  /** Reads the entity again, see {@link Store.reread}; undefined when no newer one is stored. */
  rereadNewer(known: Entity): Promise<Entity | undefined>;
}

/** An entity is one entry. */
export function inOneEntry<Id extends string, Entity>(
  store: Store,
  kind: EntityKind<Id, Entity>,
): EntityLayout<Id, Entity> {
  return {
    durableIn: kind.durableIn,
    idOf: (entity) => kind.idOf(entity),
    keysOf: (id) => [kind.key(id)],
    entriesOf: (entity) => ({ [kind.key(kind.idOf(entity))]: entity }),
    readAll: () => [...readKind(store, kind).values()],
    rereadNewer: (known) => rereadNewer(store, kind, kind.key(kind.idOf(known)), known),
  };
}

/** How an entity is taken apart into two entries, and made of them. */
export interface Parting<Main, Part, Entity extends Main> {
  mainOf(entity: Entity): Main;
  partOf(entity: Entity): Part;
  /** Whether the part of two entities is the same, so that it is not written. */
  hasSamePart(one: Entity, other: Entity): boolean;
  /** The entity of its entries. The part may be missing: it was damaged in both copies. */
  join(main: Main, part: Part | undefined): Entity;
}

/** An entity is two entries in one write: a small one that often changes, and a part that is large and rarely changes. */
export function inTwoEntries<Id extends string, Main, Part, Entity extends Main>(
  store: Store,
  main: EntityKind<Id, Main>,
  part: EntityKind<Id, Part>,
  { mainOf, partOf, hasSamePart, join }: Parting<Main, Part, Entity>,
): EntityLayout<Id, Entity> {
  return {
    durableIn: main.durableIn,
    idOf: (entity) => main.idOf(entity),
    keysOf: (id) => [main.key(id), part.key(id)],
    entriesOf: (entity, before) => {
      const id = main.idOf(entity);
      const entry = { [main.key(id)]: mainOf(entity) };
      const isPartStored = before !== undefined && hasSamePart(before, entity);
      return isPartStored ? entry : { ...entry, [part.key(id)]: partOf(entity) };
    },
    readAll: () => {
      const parts = readKind(store, part);
      return [...readKind(store, main)].map(([id, entry]) => join(entry, parts.get(id)));
    },
    rereadNewer: async (known) => {
      const id = main.idOf(known);
      const entry = await rereadNewer(store, main, main.key(id), known);
      if (entry === undefined) return undefined;
      const before = partOf(known);
      return join(entry, (await rereadNewer(store, part, part.key(id), before)) ?? before);
    },
  };
}

function readKind<Id extends string, Entry>(
  store: Store,
  kind: EntityKind<Id, Entry>,
): Map<Id, Entry> {
  const entries = new Map<Id, Entry>();
  for (const [key, value] of store.entries(kind.prefix)) {
    const parsed = readEntry(kind, key, value);
    if (parsed.ok) entries.set(kind.idOf(parsed.value), parsed.value);
  }
  return entries;
}

function rereadNewer<Id extends string, Entry>(
  store: Store,
  kind: EntityKind<Id, Entry>,
  key: string,
  known: Entry,
): Promise<Entry | undefined> {
  return store.reread(key, (found) => {
    let newest: Entry | undefined;
    for (const raw of found) {
      const read = readEntry(kind, key, raw);
      if (read.ok && isNewer(read.value, newest ?? known, kind)) newest = read.value;
    }
    return newest;
  });
}

function isNewer<Entry>(
  found: Entry,
  known: Entry,
  { versionOf, formatOf }: Pick<EntityKind<never, Entry>, 'versionOf' | 'formatOf'>,
): boolean {
  const [version, knownVersion] = [versionOf(found), versionOf(known)];
  if (version !== knownVersion || formatOf === undefined) return version > knownVersion;
  return formatOf(found) > formatOf(known);
}
