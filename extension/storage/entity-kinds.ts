import { destinationOf } from '../core/client/secret-destination.ts';
import type { ClientId } from '../core/client/client-configuration.ts';
import type { SessionId } from '../core/session/session.ts';
import type { Origin } from '../core/values/origin.ts';
import { parseClient, parseGrant, parseSession, type Parsed } from './parse-stored.ts';
import {
  keys,
  prefixes,
  type StoredClient,
  type StoredGrant,
  type StoredSession,
} from './schema.ts';

/** How entities of one kind are stored. */
export interface EntityKind<Id extends string, Entity> {
  readonly prefix: string;
  key(id: Id): string;
  idOf(entity: Entity): Id;
  parse(raw: unknown): Parsed<Entity>;
  /** Of two copies of an entity the one with the higher version is the newer. */
  versionOf(entity: Entity): number;
  /** What decides where its secrets go: of two copies of one version, that of the mirror is believed. */
  destinationOf?(entity: Entity): string;
  /** Where a write has to arrive to count: in `storage.local`, or in either of the two copies. */
  readonly durableIn: 'local' | 'either';
}

/** Configurations. */
export const clientKind: EntityKind<ClientId, StoredClient> = {
  prefix: prefixes.client,
  key: keys.client,
  idOf: ({ id }) => id,
  parse: parseClient,
  versionOf: ({ updatedAtMs }) => updatedAtMs,
  destinationOf: destinationOf,
  durableIn: 'local',
};

/** Sessions. A rotated refresh token must not be lost while one of the two stores takes it. */
export const sessionKind: EntityKind<SessionId, StoredSession> = {
  prefix: prefixes.session,
  key: keys.session,
  idOf: ({ id }) => id,
  parse: parseSession,
  // An attempt that was noted counts as half a step: forgetting it costs more than asking once again. The late one
  // counts as more: sent twice, it is a replay.
  versionOf: ({ generation, journal }) => {
    if (journal === undefined) return generation;
    return generation + (journal.lateAtMs === undefined ? 0.5 : 0.75);
  },
  destinationOf: ({ clientId }) => clientId,
  durableIn: 'either',
};

/** Page grants, sealed. */
export const grantKind: EntityKind<Origin, StoredGrant> = {
  prefix: prefixes.grant,
  key: keys.grant,
  idOf: ({ origin }) => origin,
  parse: parseGrant,
  versionOf: ({ revision }) => revision,
  durableIn: 'local',
};

/** A kind of which nothing is known but that there is one. */
export type AnyKind = EntityKind<never, never>;
/** Everything that is kept twice. */
export const entityKinds = [clientKind, sessionKind, grantKind] as unknown as readonly AnyKind[];

/** The entity under its own key, or what is wrong with it. */
export function readEntry<Id extends string, Entity>(
  kind: EntityKind<Id, Entity>,
  key: string,
  raw: unknown,
): Parsed<Entity> {
  const parsed = kind.parse(raw);
  if (parsed.ok && kind.key(kind.idOf(parsed.value)) !== key) return { ok: false, wrong: ['id'] };
  return parsed;
}
