import * as v from 'valibot';
import { GrantedPathsSchema } from '#core/grant/granted-paths-schema.ts';
import { accessLevels, isChoiceKey, type ChosenSites } from '#core/grant/page-grant.ts';
import { invalidMembers, type ClientId } from '#core/client/client-configuration.ts';
import { providerMemberSchemas } from '#core/provider/provider-schemas.ts';
import { clientAuthenticationMethods, providerTypes } from '#core/provider/provider-type.ts';
import {
  maxLabelLength,
  probableCauses,
  sessionStatuses,
  type SessionId,
} from '#core/session/session.ts';
import { SiteKeySchema } from '#core/session/site-schemas.ts';
import type { Origin } from '#core/values/origin.ts';
import { isGrantee } from '#core/values/origin.ts';
import type {
  DecryptedGrant,
  SessionEntry,
  SitesEntry,
  StoredAccess,
  StoredClient,
  StoredGrant,
  StoredPolicy,
} from './schema.ts';
import { SealedSchema } from './sealed.ts';

/** The result of parsing one entry: the entity, or the paths of the members that are wrong. */
export type Parsed<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly wrong: readonly string[] };

const instant = v.pipe(v.number(), v.minValue(0));
const count = v.pipe(v.number(), v.integer(), v.minValue(0));
const clientId = v.custom<ClientId>((input) => v.is(v.pipe(v.string(), v.uuid()), input));
const sessionId = v.custom<SessionId>((input) => v.is(v.pipe(v.string(), v.uuid()), input));
const origin = v.custom<Origin>(isGrantee);

const ClientSchema = v.object({
  id: clientId,
  name: v.string(),
  description: v.string(),
  type: v.picklist(providerTypes),
  clientId: v.string(),
  clientAuthentication: v.picklist(clientAuthenticationMethods),
  authorizationEndpoint: v.string(),
  tokenEndpoint: v.string(),
  scopes: v.array(v.string()),
  removedScopes: v.array(v.string()),
  keyPair: v.exactOptional(
    v.object({ id: v.pipe(v.string(), v.uuid()), publicKeyPem: v.string() }),
  ),
  rejectedAtMs: v.exactOptional(instant),
  redirectUriSuffix: v.string(),
  createdAtMs: instant,
  updatedAtMs: instant,
  sealedClientSecret: v.exactOptional(SealedSchema),
  policy: v.exactOptional(
    v.object({
      id: v.string(),
      hasSecret: v.boolean(),
      keyDigest: v.exactOptional(v.string()),
    }),
  ),
  ...providerMemberSchemas(),
});
const SiteSchema = v.object({
  ...SiteKeySchema.entries,
  url: v.string(),
  name: v.string(),
  avatarUrl: v.exactOptional(v.string()),
  scopes: v.array(v.string()),
});

const JournalSchema = v.object({
  generation: count,
  startedAtMs: instant,
  attempts: count,
  lastAttemptAtMs: v.exactOptional(instant),
  lateAtMs: v.exactOptional(instant),
});

const SessionSchema = v.object({
  id: sessionId,
  clientId,
  account: v.object({
    accountId: v.exactOptional(v.string()),
    key: v.exactOptional(v.string()),
    name: v.exactOptional(v.string()),
    email: v.exactOptional(v.string()),
  }),
  label: v.exactOptional(v.pipe(v.string(), v.maxLength(maxLabelLength))),
  isIdentified: v.boolean(),
  renews: v.exactOptional(sessionId),
  scopes: v.array(v.string()),
  status: v.picklist(sessionStatuses),
  statusSinceMs: instant,
  generation: count,
  signedInAtMs: instant,
  refreshedAtMs: instant,
  endsAtMs: v.exactOptional(instant),
  refreshTokenExpiresAtMs: v.exactOptional(instant),
  unknownRefusals: v.exactOptional(v.object({ error: v.string(), count })),
  probableCause: v.exactOptional(v.picklist(probableCauses)),
  journal: v.exactOptional(JournalSchema),
  sealedRefreshToken: v.exactOptional(SealedSchema),
  sealedAccessToken: v.exactOptional(SealedSchema),
});

