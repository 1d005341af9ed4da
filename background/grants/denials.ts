import * as v from 'valibot';
import type { StorageArea } from '#browser/storage/storage-area.ts';
import { GrantedPathsSchema } from '#core/grant/granted-paths-schema.ts';
import { accessLevels } from '#core/grant/page-grant.ts';
import type { SessionId } from '#core/session/session.ts';
import { products } from '#core/session/site.ts';
import { ProductSchema, SiteKeySchema } from '#core/session/site-schemas.ts';
import { BrokerError } from '#core/values/fault.ts';
import { isGrantee, type Origin } from '#core/values/origin.ts';
import type { RawStore } from '#storage/migrations.ts';
import { keys } from '#storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import type { BatchedChanges } from '../storage/repository.ts';
import { isSameQuestion, questionKinds, type PageQuestion } from './open-question.ts';

/** A question that the person denied, with the id of that question. */
export interface Denial extends Omit<PageQuestion, 'candidates'> {
  readonly deniedAtMs: number;
}

/**
 * The questions that the person denied with the button *Deny*: for a week each is refused without being shown. In memory, with a
 * copy in `storage.local`. In Firefox a content script may have written to that copy before this start: what it wrote can only
 * refuse questions, or have them asked again.
 */
export interface Denials {
  isDenied(question: PageQuestion): boolean;
  /** Those of the last week. */
  list(): readonly Denial[];
  /** Takes effect at once. @throws BrokerError `storage_failed`, as every method that writes */
  add(question: PageQuestion): Promise<void>;
  /** Adds denials, as they were made elsewhere, in the write of another service. No other write happens meanwhile. */
  addInSameWrite(
    added: readonly Denial[],
    write: (changes: BatchedChanges) => Promise<void>,
  ): Promise<void>;
  /** Resolves to whether no denial of the origin is left. */
  forget(origin: Origin, isForgotten: (denial: Denial) => boolean): Promise<boolean>;
  /** Removes from storage what is older than a week, or damaged. */
  prune(): Promise<void>;
}

/** How long a denial is remembered, in milliseconds. */
export const denialLifetimeMs = 7 * 24 * 3_600_000;
/** The most denials that are stored. The oldest ones are removed. */
const limits = { ofOrigin: 20, origins: 1000 } as const;
/** How many denials are kept in all. */
export const maxDenials = limits.ofOrigin * limits.origins;

const uuid = v.pipe(v.string(), v.uuid());
/** Parses a {@link Denial}. */
export const DenialSchema = v.object({
  id: uuid,
  origin: v.custom<Origin>(isGrantee),
  kind: v.picklist(questionKinds),
  scope: v.exactOptional(
    v.object({
      product: ProductSchema,
      cloudId: v.exactOptional(SiteKeySchema.entries.cloudId),
      sessionId: v.exactOptional(v.custom<SessionId>((input) => v.is(uuid, input))),
    }),
  ),
  products: v.exactOptional(v.pipe(v.array(ProductSchema), v.maxLength(products.length))),
  access: v.picklist(accessLevels),
  paths: v.exactOptional(GrantedPathsSchema),
  deniedAtMs: v.pipe(v.number(), v.minValue(0)),
});

interface Dependencies {
  readonly area: Pick<StorageArea, 'write' | 'remove'>;
  /** The entries of `storage.local` as they were read at start, by key. */
  readonly raw: RawStore;
  readonly nowMs: () => number;
}

