import type { ClientConfiguration, ClientId } from '../core/client/client-configuration.ts';
import type { Session, SessionId } from '../core/session/session.ts';
import type { FieldProblem } from '../core/values/fault.ts';
import type { Origin } from '../core/values/origin.ts';
import type { Sealed } from './sealed.ts';

/** Version of everything in `storage.local`; migrations lead to it. */
export const schemaVersion = 4;

/**
 * Every key, one per entity, so that a write touches nothing else and damage stays where it is.
 *
 * `storage.local`: schema, settings, client, session, grant. Written by the background alone, cleared by deleting
 * the entity. All but the settings have a second copy in IndexedDB, the mirror. In `local` alone: damaged (an entry
 * that no copy has in one piece, under its old key), restored (which entries the mirror gave back) until the
 * person dismisses them; removed (keys that the mirror has still to forget). `storage.session`: access, flow,
 * outcome, pending-sign-in, pending-grant, refusals, upkeep. Gone when the browser closes.
 */
export const keys = {
  schema: 'schema',
  /** What differs from the defaults; no entry when nothing does. */
  settings: 'settings',
  client: (id: ClientId) => `client:${id}`,
  session: (id: SessionId) => `session:${id}`,
  grant: (origin: Origin) => `grant:${origin}`,
  damaged: (key: string) => `damaged:${key}`,
  restored: 'restored',
  removed: 'removed',
  access: (id: SessionId) => `access:${id}`,
  flow: 'flow',
  outcome: 'outcome',
  pendingSignIn: 'pending-sign-in',
  pendingGrant: (origin: Origin) => `pending-grant:${origin}`,
  upkeep: 'upkeep',
} as const;

/** The prefixes under which entities of one kind lie. */
export const prefixes = {
  client: 'client:',
  session: 'session:',
  grant: 'grant:',
  damaged: 'damaged:',
  pendingGrant: 'pending-grant:',
  refusals: 'refusals:',
} as const;

/** A configuration as it is stored. */
export interface StoredClient extends ClientConfiguration {
  readonly sealedClientSecret?: Sealed;
}

/** A session as it is stored: of an access token only what has no refresh token beside it. */
export interface StoredSession extends Session {
  readonly sealedRefreshToken?: Sealed;
  readonly sealedAccessToken?: Sealed;
}

/** A page grant as it is stored: sealed whole, for in Firefox a content script can write here. */
export interface StoredGrant {
  readonly origin: Origin;
  /** Grows with every change; a lower one than the key store remembers is a forgery. */
  readonly revision: number;
  readonly sealed: Sealed;
}

/** An access token in `storage.session`. */
export interface StoredAccess {
  readonly token: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly generation: number;
  /** What decided where it might be sent when it came, see `destinationOf`. */
  readonly destination: string;
  /** When a call was first made with it; absent when none was. */
  readonly usedAtMs?: number;
}

/** An entry that could not be read; nothing else is affected. */
export interface DamagedEntry {
  readonly key: string;
  readonly problems: readonly FieldProblem[];
}
