import { BrokerError } from '../../extension/core/values/fault.ts';
import { keys } from '../../extension/storage/schema.ts';
import { attempt, type Side, type State } from './pending-writes.ts';
import { removedKeys, type Copies, type Copy } from './read-copies.ts';

/** Brings both copies up to what was read. A migration has to be stored before anything is built on it. */
export async function repair(copies: Copies, state: State): Promise<void> {
  await repairMirror(copies, state);
  // What cannot be read may be newer: nothing old is written over it.
  if (copies.local.isReadable) await repairLocal(copies, state);
}

async function repairMirror(copies: Copies, { mirror, current }: State): Promise<void> {
  if (!copies.mirror.isReadable) return;
  await fill(mirror, outdated(copies.mirror, copies.staleInMirror, current), current);
  const gone = [...removedKeys(copies.local.before), ...copies.damaged.map(({ key }) => key)];
  const left = gone.filter((key) => !current.has(key));
  if (left.length > 0 && (await attempt(mirror.area.remove(left))) !== true)
    for (const key of left) mirror.owed.add(key);
}

async function repairLocal(copies: Copies, state: State): Promise<void> {
  const { local, mirror, current } = state;
  const { before, after } = copies.local;
  const names = outdated(copies.local, copies.staleInLocal, current);
  const aside = copies.damaged.map(({ key, value }) => [keys.damaged(key), value] as const);
  const notice = copies.restored.length === 0 ? {} : { [keys.restored]: [...copies.restored] };
  const kept = await fill(local, names, current, { ...Object.fromEntries(aside), ...notice });
  if (kept !== true) {
    const isNew = current.size === 1;
    const isMigration = keys.schema in before && before[keys.schema] !== after[keys.schema];
    if (isNew || isMigration) throw new BrokerError('storage_failed', {}, { cause: kept });
    return;
  }
  const gone = Object.keys(before).filter((key) => !(key in after));
  for (const { key } of copies.damaged) gone.push(key);
  if (keys.removed in before && copies.mirror.isReadable && mirror.owed.size === 0)
    gone.push(keys.removed);
  if (gone.length > 0) await attempt(local.area.remove(gone));
}

/** The keys under which a copy is not what it should be. */
function outdated(
  { before, after }: Copy,
  stale: readonly string[],
  current: ReadonlyMap<string, unknown>,
): string[] {
  const changed = [...current.keys()].filter((key) => before[key] !== after[key]);
  const missing = [...current.keys()].filter((key) => !(key in before));
  return [...new Set([...stale, ...changed, ...missing])];
}

async function fill(
  side: Side,
  names: readonly string[],
  current: ReadonlyMap<string, unknown>,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<unknown> {
  const entries = Object.fromEntries(names.map((key) => [key, current.get(key)]));
  if (names.length === 0 && Object.keys(extra).length === 0) return true;
  const kept = await attempt(side.area.write({ ...entries, ...extra }));
  for (const name of names) if (kept !== true) side.owed.add(name);
  return kept;
}
