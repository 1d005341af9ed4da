import * as v from 'valibot';
import { scopeKinds } from '#core/quota/limit-scope.ts';
import type { QuotaHour } from '#core/quota/quota-hour.ts';
import type { Origin } from '#core/values/origin.ts';
import { keys } from '#storage/schema.ts';
import type { World } from '../platform/world.ts';
import type { ClosedScope } from './closed-scopes.ts';

const number = v.pipe(v.number(), v.finite());

const HourSchema = v.object({
  key: v.string(),
  hour: number,
  calls: number,
  objects: number,
  limited: number,
  held: number,
  quota: v.exactOptional(number),
  announced: v.exactOptional(
    v.object({
      remaining: number,
      atPoints: number,
      by: v.optional(v.picklist(['jira-cloud', 'other-cloud', 'other'])),
    }),
  ),
  scarce: v.exactOptional(number),
  used: v.array(v.tuple([v.custom<Origin>((input) => typeof input === 'string'), number])),
});

const QuotaSchema = v.object({
  hours: v.array(HourSchema),
  closed: v.array(
    v.object({
      kind: v.picklist(scopeKinds),
      key: v.string(),
      untilMs: number,
      count: number,
      fields: v.array(v.tuple([v.string(), v.string()])),
    }),
  ),
});

/** What a new worker has to know of the limits: the current hours by their keys, and the scopes closed for the hour. */
export interface KnownQuota {
  readonly hours: readonly (readonly [string, QuotaHour])[];
  readonly closed: readonly ClosedScope[];
}

/** Keeps {@link KnownQuota} in `storage.session`. */
export interface StoredQuota {
  read(): Promise<KnownQuota>;
  /** Writes what is known after a moment, together with what changes until then. */
  changed(): void;
  /** Writes what is known. */
  writeNow(): void;
}

/** The time between two writes, in milliseconds. */
const writeEveryMs = 2000;

export function createStoredQuota(
  { session, after }: Pick<World, 'session' | 'after'>,
  known: () => KnownQuota,
): StoredQuota {
  let isDue = false;
  const writeNow = (): void => {
    const { hours, closed } = known();
    const stored = { hours: hours.map(toStored), closed };
    // Without it a new worker counts from zero.
    session.write({ [keys.quota]: stored }).catch(() => undefined);
  };
  return {
    read: async () => {
      const parsed = v.safeParse(
        QuotaSchema,
        await session.read(keys.quota).catch(() => undefined),
      );
      if (!parsed.success) return { hours: [], closed: [] };
      const { hours, closed } = parsed.output;
      return { hours: hours.map((hour) => [hour.key, fromStored(hour)]), closed };
    },
    changed: () => {
      if (isDue) return;
      isDue = true;
      after(writeEveryMs, () => {
        isDue = false;
        writeNow();
      });
    },
    writeNow,
  };
}

type StoredHour = v.InferOutput<typeof HourSchema>;

function toStored([key, hour]: readonly [string, QuotaHour]): StoredHour {
  const { announced, quota, scarce, used, ...counts } = hour;
  return {
    key,
    ...counts,
    ...(quota === undefined ? {} : { quota }),
    ...(announced === undefined ? {} : { announced: { ...announced } }),
    ...(scarce === undefined ? {} : { scarce }),
    used: [...used],
  };
}

function fromStored({ key: _, announced, quota, scarce, used, ...counts }: StoredHour): QuotaHour {
  return { ...counts, announced, quota, scarce, used: new Map(used) };
}
