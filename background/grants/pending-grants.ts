import * as v from 'valibot';
import { GrantedPathsSchema } from '#core/grant/granted-paths-schema.ts';
import { accessLevels, grantDurations } from '#core/grant/page-grant.ts';
import type { SessionId } from '#core/session/session.ts';
import { SiteKeySchema } from '#core/session/site-schemas.ts';
import { isFaultCode, type FaultCode } from '#core/values/fault.ts';
import { isGrantee, type Origin } from '#core/values/origin.ts';
import { keys, prefixes } from '#storage/schema.ts';
import type { PendingRequestKind } from '../storage/pending-requests.ts';

const PendingGrantSchema = v.object({
  origin: v.custom<Origin>(isGrantee),
  sites: v.pipe(
    v.array(
      v.object({
        ...SiteKeySchema.entries,
        sessionId: v.custom<SessionId>((input) => typeof input === 'string'),
      }),
    ),
    v.readonly(),
  ),
  access: v.picklist(accessLevels),
  duration: v.exactOptional(v.picklist(grantDurations)),
  paths: v.exactOptional(GrantedPathsSchema),
});

/** A grant that the person requested and that needs the host permission of its origin. */
export type PendingGrant = Readonly<v.InferOutput<typeof PendingGrantSchema>>;

export const pendingGrantKind: PendingRequestKind<PendingGrant> = {
  schema: PendingGrantSchema,
  keyOf: ({ origin }) => keys.pendingGrant(origin),
  prefix: prefixes.pendingGrant,
  // Long enough to read the prompt. A host that is allowed later, in the browser's settings, connects no page.
  lifetimeMs: 3 * 60_000,
};

const ConnectOutcomeSchema = v.object({
  origin: v.custom<Origin>(isGrantee),
  /**
   * `waiting`: it waits for the browser's permission. `connected`: a new grant. `changed`: an earlier grant was replaced.
   * `refused`: the browser's permission was denied. `ended`: the sessions ended meanwhile. `failed`: see `fault`.
   */
  result: v.picklist(['waiting', 'connected', 'changed', 'refused', 'ended', 'failed']),
  fault: v.exactOptional(v.object({ code: v.custom<FaultCode>(isFaultCode), message: v.string() })),
  /** With `ended` and `failed`: there was a grant, which is as it was. */
  isChange: v.exactOptional(v.literal(true)),
  /** It was reported to a popup. */
  isSaid: v.exactOptional(v.literal(true)),
});

/** What came of the last grant that the person prepared. */
export type ConnectOutcome = Readonly<v.InferOutput<typeof ConnectOutcomeSchema>>;

/** Reads a stored outcome; undefined when it is absent or damaged. */
export function parseConnectOutcome(raw: unknown): ConnectOutcome | undefined {
  const parsed = v.safeParse(ConnectOutcomeSchema, raw);
  return parsed.success ? parsed.output : undefined;
}
