import type { ActivityEntry } from '#core/activity/activity-entry.ts';
import type { DayCount } from '#core/activity/day-counts.ts';
import type { Access, GrantDuration, GrantedSite } from '#core/grant/page-grant.ts';
import type { ClientDraft, ClientId, DraftSecret } from '#core/client/client-configuration.ts';
import type { ProblemName } from '#core/protocol/oauth1-problems.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import type { SignatureDiagnostics } from '#core/protocol/signature-diagnostics.ts';
import type { Account, ProbableCause, SessionId, SessionStatus } from '#core/session/session.ts';
import type { CloudId, Product, SiteKey } from '#core/session/site.ts';
import type { Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { SettingName, Settings } from '#core/values/settings.ts';
import type { PermitRule } from './page-api.ts';

/** A client configuration for the extension's pages: whether it has a secret, never the secret. */
export interface ClientView extends Omit<ClientDraft, DraftSecret> {
  readonly id: ClientId;
  readonly hasSecret: boolean;
  /** When the token endpoint last rejected the client ID or secret; absent after it accepted them or they were changed. */
  readonly rejectedAtMs?: number;
  /** The callback URL to register for this client, in this browser. */
  readonly redirectUri: string;
  /** The public key for RSA-SHA1 signatures, in PEM. */
  readonly publicKeyPem?: string;
  /** The private key is missing: requests cannot be signed until the client has a new key pair. */
  readonly isKeyPairLost?: boolean;
  /** The field without which no sign-in can succeed; absent when the client has all that its provider needs. */
  readonly missingField?: DraftSecret;
  /** The organization's policy gives it: only a secret that the policy does not give can be changed. */
  readonly managed?: { readonly hasSecret: boolean };
}

/** A request signed with OAuth 1.0a, and the server's response. Contains no token. */
export interface SignedRequestView {
  readonly atMs: number;
  readonly phase: 'temporary-credentials' | 'token-credentials' | 'renewal' | 'call';
  readonly signature: SignatureDiagnostics;
  /** The HTTP status of the response. */
  readonly status: number;
  /** The reason for which the server rejected the request. */
  readonly problem?: ProblemName;
  /** How far the signed timestamp was ahead of this computer's clock, in milliseconds. */
  readonly usedOffsetMs: number;
  /** How far the server's clock is ahead, in milliseconds; undefined without a `Date` header. */
  readonly answeredOffsetMs: number | undefined;
}

/** The result of a test of a client's signatures. */
export interface Diagnosis {
  /** Newest first: the requests of this test, and others sent shortly before. */
  readonly requests: readonly SignedRequestView[];
  /** Absent when the server accepted every signature. */
  readonly fault?: Fault;
  /** Whether a request with a session's token was sent. */
  readonly hasCalled: boolean;
}

/** A site for the extension's pages. The avatar is a data URL, because their CSP allows no other image. */
export interface SiteView extends SiteKey {
  readonly url: string;
  readonly name: string;
  readonly avatarDataUrl?: string;
}

/** The account of a session, for the extension's pages. */
export interface AccountView extends Omit<Account, 'key'> {
  /** The person's own name for the session. */
  readonly label?: string;
}

/** A session for the extension's pages. */
export interface SessionView {
  readonly id: SessionId;
  readonly clientId: ClientId;
  readonly clientName: string;
  readonly account: AccountView;
  readonly status: SessionStatus;
  readonly statusSinceMs: number;
  /** When the session ends; only for a session that cannot be refreshed. */
  readonly endsAtMs?: number;
  /** The session cannot be refreshed and ends earlier than the settings require. */
  readonly isShortLived: boolean;
  /** The token endpoint rejects the session's client. */
  readonly isClientRejected: boolean;
  /** Why the session needs a new sign-in, if there is a guess. */
  readonly probableCause?: ProbableCause;
  /** The OAuth error, unknown to Threelo, with which the token endpoint repeatedly refuses to refresh the session. */
  readonly refreshError?: string;
  /** The client's RSA private key is missing: calls fail until the client has a new key pair. */
  readonly isKeyPairLost?: boolean;
  readonly sites: readonly SiteView[];
  /** When the stored sites were last read from the provider. */
  readonly sitesReadAtMs?: number;
  /** How many entries of that list could not be read; absent when there was none. */
  readonly unreadableSites?: number;
  /** Sites that the session no longer reaches. */
  readonly lostSites: readonly SiteView[];
  /** False while the account is unknown, because it could not be read. Pages cannot be connected to such a session. */
  readonly isIdentified: boolean;
  /** Scopes of the client that were not granted. */
  readonly missingScopes: readonly string[];
}

/** A connected page, or another extension that was granted access, for the extension's pages. */
export interface GrantView {
  /** The origin of the pages, or the key of the extension, see `extensionIdOf`. */
  readonly origin: Origin;
  readonly access: Access;
  readonly grantedAtMs: number;
  readonly sites: readonly (SiteView & {
    readonly sessionId: SessionId;
    readonly account: AccountView;
  })[];
  /**
   * False when the browser withholds the host permission: the grant is suspended until it is allowed again. Always true for
   * another extension, which needs none.
   */
  readonly hasHostPermission: boolean;
  /** False for another extension while the setting `otherExtensions` is off: the grant is suspended until it is on again. */
  readonly isServed: boolean;
  readonly duration: GrantDuration;
  /** Whether it may last longer than the browser session: a setting. */
  readonly mayLast: boolean;
  /** The prefixes of the paths that may be called; absent for every path. */
  readonly paths?: readonly string[];
  /** The person has paused it: nothing is served until `grant.pause` resumes it. */
  readonly isPaused?: true;
  /** Of an imported connection: whose sign-ins some of its sites wait for. They are not among its sites. */
  readonly awaited?: readonly AwaitedView[];
  /** The organization's policy makes it: only its choices can be changed. */
  readonly isManaged?: true;
  /** The organization's policy blocks its origin: it is suspended. */
  readonly isBlocked?: true;
  /** The choices between its sites, see `grant.choose`. */
  readonly choices: readonly ChoiceView[];
  /** When it last called, as far as that was recorded. */
  readonly lastUsedAtMs?: number;
  /** How many calls it made in the last 30 days, however they ended; absent when none was recorded. */
  readonly callsIn30Days?: number;
}

/** An account that has to sign in with a client until its sites can be called. */
export interface AwaitedView {
  readonly clientId: ClientId;
  /** What the account is called, as far as that is known. */
  readonly name?: string;
  readonly siteCount: number;
}

/** Which of several granted sites the calls use that name none, or which account the calls of a site. */
export interface ChoiceView {
  /** Identifies the choice in its grant. */
  readonly key: string;
  readonly product: Product;
  /** The site, when the choice is between its accounts. */
  readonly cloudId?: CloudId;
  /** The session, when the choice is between the sites of its account. */
  readonly sessionId?: SessionId;
  /** Absent when the next call asks. */
  readonly chosen?: GrantedSite;
  /** Some of the sites of the grant. */
  readonly candidates: readonly GrantedSite[];
}

/** A question that the person denied. Until `endsAtMs` it is refused without being shown. */
export interface DenialView extends Pick<AskView, 'kind' | 'origin' | 'access'> {
  readonly id: string;
  /** For `site`: what the calls named, as in `ChoiceView`. */
  readonly product?: Product;
  readonly cloudId?: CloudId;
  readonly sessionId?: SessionId;
  /** For `access`: the products that were named; absent for every product. */
  readonly products?: readonly Product[];
  /** For `access`: the path prefixes that were named, `/` for every path; absent when none was. */
  readonly paths?: readonly string[];
  readonly deniedAtMs: number;
  readonly endsAtMs: number;
}

/** The sign-in in progress, or the outcome of the last one until it is dismissed. */
export interface FlowView {
  readonly clientId: ClientId;
  readonly clientName: string;
  /** Absent when the client was deleted. */
  readonly clientType?: ProviderType;
  /** The callback URL that has to be registered for the client; absent when the client was deleted. */
  readonly redirectUri?: string;
  readonly state: 'waiting' | 'exchanging' | 'succeeded' | 'failed';
  readonly startedAtMs: number;
  /** Present when `state` is `failed`. With `succeeded` it can only be `no_site` or `sites_unread`. */
  readonly fault?: Fault;
  /** With `flow_closed`: the person cancelled the sign-in in Threelo. */
  readonly isCancelled?: true;
  readonly sessionId?: SessionId;
  /** The session to renew. Another `sessionId` means that the person signed in with another account. */
  readonly renews?: SessionId;
  /** The account of `sessionId`, while that session exists. */
  readonly account?: AccountView;
  /** The account of `renews`, while that session exists. */
  readonly renewedAccount?: AccountView;
}

/** A sign-in with its id, see `flow.get`. */
export interface CreatedFlow extends FlowView {
  readonly id: string;
}

/** What the options page shows in every view. Sessions and grants are listed in parts. */
export interface Overview {
  readonly clients: readonly ClientView[];
  /** The questions of pages that the person denied in the last seven days. */
  readonly denials: readonly DenialView[];
  readonly flow?: FlowView;
  /** Match patterns to request: hosts that sessions or the manifest need and whose permission is missing. */
  readonly missingHostPatterns: readonly string[];
  /** Match patterns to request before a sign-in, by client; no entry when none is missing. */
  readonly missingHostPatternsOf: Readonly<Record<ClientId, readonly string[]>>;
  /** Match patterns to request: pages that the organization's policy connects and hosts of its clients. */
  readonly missingPolicyPatterns: readonly string[];
  /** How many sessions each client has; no entry when there is none. */
  readonly sessionCountOf: Readonly<Record<ClientId, number>>;
  /** Stored entries that could not be read. */
  readonly storageFaults: readonly Fault[];
}

/** The settings. Units and bounds are in `settingFields`. */
export interface SettingsView {
  readonly values: Settings;
  readonly defaults: Settings;
  /** Those that the organization's policy sets. */
  readonly managed: readonly SettingName[];
}

/** What the app of a client did in the current clock hour of UTC, in this browser. */
export interface QuotaView {
  readonly clientId: ClientId;
  /** Calls of pages that were sent. */
  readonly calls: number;
  /** An estimate: one for each call and one for each object that a read returned. */
  readonly points: number;
  /** The points of the hour, for all who use the app; undefined when there is no quota, or none is known. */
  readonly quota: number | undefined;
  /** Responses that said that a limit was reached. */
  readonly limited: number;
  /** Calls that were answered with 429 without being sent. */
  readonly held: number;
  /** When calls are sent again after the points were used up, in epoch milliseconds; undefined while they are sent. */
  readonly closedUntilMs: number | undefined;
}

/** Something that was recorded, and why it was refused, in the words of `threelo.can`. */
export type ActivityEntryView = ActivityEntry & {
  /**
   * Of a call that was refused: by which rule; absent when it was not a rule, e.g. a limit. Of a call for which the session
   * lacked a scope: `scopes` or `closed-to-3lo`, as far as is known now.
   */
  readonly rule?: PermitRule;
  /**
   * With `scopes`: those that the operation needs and the session lacks now. Absent when it lacks none any more, when the
   * session is gone or the operation not known, and when the table of operations cannot be read.
   */
  readonly missingScopes?: readonly string[];
};

/** Whose session called a site. */
export interface CallingSession {
  readonly id: SessionId;
  readonly account: AccountView;
  readonly clientId: ClientId;
}

/** What pages and other extensions did: entries of this browser session, and the calls of the last 30 days. */
export interface ActivityView {
  /** False while the setting `activityLog` is off: nothing is recorded, and nothing is listed. */
  readonly isOn: boolean;
  /** The sessions that the entries name, as far as they still exist. */
  readonly sessions: readonly CallingSession[];
  /** The latest first. */
  readonly entries: readonly ActivityEntryView[];
  /** How the calls ended, by origin and day. */
  readonly days: readonly DayCount[];
}

/** What the deletion of a client would affect. */
export interface ClientImpact {
  readonly sessions: readonly SessionView[];
  readonly origins: readonly Origin[];
}

/** The result of an import, which creates all configurations or fails. */
export interface ImportResult {
  readonly created: readonly ClientView[];
}

/** A question of a connected page that the person has not answered. */
export interface AskView {
  readonly id: string;
  readonly origin: Origin;
  /** `site`: to choose one of several granted sites or accounts. `access`: to allow more sites, or write access. */
  readonly kind: 'site' | 'access';
  /** For `site`: what the calls name, as in {@link ChoiceView}. */
  readonly product?: Product;
  readonly cloudId?: CloudId;
  readonly sessionId?: SessionId;
  readonly access: Access;
  /** How long the grant lasts now; `always` without a grant. */
  readonly duration: GrantDuration;
  /** Whether it may last longer than the browser session: a setting. */
  readonly mayLast: boolean;
  /** For `access`: the path prefixes to propose, those that are granted already among them; absent for every path. */
  readonly paths?: readonly string[];
  /** The path prefixes that are granted already; absent for every path, and without a grant. */
  readonly grantedPaths?: readonly string[];
  /** The sites that may be called already, without images. Those to choose from: `site.find` with `askId`. */
  readonly granted: GrantView['sites'];
  /** The access that is granted already; absent without a grant. */
  readonly grantedAccess?: Access;
  /** For `site`: the site, when the choice is between its accounts. Without its image. */
  readonly site?: SiteView;
}
