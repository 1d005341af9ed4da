import { readEntry, type AnyKind } from './entity-kinds.ts';
import type { RawStore } from './migrations.ts';
import type { DamagedEntry } from './schema.ts';

/** The result of merging two copies of a store. */
export interface Merged {
  /** The entities by key, each from its better copy. */
  readonly entities: ReadonlyMap<string, unknown>;
  /** Keys whose entry in `storage.local` is missing, damaged, older, or possibly forged. */
  readonly staleInLocal: readonly string[];
  /** Keys whose entry in the mirror is missing, damaged or older. */
  readonly staleInMirror: readonly string[];
  /** Those of `staleInLocal` that were lost or damaged. An older entry is not one of them: a crash between the two writes leaves it. */
  readonly restored: readonly string[];
  /** Entries that are damaged in both copies, with their raw values. */
  readonly damaged: readonly (DamagedEntry & { readonly value: unknown })[];
}

/**
 * Merges two copies of the current schema version, entity by entity. The higher entity version is used. If they are equal,
 * the entry of `storage.local` is used, provided that it has the same encrypted members, destination and account as the
 * mirror's: in Firefox a content script can write to `storage.local`.
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
    const inLocal = readEntry(kind, key, local[key]);
    const inMirror = readEntry(kind, key, mirror[key]);
    if (!inLocal.ok && !inMirror.ok) {
      const wrong = key in local ? inLocal.wrong : inMirror.wrong;
      merged.damaged.push({ key, problems: problemsOf(wrong), value: local[key] ?? mirror[key] });
      continue;
    }
    const isLocalBest =
      inLocal.ok && (!inMirror.ok || isLocalBetter(kind, inLocal.value, inMirror.value));
    const [best, other] = isLocalBest ? [inLocal, inMirror] : [inMirror, inLocal];
    if (!best.ok) continue;
    entities.set(key, best.value);
    if (other.ok && isSame(best.value, other.value)) continue;
    if (isLocalBest) merged.staleInMirror.push(key);
    else merged.staleInLocal.push(key);
    if (!isLocalBest && (!inLocal.ok || isSameVersion(kind, inLocal.value, best.value)))
      merged.restored.push(key);
  }
  return { entities, ...merged };
}

/** The wrong members as problems of a fault. */
export function problemsOf(wrong: readonly string[]): DamagedEntry['problems'] {
  return wrong.map((field) => ({ field, problem: 'malformed' as const }));
}

function isLocalBetter(kind: AnyKind, local: never, mirror: never): boolean {
  if (!isSameVersion(kind, local, mirror)) return kind.versionOf(local) > kind.versionOf(mirror);
  const hasSameSecrets = isSame(encryptedMembers(local), encryptedMembers(mirror));
  return hasSameSecrets && kind.bindingOf?.(local) === kind.bindingOf?.(mirror);
}

function isSameVersion(kind: AnyKind, one: never, other: never): boolean {
  return kind.versionOf(one) === kind.versionOf(other);
}

function encryptedMembers(entity: object): unknown {
  return Object.entries(entity).filter(([name]) => name.startsWith('sealed'));
}

/** Parsed entities have their members in the same order, so their JSON can be compared. */
function isSame(one: unknown, other: unknown): boolean {
  return JSON.stringify(one) === JSON.stringify(other);
}
