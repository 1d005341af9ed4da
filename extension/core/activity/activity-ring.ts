import type { Origin } from '../values/origin.ts';
import type { ActivityEntry, NewEntry } from './activity-entry.ts';

/** How many entries are kept at most. */
export const maxEntries = 1000;
/** How large they are together at most, in characters of JSON. An entry of usual length has 350. */
export const maxCharacters = 400_000;
/** How many entries are stored under one key, so that a new entry does not cause all to be written. */
const chunkLength = 100;
/** The number of keys under which entries are stored. */
export const chunkCount = maxEntries / chunkLength;

/**
 * The latest entries. When there is no more room, the origin whose entries are the largest together loses its oldest one: an
 * origin that calls a lot does not displace the entries of the others.
 */
export interface ActivityRing {
  add(entry: NewEntry): void;
  /** Puts the entries of an earlier worker, by chunk, before those that were added until now. */
  restore(chunks: readonly (readonly ActivityEntry[])[]): void;
  /** All entries, the latest first. */
  list(): ActivityEntry[];
  /** The chunks that have changed since the last call. */
  takeChanged(): { readonly chunk: number; readonly entries: readonly ActivityEntry[] }[];
  /** Their write failed: they count as changed again. */
  markChanged(chunks: readonly number[]): void;
  clear(): void;
}

interface Slot {
  readonly entry: ActivityEntry;
  readonly characters: number;
}

/** What the entries of one origin occupy. */
interface Share {
  characters: number;
  /** Indexes of its slots, the oldest first. */
  readonly slots: number[];
}

export function createActivityRing(): ActivityRing {
  let slots: (Slot | undefined)[] = [];
  let free: number[] = [];
  let characters = 0;
  let lastId = 0;
  const shares = new Map<Origin, Share>();
  const changed = new Set<number>();
  const clear = (): void => {
    slots = Array.from({ length: maxEntries }, () => undefined);
    // The last one is used first.
    free = Array.from({ length: maxEntries }, (_, at) => maxEntries - 1 - at);
    characters = 0;
    shares.clear();
    changed.clear();
  };
  const place = (entry: ActivityEntry, index: number): void => {
    const slot = { entry, characters: JSON.stringify(entry).length };
    const share = shares.get(entry.origin) ?? { characters: 0, slots: [] };
    shares.set(entry.origin, share);
    share.characters += slot.characters;
    share.slots.push(index);
    characters += slot.characters;
    slots[index] = slot;
    lastId = Math.max(lastId, entry.id);
  };
  const removeOne = (): void => {
    const [origin, share] = largest(shares);
    const index = share.slots.shift() ?? 0;
    const removed = slots[index]?.characters ?? 0;
    share.characters -= removed;
    characters -= removed;
    slots[index] = undefined;
    if (share.slots.length === 0) shares.delete(origin);
    free.push(index);
    changed.add(chunkOf(index));
  };
  const add = (entry: NewEntry): void => {
    if (free.length === 0) removeOne();
    const index = free.pop() ?? 0;
    place({ ...entry, id: lastId + 1 }, index);
    changed.add(chunkOf(index));
    while (characters > maxCharacters) removeOne();
  };
  const list = (): ActivityEntry[] =>
    slots.flatMap((slot) => slot?.entry ?? []).sort((one, other) => other.id - one.id);
  clear();
  return {
    add,
    list,
    clear,
    restore: (chunks) => {
      const added = list().reverse();
      clear();
      const earlier = chunks
        .slice(0, chunkCount)
        .flatMap((entries, chunk) =>
          entries
            .slice(0, chunkLength)
            .map((entry, at) => ({ entry, index: chunk * chunkLength + at })),
        )
        .sort((one, other) => one.entry.id - other.entry.id);
      for (const { entry, index } of earlier) place(entry, index);
      const isUsed = new Set(earlier.map(({ index }) => index));
      free = free.filter((index) => !isUsed.has(index));
      while (characters > maxCharacters) removeOne();
      for (const entry of added) add(entry);
    },
    takeChanged: () => {
      const taken = [...changed].map((chunk) => ({ chunk, entries: entriesOf(slots, chunk) }));
      changed.clear();
      return taken;
    },
    markChanged: (chunks) => {
      for (const chunk of chunks) changed.add(chunk);
    },
  };
}

function chunkOf(index: number): number {
  return Math.floor(index / chunkLength);
}

function entriesOf(slots: readonly (Slot | undefined)[], chunk: number): ActivityEntry[] {
  const begin = chunk * chunkLength;
  return slots.slice(begin, begin + chunkLength).flatMap((slot) => slot?.entry ?? []);
}

function largest(shares: ReadonlyMap<Origin, Share>): [Origin, Share] {
  const [first, ...others] = shares;
  if (first === undefined) throw new Error('there are no entries');
  return others.reduce((most, one) => (one[1].characters > most[1].characters ? one : most), first);
}
