import type { ClientId } from '#core/client/client-configuration.ts';
import { destinationOf } from '#core/client/secret-destination.ts';
import { holderOf, isUsable, type SessionId } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import { parseClient, parseGrant, parseSession, parseSites, type Parsed } from './parse-stored.ts';
import {
  keys,
  prefixes,
  type SessionEntry,
  type SitesEntry,
  type StoredClient,
  type StoredGrant,
} from './schema.ts';

/** How entities of one kind are stored and compared. */
export interface EntityKind<Id extends string, Entity> {
  readonly prefix: string;
  key(id: Id): string;
  idOf(entity: Entity): Id;
  parse(raw: unknown): Parsed<Entity>;
  /** Of two copies of an entity, the one with the higher version is newer. */
  versionOf(entity: Entity): number;
  /**
   * The format of its secrets. Of two entries of the same version, a second read prefers the one with the higher format: another
   * context has encrypted it again.
   */
  formatOf?(entity: Entity): number;
  /** Where its secrets may be sent, and whose they are. If two copies of the same version differ in this, the mirror's is used. */
  bindingOf?(entity: Entity): string;
  /** Which copy a write must reach to succeed: `storage.local`, or either of the two. */
  readonly durableIn: 'local' | 'either';
}

/** Client configurations. */
export const clientKind: EntityKind<ClientId, StoredClient> = {
  prefix: prefixes.client,
  key: keys.client,
  idOf: ({ id }) => id,
  parse: parseClient,
  versionOf: ({ updatedAtMs }) => updatedAtMs,
  bindingOf: destinationOf,
  durableIn: 'local',
};

/** Sessions. A rotated refresh token must not be lost as long as one of the two copies can be written. */
export const sessionKind: EntityKind<SessionId, SessionEntry> = {
  prefix: prefixes.session,
  key: keys.session,
  idOf: ({ id }) => id,
  parse: parseSession,
  // A copy with a recorded attempt is newer than one without: losing the record is worse than one more request. One with
  // the late attempt is newer still, because a second late request may count as a replay; then one that needs a sign-in,
  // which only the next generation ends. The account is read once.
  versionOf: ({ generation, journal, isIdentified, status }) => {
    const version = generation + (isIdentified ? 0.125 : 0);
    if (!isUsable({ status })) return version + 0.8125;
    if (journal === undefined) return version;
    return version + (journal.lateAtMs === undefined ? 0.5 : 0.75);
  },
  formatOf: ({ sealedRefreshToken, sealedAccessToken }) =>
    (sealedRefreshToken ?? sealedAccessToken)?.k ?? 0,
  bindingOf: (session) => `${session.clientId} ${holderOf(session)}`,
  durableIn: 'either',
};

/** The sites of sessions. */
export const sitesKind: EntityKind<SessionId, SitesEntry> = {
  prefix: prefixes.sites,
  key: keys.sites,
  idOf: ({ id }) => id,
  parse: parseSites,
  versionOf: ({ sitesReadAtMs }) => sitesReadAtMs,
  // All of it: the mirror is written first, and no content script can write to it.
  bindingOf: (sites) => JSON.stringify(sites),
  durableIn: 'either',
};

/** Page grants, encrypted. */
export const grantKind: EntityKind<Origin, StoredGrant> = {
  prefix: prefixes.grant,
  key: keys.grant,
  idOf: ({ origin }) => origin,
  parse: parseGrant,
  versionOf: ({ revision }) => revision,
  durableIn: 'local',
};

/** Any kind; the types of its id and entity are unknown. */
export type AnyKind = EntityKind<never, never>;
/** All kinds that are stored in two copies. */
export const entityKinds = [
  clientKind,
  sessionKind,
  sitesKind,
  grantKind,
] as unknown as readonly AnyKind[];

/** Parses the entity under a key. Its id has to match the key. */
export function readEntry<Id extends string, Entity>(
  kind: EntityKind<Id, Entity>,
  key: string,
  raw: unknown,
): Parsed<Entity> {
  const parsed = kind.parse(raw);
  if (parsed.ok && kind.key(kind.idOf(parsed.value)) !== key) return { ok: false, wrong: ['id'] };
  return parsed;
}