export function createDenials({ area, raw, nowMs }: Dependencies): Denials {
  const denials = new Map<string, readonly Denial[]>();
  // Keys whose entry in storage is damaged, or has denials that are outdated or too many.
  const stale = new Set<string>();
  const enqueue = serialQueue();
  const current = (key: string): readonly Denial[] =>
    (denials.get(key) ?? []).filter(({ deniedAtMs }) => isRecent(deniedAtMs, nowMs()));
  const set = (key: string, changed: readonly Denial[]): void => {
    stale.add(key);
    if (changed.length > 0) denials.set(key, changed);
    else denials.delete(key);
  };
  const removeOldest = (): void => {
    for (const key of oldest([...denials], limits.origins)) set(key, []);
  };
  /** Stores the entries as they are when their turn comes. */
  const store = (): Promise<void> =>
    enqueue(async () => {
      const written = [...stale].filter((key) => denials.has(key));
      const removed = [...stale].filter((key) => !denials.has(key));
      const entries = written.map((key) => [key, denials.get(key)] as const);
      try {
        if (written.length > 0) await area.write(Object.fromEntries(entries));
        if (removed.length > 0) await area.remove(removed);
      } catch (thrown) {
        throw new BrokerError('storage_failed', {}, { cause: thrown });
      }
      for (const [key, value] of entries) if (denials.get(key) === value) stale.delete(key);
      for (const key of removed) if (!denials.has(key)) stale.delete(key);
    });
  for (const [key, value] of Object.entries(raw)) {
    const entries: readonly unknown[] = Array.isArray(value) ? value : [];
    const read = entries.flatMap((entry) => denialOf(key, entry)).slice(-limits.ofOrigin);
    set(key, read);
    if (read.length > 0 && read.length === entries.length) stale.delete(key);
  }
  removeOldest();
  return {
    isDenied: (question) =>
      current(keys.denials(question.origin)).some((one) => isSameQuestion(one, question)),
    list: () => [...denials.keys()].flatMap(current),
    add: ({ candidates: _candidates, ...question }) => {
      const key = keys.denials(question.origin);
      set(key, withDenials(current(key), [{ ...question, deniedAtMs: nowMs() }]));
      removeOldest();
      return store();
    },
    addInSameWrite: (added, write) =>
      enqueue(async () => {
        const merged = [...byKey(added)].map(
          ([key, ofOrigin]) => [key, withDenials(current(key), ofOrigin)] as const,
        );
        await write({
          entries: Object.fromEntries(merged),
          before: Object.fromEntries(merged.map(([key]) => [key, denials.get(key)])),
          commitToMemory: () => {
            for (const [key, all] of merged) set(key, all);
            for (const [key] of merged) stale.delete(key);
            removeOldest();
          },
        });
      }),
    forget: async (origin, isForgotten) => {
      const key = keys.denials(origin);
      const before = denials.get(key) ?? [];
      const remaining = before.filter((one) => !isForgotten(one));
      if (remaining.length < before.length) {
        set(key, remaining);
        await store();
      }
      return current(key).length === 0;
    },
    prune: async () => {
      for (const [key, all] of denials) {
        const recent = current(key);
        if (recent.length < all.length) set(key, recent);
      }
      if (stale.size > 0) await store();
    },
  };
}

/** As for refusals: a timestamp in the future was written before the clock was set back, and must not count for longer than others. */
function isRecent(deniedAtMs: number, nowMs: number): boolean {
  return Math.abs(nowMs - deniedAtMs) < denialLifetimeMs;
}

function denialOf(key: string, entry: unknown): Denial[] {
  const parsed = v.safeParse(DenialSchema, entry);
  return parsed.success && keys.denials(parsed.output.origin) === key ? [parsed.output] : [];
}

/** Denials by the key of their origin. */
function byKey(denials: readonly Denial[]): ReadonlyMap<string, readonly Denial[]> {
  const found = new Map<string, Denial[]>();
  for (const one of denials) {
    const key = keys.denials(one.origin);
    found.set(key, [...(found.get(key) ?? []), one]);
  }
  return found;
}

/** The denials of an origin with some more, each in place of one of the same question: the latest, as many as are kept. */
function withDenials(before: readonly Denial[], added: readonly Denial[]): readonly Denial[] {
  const others = before.filter((one) => !added.some((other) => isSameQuestion(one, other)));
  return [...others, ...added]
    .toSorted((one, other) => one.deniedAtMs - other.deniedAtMs)
    .slice(-limits.ofOrigin);
}

/** The keys beyond a number of them, those whose last denial is the oldest. */
function oldest(entries: readonly [string, readonly Denial[]][], limit: number): string[] {
  if (entries.length <= limit) return [];
  const lastOf = ([, denials]: (typeof entries)[number]): number => denials.at(-1)?.deniedAtMs ?? 0;
  const sorted = entries.toSorted((one, other) => lastOf(one) - lastOf(other));
  return sorted.slice(0, entries.length - limit).map(([key]) => key);
}
