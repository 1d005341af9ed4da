import * as v from 'valibot';

/** How many times are kept at most. The earliest one is dropped first. */
export const maxUses = 1000;

/** When something was last used: keys, and times in epoch milliseconds, as they are stored. */
export type StoredUses = [key: string, atMs: number][];

/** When each of many things was last used. */
export interface LastUses {
  add(key: string, atMs: number): void;
  get(key: string): number | undefined;
  entries(): IterableIterator<[string, number]>;
  /**
   * Adds what earlier workers recorded: all that they had written, and what had changed after that. The later one of two times is
   * right. What is damaged is left out, which counts as dropped; a time that is to come is taken for now. Returns whether something
   * was left out.
   */
  restore(written: unknown, changed: unknown, nowMs: number): boolean;
  /** Everything, as it is stored. */
  all(): StoredUses;
  /** What has changed since {@link markWritten}, as it is stored. */
  changed(): StoredUses;
  /** Whether something changed, or was dropped, since {@link markWritten}. */
  isChanged(): boolean;
  /** Everything is about to be written. */
  markWritten(): void;
  /** It could not be written: these count as changed again. */
  markChanged(uses: StoredUses): void;
  /** Returns whether something was dropped. */
  drop(isDropped: (key: string) => boolean): boolean;
  clear(): void;
}

const UseSchema = v.tuple([
  v.pipe(v.string(), v.maxLength(300)),
  v.pipe(v.number(), v.integer(), v.minValue(0)),
]);

export function createLastUses(): LastUses {
  // The key that was used last is the last one.
  const times = new Map<string, number>();
  const changedKeys = new Set<string>();
  let isDropped = false;
  const all = (): StoredUses => [...times];
  const remove = (key: string): void => {
    times.delete(key);
    changedKeys.delete(key);
    isDropped = true;
  };
  const add = (key: string, atMs: number): void => {
    const latestMs = Math.max(times.get(key) ?? 0, atMs);
    times.delete(key);
    times.set(key, latestMs);
    const [first] = times.keys();
    if (times.size > maxUses && first !== undefined) remove(first);
  };
  const markChanged = (uses: StoredUses): void => {
    for (const [key] of uses) if (times.has(key)) changedKeys.add(key);
  };
  const clear = (): void => {
    times.clear();
    changedKeys.clear();
    isDropped = false;
  };
  return {
    add: (key, atMs) => {
      add(key, atMs);
      changedKeys.add(key);
    },
    get: (key) => times.get(key),
    entries: () => times.entries(),
    restore: (written, changedBefore, nowMs) => {
      const readChanged = readUses(changedBefore, nowMs);
      const readWritten = readUses(written, nowMs);
      const changed = [...readChanged.uses, ...all()];
      const uses = [...readWritten.uses, ...changed];
      times.clear();
      for (const [key, atMs] of uses.sort(([, one], [, other]) => one - other)) add(key, atMs);
      markChanged(changed);
      const isDamaged = readWritten.isDamaged || readChanged.isDamaged;
      isDropped ||= isDamaged;
      return isDamaged;
    },
    all,
    changed: () => all().filter(([key]) => changedKeys.has(key)),
    isChanged: () => isDropped || changedKeys.size > 0,
    markWritten: () => {
      changedKeys.clear();
      isDropped = false;
    },
    markChanged,
    drop: (isUnwanted) => {
      const unwanted = [...times.keys()].filter(isUnwanted);
      for (const key of unwanted) remove(key);
      return unwanted.length > 0;
    },
    clear,
  };
}

/** Parses stored times; leaves out what is damaged. A time that is to come, because the clock was set back, is taken for now. */
function readUses(
  raw: unknown,
  nowMs: number,
): { readonly uses: StoredUses; readonly isDamaged: boolean } {
  if (!Array.isArray(raw)) return { uses: [], isDamaged: raw !== undefined };
  const uses = raw.slice(0, maxUses).flatMap((one): StoredUses => {
    const parsed = v.safeParse(UseSchema, one);
    if (!parsed.success) return [];
    const [key, atMs] = parsed.output;
    return [[key, Math.min(atMs, nowMs)]];
  });
  return { uses, isDamaged: uses.length < raw.length };
}
