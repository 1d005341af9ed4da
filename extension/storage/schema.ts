import type { BoundSite, GrantedSite, PageGrant } from '#core/grant/page-grant.ts';
import type { ClientConfiguration, ClientId } from '#core/client/client-configuration.ts';
import type { Session, SessionId, SessionSites } from '#core/session/session.ts';
import type { FieldProblem } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { Sealed } from './sealed.ts';

/** The current version of the data in `storage.local`. Migrations convert older versions to it. */
export const schemaVersion = 7;

/**
 * All keys. Each entity has its own, so that a write or a damaged entry affects no other entity.
 *
 * `storage.local`: schema, settings, activity-days, activity-uses, client, session, sites, grant. Written by the background only, cleared by
 * deleting the entity. All but the settings, activity-days and activity-uses have a second copy in IndexedDB, the mirror. Without a second copy: damaged (an entry
 * that is damaged in both copies, under its original key) and restored (which entries came from the mirror), until the
 * user dismisses them; removed (keys that are still to be removed from the mirror); denials (the questions of an origin that
 * the person denied), for a week; policy and policy-choices. `storage.session`: policy-empty-since, browser-session, access, flow, outcome, pending-sign-in, pending-grant,
 * connect-outcome, refusals, upkeep, avatars, quota, activity, activity-counts, popup. Cleared when the browser closes, and
 * when the extension is updated, reloaded or disabled.
 */
export const keys = {
  schema: 'schema',
  /** The differences from the defaults; no entry without differences. */
  settings: 'settings',
  client: (id: ClientId) => `client:${id}`,
  session: (id: SessionId) => `session:${id}`,
  /** The sites of a session. */
  sites: (id: SessionId) => `sites:${id}`,
  grant: (origin: Origin) => `grant:${origin}`,
  damaged: (key: string) => `damaged:${key}`,
  restored: 'restored',
  removed: 'removed',
  denials: (origin: Origin) => `denials:${origin}`,
  /** The organization's policy that was applied last. */
  policy: 'policy',
  /** What the person chose between the sites of the pages that the policy connects, by origin. */
  policyChoices: 'policy-choices',
  /** Since when the browser reports no policy although one is kept, in epoch milliseconds. */
  policyEmptySince: 'policy-empty-since',
  /** A random id. Grants that end with the browser session name it. */
  browserSession: 'browser-session',
  access: (id: SessionId) => `access:${id}`,
  flow: 'flow',
  outcome: 'outcome',
  pendingSignIn: 'pending-sign-in',
  pendingGrant: (origin: Origin) => `pending-grant:${origin}`,
  /** What came of the last pending grant. */
  connectOutcome: 'connect-outcome',
  upkeep: 'upkeep',
  avatars: 'avatars',
  quota: 'quota',
  /** A tenth of the latest entries of the activity log: 400,000 characters in all ten together. */
  activity: (chunk: number) => `activity:${String(chunk)}`,
  /** What activity-days does not have yet. */
  activityCounts: 'activity-counts',
  /** How many calls of each origin ended how, on each of 30 days. At most 1,000 origins. */
  activityDays: 'activity-days',
  /** When each granted site and each origin last called. At most 1,000 of them. */
  activityUses: 'activity-uses',
  /** What a popup shows before the worker has started. */
  popup: 'popup',
} as const;

/** The prefixes of the keys of each kind. */
export const prefixes = {
  client: 'client:',
  session: 'session:',
  sites: 'sites:',
  grant: 'grant:',
  damaged: 'damaged:',
  denials: 'denials:',
  pendingGrant: 'pending-grant:',
  refusals: 'refusals:',
} as const;

/** A configuration as it is stored. */
export interface StoredClient extends ClientConfiguration {
  readonly sealedClientSecret?: Sealed;
  /** Of a client that the organization's policy gives. */
  readonly policy?: {
    /** The id of the client in the policy. */
    readonly id: string;
    /** Whether the policy gives its secret or its private key, too. Otherwise the person enters it. */
    readonly hasSecret: boolean;
    /** The SHA-256 of the private key that the policy gives, in hexadecimal digits. */
    readonly keyDigest?: string;
  };
}

/** The organization's policy as it is stored: encrypted as a whole, as a grant is. */
export interface StoredPolicy {
  /** Increases with every change. A lower one than the key store has recorded is not accepted. */
  readonly revision: number;
  /** When it was applied. */
  readonly atMs: number;
  /** The JSON text of `storage.managed`. */
  readonly sealed: Sealed;
}

/** A session with its encrypted token. It has an encrypted access token only when it has no refresh token. */
export interface StoredSession extends Session {
  readonly sealedRefreshToken?: Sealed;
  readonly sealedAccessToken?: Sealed;
}

/** A session as it is stored under its own key: without its sites, which can be thousands, because each refresh writes it. */
export type SessionEntry = Omit<StoredSession, keyof SessionSites>;

/** The sites of a session as they are stored. */
export interface SitesEntry extends SessionSites {
  /** The id of the session. */
  readonly id: SessionId;
}

/** A page grant as it is stored: encrypted as a whole, because in Firefox a content script can write to `storage.local`. */
export interface StoredGrant {
  readonly origin: Origin;
  /** Increases with every change. A lower one than the key store has recorded is not accepted. */
  readonly revision: number;
  readonly sealed: Sealed;
}

/** A grant after decryption. Earlier versions did not bind its sites to accounts. */
export interface DecryptedGrant extends Omit<PageGrant, 'sites'> {
  readonly sites: readonly (GrantedSite & Partial<BoundSite>)[];
}

/** An access token in `storage.session`. */
export interface StoredAccess {
  readonly token: string;
  readonly issuedAtMs: number;
  readonly expiresAtMs: number;
  readonly generation: number;
  /** Where it could be sent when it was issued, and whose session it was, see `tokenBinding`. */
  readonly binding: string;
  /** When the first call was made with it; absent before that. */
  readonly usedAtMs?: number;
}

/** An entry that could not be parsed, with the problems of its members. */
export interface DamagedEntry {
  readonly key: string;
  readonly problems: readonly FieldProblem[];
}
