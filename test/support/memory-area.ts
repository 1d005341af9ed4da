import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';

/** A storage area in memory; what goes in and out is cloned as the browsers clone it. */
export interface MemoryArea extends StorageArea {
  /** All entries as JSON text, for a search. */
  dump(): string;
  /** Lets the next writes fail, as a full disk does. */
  failWrites(times: number): void;
  /** Everything, for a second background over the same store. */
  readonly entries: Map<string, unknown>;
}

export function memoryArea(entries = new Map<string, unknown>()): MemoryArea {
  let failing = 0;
  const clone = (value: unknown): unknown => JSON.parse(JSON.stringify(value)) as unknown;
  // Firefox clones what it stores, and refuses a function; Chromium stores JSON.
  const stored = (value: unknown): unknown => clone(structuredClone(value));
  return {
    entries,
    dump: () => JSON.stringify([...entries]),
    failWrites: (times) => {
      failing = times;
    },
    all: () =>
      Promise.resolve(Object.fromEntries([...entries].map(([key, value]) => [key, clone(value)]))),
    read: (key) => Promise.resolve(entries.has(key) ? clone(entries.get(key)) : undefined),
    write: (items) => {
      if (failing > 0) {
        failing -= 1;
        return Promise.reject(new Error('QuotaExceededError'));
      }
      for (const [key, value] of Object.entries(items)) entries.set(key, stored(value));
      return Promise.resolve();
    },
    remove: (keys) => {
      for (const key of keys) entries.delete(key);
      return Promise.resolve();
    },
  };
}
