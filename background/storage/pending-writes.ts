import type { StorageArea } from '#browser/storage/storage-area.ts';
import type { DamagedEntry } from '#storage/schema.ts';

/** One copy of the store. */
export interface CopyState {
  readonly area: StorageArea;
  /** Keys whose entry in this copy is not up to date. */
  readonly dirtyKeys: Set<string>;
}

/** A damaged entry with what is stored of it. */
export type DamagedValue = DamagedEntry & { readonly value: unknown };

/** The state of the store in memory. */
export interface State {
  readonly local: CopyState;
  readonly mirror: CopyState;
  /** The last acknowledged value of each key. */
  readonly current: Map<string, unknown>;
  readonly damaged: Map<string, DamagedValue>;
  /** The keys that were restored from the mirror, until the person dismisses that. */
  readonly restored: Set<string>;
  isMirrorDown: boolean;
  isLocalUnread: boolean;
  isRestored: boolean;
}

/** Writes to one copy; if that fails, the keys become dirty. Never rejects. */
export async function put(
  copy: CopyState,
  entries: Readonly<Record<string, unknown>>,
): Promise<Outcome> {
  const result = await attempt(copy.area.write(entries));
  for (const key of Object.keys(entries)) {
    if (result.ok) copy.dirtyKeys.delete(key);
    else copy.dirtyKeys.add(key);
  }
  return result;
}

/** Tries again to write or remove the dirty keys of a copy. */
export async function flush(copy: CopyState, { current }: Pick<State, 'current'>): Promise<void> {
  const dirty = [...copy.dirtyKeys];
  if (dirty.length === 0) return;
  const changed = dirty.filter((key) => current.has(key));
  const removed = dirty.filter((key) => !current.has(key));
  const entries = Object.fromEntries(changed.map((key) => [key, current.get(key)]));
  if (changed.length > 0 && !(await attempt(copy.area.write(entries))).ok) return;
  for (const key of changed) copy.dirtyKeys.delete(key);
  if (removed.length > 0 && !(await attempt(copy.area.remove(removed))).ok) return;
  for (const key of removed) copy.dirtyKeys.delete(key);
}

/** The outcome of a storage operation. */
export type Outcome<T = unknown> =
  { readonly ok: true; readonly value: T } | { readonly ok: false; readonly cause: unknown };

/** Turns a rejection into an {@link Outcome}. */
export async function attempt<T>(operation: Promise<T>): Promise<Outcome<T>> {
  try {
    return { ok: true, value: await operation };
  } catch (cause) {
    return { ok: false, cause };
  }
}
