import { readEntry, type AnyKind } from './entity-kinds.ts';
import type { RawStore } from './migrations.ts';
import type { DamagedEntry } from './schema.ts';

/** What two copies of one store come to. */
export interface Merged {
  /** The entities by key, each as its better copy has it. */
  readonly entities: ReadonlyMap<string, unknown>;
  /** Keys whose entry in `storage.local` is missing, damaged, older or not ours. */
  readonly staleInLocal: readonly string[];
  /** The same of the mirror. */
  readonly staleInMirror: readonly string[];
  /** Those of `staleInLocal` that were lost or damaged there. One that is merely older is what a crash between two writes leaves. */
  readonly restored: readonly string[];
  /** Entries that neither copy has in one piece, as they are. */
  readonly damaged: readonly (DamagedEntry & { readonly value: unknown })[];
}

/**
 * Merges two copies of today's version, entity by entity: the higher version wins, at equal versions the one
 * of `storage.local`. It has to carry the same sealed members then, and to send them to the same addresses, for in
 * Firefox a content script can write there.
 */
export function mergeCopies(local: RawStore, mirror: RawStore, kinds: readonly AnyKind[]): Merged {
  const entities = new Map<string, unknown>();
  const merged = {
    staleInLocal: [] as string[],
    staleInMirror: [] as string[],
    restored: [] as string[],
    damaged: [] as (DamagedEntry & { value: unknown })[],
  };
  for (const key of new Set([...Object.keys(local), ...Object.keys(mirror)])) {
    const kind = kinds.find(({ prefix }) => key.startsWith(prefix));
    if (kind === undefined) continue;
    const ours = readEntry(kind, key, local[key]);
    const theirs = readEntry(kind, key, mirror[key]);
    if (!ours.ok && !theirs.ok) {
      const wrong = key in local ? ours.wrong : theirs.wrong;
      merged.damaged.push({ key, problems: problemsOf(wrong), value: local[key] ?? mirror[key] });
      continue;
    }
    const isOurs = ours.ok && (!theirs.ok || isBetter(kind, ours.value, theirs.value));
    const [best, other] = isOurs ? [ours, theirs] : [theirs, ours];
    if (!best.ok) continue;
    entities.set(key, best.value);
    if (other.ok && isSame(best.value, other.value)) continue;
    if (isOurs) merged.staleInMirror.push(key);
    else merged.staleInLocal.push(key);
    if (!isOurs && (!ours.ok || isSameVersion(kind, ours.value, best.value)))
      merged.restored.push(key);
  }
  return { entities, ...merged };
}

/** The members that are wrong, as a fault tells them. */
export function problemsOf(wrong: readonly string[]): DamagedEntry['problems'] {
  return wrong.map((field) => ({ field, problem: 'malformed' as const }));
}

function isBetter(kind: AnyKind, ours: never, theirs: never): boolean {
  if (!isSameVersion(kind, ours, theirs)) return kind.versionOf(ours) > kind.versionOf(theirs);
  const isSealedAlike = isSame(sealedMembers(ours), sealedMembers(theirs));
  return isSealedAlike && kind.destinationOf?.(ours) === kind.destinationOf?.(theirs);
}

function isSameVersion(kind: AnyKind, one: never, other: never): boolean {
  return kind.versionOf(one) === kind.versionOf(other);
}

function sealedMembers(entity: object): unknown {
  return Object.entries(entity).filter(([name]) => name.startsWith('sealed'));
}

/** Parsing puts members in order, so their texts can be compared. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