const SitesSchema = v.object({
  id: sessionId,
  sites: v.array(SiteSchema),
  sitesReadAtMs: instant,
  unreadableSites: v.exactOptional(count),
  lostSites: v.array(SiteSchema),
});

const GrantSchema = v.object({ origin, revision: count, sealed: SealedSchema });
const PolicySchema = v.object({ revision: count, atMs: instant, sealed: SealedSchema });
const AccessSchema = v.object({
  token: v.string(),
  issuedAtMs: instant,
  expiresAtMs: instant,
  generation: count,
  binding: v.string(),
  usedAtMs: v.exactOptional(instant),
});

const GrantedAccountSchema = v.object({
  accountId: v.exactOptional(v.string()),
  key: v.exactOptional(v.string()),
});

const ChosenSchema = v.record(
  v.pipe(v.string(), v.maxLength(128), v.check(isChoiceKey)),
  v.object({ ...SiteKeySchema.entries, sessionId: v.exactOptional(sessionId) }),
);

const PageGrantSchema = v.object({
  origin,
  sites: v.array(
    v.object({
      ...SiteKeySchema.entries,
      sessionId,
      account: v.exactOptional(GrantedAccountSchema),
    }),
  ),
  access: v.picklist(accessLevels),
  grantedAtMs: instant,
  chosen: ChosenSchema,
  browserSession: v.exactOptional(v.string()),
  paths: v.exactOptional(GrantedPathsSchema),
  isPaused: v.exactOptional(v.literal(true)),
  awaited: v.exactOptional(
    v.array(
      v.object({
        sessionId,
        clientId,
        account: GrantedAccountSchema,
        name: v.exactOptional(v.string()),
      }),
    ),
  ),
});

/**
 * Parses a stored client configuration, and checks its endpoints: in Firefox a content script can write to `storage.local`,
 * and the encrypted secrets of the entry would be sent to a forged endpoint.
 */
export const parseClient = (raw: unknown): Parsed<StoredClient> => {
  const parsed = parse<StoredClient>(ClientSchema, raw);
  const wrong = parsed.ok ? invalidMembers(parsed.value) : [];
  return wrong.length > 0 ? { ok: false, wrong } : parsed;
};
/** Parses a stored session, which is without its sites. */
export const parseSession = (raw: unknown): Parsed<SessionEntry> => parse(SessionSchema, raw);
/** Parses the stored sites of a session. */
export const parseSites = (raw: unknown): Parsed<SitesEntry> => parse(SitesSchema, raw);
/** Parses a stored grant, which is still encrypted. */
export const parseGrant = (raw: unknown): Parsed<StoredGrant> => parse(GrantSchema, raw);
/** Parses a grant after decryption. */
export const parsePageGrant = (raw: unknown): Parsed<DecryptedGrant> => parse(PageGrantSchema, raw);
/** Parses the stored policy, which is still encrypted; undefined when there is none, or when it is damaged. */
export function parseStoredPolicy(raw: unknown): StoredPolicy | undefined {
  const parsed = parse<StoredPolicy>(PolicySchema, raw);
  return parsed.ok ? parsed.value : undefined;
}
/** What the person chose on the pages of the policy; nothing of an entry that is damaged. */
export function parsePolicyChoices(raw: unknown): ReadonlyMap<Origin, ChosenSites> {
  const entries = typeof raw === 'object' && raw !== null ? Object.entries(raw) : [];
  return new Map(
    entries.flatMap(([one, chosen]) =>
      isGrantee(one) && v.is(ChosenSchema, chosen) ? [[one, chosen]] : [],
    ),
  );
}
/** Parses an access token of `storage.session`. */
export const parseAccess = (raw: unknown): Parsed<StoredAccess> => parse(AccessSchema, raw);

function parse<T>(schema: v.GenericSchema<unknown, T>, raw: unknown): Parsed<T> {
  const parsed = v.safeParse(schema, raw);
  if (parsed.success) return { ok: true, value: parsed.output };
  return { ok: false, wrong: parsed.issues.map((issue) => v.getDotPath(issue) ?? '') };
}
