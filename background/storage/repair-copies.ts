import { BrokerError } from '#core/values/fault.ts';
import { keys } from '#storage/schema.ts';
import { attempt, type CopyState, type Outcome, type State } from './pending-writes.ts';
import { removedKeys, type Copies, type Copy } from './read-copies.ts';

/** Writes the merged entries to both copies. Throws if a migration cannot be stored, because later writes depend on it. */
export async function repair(copies: Copies, state: State): Promise<void> {
  await repairMirror(copies, state);
  // A copy that cannot be read may be newer, and is not overwritten.
  if (copies.local.isReadable) await repairLocal(copies, state);
}

async function repairMirror(copies: Copies, { mirror, current }: State): Promise<void> {
  if (!copies.mirror.isReadable) return;
  await writeKeys(mirror, outdated(copies.mirror, copies.staleInMirror, current), current);
  const removed = [...removedKeys(copies.local.before), ...copies.damaged.map(({ key }) => key)];
  const left = removed.filter((key) => !current.has(key));
  if (left.length > 0 && !(await attempt(mirror.area.remove(left))).ok)
    for (const key of left) mirror.dirtyKeys.add(key);
}

async function repairLocal(copies: Copies, state: State): Promise<void> {
  const { local, mirror, current } = state;
  const { before, after } = copies.local;
  const names = outdated(copies.local, copies.staleInLocal, current);
  const quarantined = copies.damaged.map(({ key, value }) => [keys.damaged(key), value] as const);
  const notice = copies.restored.length === 0 ? {} : { [keys.restored]: [...copies.restored] };
  const extra = { ...Object.fromEntries(quarantined), ...notice };
  const result = await writeKeys(local, names, current, extra);
  if (!result.ok) {
    const isNew = current.size === 1;
    const isMigration = keys.schema in before && before[keys.schema] !== after[keys.schema];
    if (isNew || isMigration) throw new BrokerError('storage_failed', {}, { cause: result.cause });
    return;
  }
  const obsolete = Object.keys(before).filter((key) => !(key in after));
  for (const { key } of copies.damaged) obsolete.push(key);
  if (keys.removed in before && copies.mirror.isReadable && mirror.dirtyKeys.size === 0)
    obsolete.push(keys.removed);
  if (obsolete.length > 0) await attempt(local.area.remove(obsolete));
}

/** The keys whose entry in a copy differs from the merged one. */
function outdated(
  { before, after }: Copy,
  stale: readonly string[],
  current: ReadonlyMap<string, unknown>,
): string[] {
  const isOutdated = (key: string) => !(key in before) || before[key] !== after[key];
  return [...new Set([...stale, ...[...current.keys()].filter(isOutdated)])];
}

async function writeKeys(
  copy: CopyState,
  names: readonly string[],
  current: ReadonlyMap<string, unknown>,
  extra: Readonly<Record<string, unknown>> = {},
): Promise<Outcome> {
  const entries = Object.fromEntries(names.map((key) => [key, current.get(key)]));
  if (names.length === 0 && Object.keys(extra).length === 0) return { ok: true, value: undefined };
  const result = await attempt(copy.area.write({ ...entries, ...extra }));
  for (const name of names) if (!result.ok) copy.dirtyKeys.add(name);
  return result;
}
