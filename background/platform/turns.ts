/**
 * Entries that wait, by key: the keys take turns, and so do the lanes of a key; the entries of a lane are in order.
 * A lane has the entries of a key that wait for the same.
 */
export interface Turns<K, L, E> {
  /** @param isFirst - ahead of the entries of the key that were added without it */
  add(key: K, lane: L, entry: E, isFirst: boolean): void;
  remove(key: K, lane: L, entry: E): void;
  /** Removes and returns the first entry of the key whose turn it is, among the lanes that `mayServe` accepts. */
  next(mayServe: (key: K, lane: L) => boolean): E | undefined;
  isEmpty(): boolean;
}

interface Lane<E> {
  readonly first: Set<E>;
  readonly others: Set<E>;
}

export function createTurns<K, L, E>(): Turns<K, L, E> {
  // In the order of their turns: what was served moves to the end.
  const keys = new Map<K, Map<L, Lane<E>>>();
  return {
    add: (key, lane, entry, isFirst) => {
      const lanes = keys.get(key) ?? new Map<L, Lane<E>>();
      const { first, others } = lanes.get(lane) ?? { first: new Set(), others: new Set() };
      (isFirst ? first : others).add(entry);
      lanes.set(lane, { first, others });
      keys.set(key, lanes);
    },
    remove: (key, lane, entry) => {
      const lanes = keys.get(key);
      const found = lanes?.get(lane);
      found?.first.delete(entry);
      found?.others.delete(entry);
      if (lanes === undefined || found === undefined || !isLaneEmpty(found)) return;
      lanes.delete(lane);
      if (lanes.size === 0) keys.delete(key);
    },
    next: (mayServe) => {
      for (const [key, lanes] of keys) {
        const entry = nextOf(lanes, (lane) => mayServe(key, lane));
        if (entry === undefined) continue;
        keys.delete(key);
        if (lanes.size > 0) keys.set(key, lanes);
        return entry;
      }
      return undefined;
    },
    isEmpty: () => keys.size === 0,
  };
}

function nextOf<L, E>(lanes: Map<L, Lane<E>>, mayServe: (lane: L) => boolean): E | undefined {
  for (const part of ['first', 'others'] as const)
    for (const [name, lane] of lanes) {
      const entries = lane[part];
      if (entries.size === 0 || !mayServe(name)) continue;
      const [entry] = entries;
      if (entry === undefined) continue;
      entries.delete(entry);
      lanes.delete(name);
      if (!isLaneEmpty(lane)) lanes.set(name, lane);
      return entry;
    }
  return undefined;
}

function isLaneEmpty<E>({ first, others }: Lane<E>): boolean {
  return first.size === 0 && others.size === 0;
}
