import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import type { DamagedEntry } from '../../extension/storage/schema.ts';

/** One copy at work, with the keys under which it is not up to date. */
export interface Side {
  readonly area: StorageArea;
  readonly owed: Set<string>;
}

/** What the store knows. */
export interface State {
  readonly local: Side;
  readonly mirror: Side;
  /** What was last acknowledged, by key. */
  readonly current: Map<string, unknown>;
  readonly damaged: Map<string, DamagedEntry>;
  isMirrorDown: boolean;
  isLocalUnread: boolean;
  isRestored: boolean;
}

/** Writes to one side, and notes what it owes when it fails. Resolves to true, or to why not. */
export async function put(
  side: Side,
  entries: Readonly<Record<string, unknown>>,
): Promise<unknown> {
  const kept = await attempt(side.area.write(entries));
  for (const name of Object.keys(entries)) {
    if (kept === true) side.owed.delete(name);
    else side.owed.add(name);
  }
  return kept;
}

/** Tries once more to bring a side up to date. */
export async function flush(side: Side, { current }: Pick<State, 'current'>): Promise<void> {
  const owed = [...side.owed];
  if (owed.length === 0) return;
  const kept = owed.filter((key) => current.has(key));
  const gone = owed.filter((key) => !current.has(key));
  const entries = Object.fromEntries(kept.map((key) => [key, current.get(key)]));
  if (kept.length > 0 && (await attempt(side.area.write(entries))) !== true) return;
  for (const key of kept) side.owed.delete(key);
  if (gone.length > 0 && (await attempt(side.area.remove(gone))) !== true) return;
  for (const key of gone) side.owed.delete(key);
}

/** Resolves to true, or to why the work failed. */
export async function attempt(work: Promise<unknown>): Promise<unknown> {
  try {
    await work;
    return true;
  } catch (thrown) {
    return thrown ?? false;
  }
}
