import type { Product } from '#core/session/site.ts';
import type { SessionId } from '#core/session/session.ts';
import type { Access } from '#core/grant/page-grant.ts';
import type { ClientId, DraftSecret } from '#core/client/client-configuration.ts';
import type { ScopedAccess } from '#core/session/scoped-access.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import type { Fault } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type {
  AccountView,
  ActivityEntryView,
  ClientView,
  DenialView,
  FlowView,
  GrantView,
  SessionView,
  SiteView,
} from './views.ts';

/** The most rows of a list in one reply. */
export const maxRows = 60;

/** A part of a list. */
export interface Listed<Row> {
  /** How many there are, whatever the filter. */
  readonly total: number;
  /** How many match the filter. */
  readonly matching: number;
  /** Those from the requested offset on, {@link maxRows} at most. */
  readonly rows: readonly Row[];
}

/**
 * Why a session serves no call, or a site of it none.
 * - `sign-in`: the session needs a new sign-in.
 * - `client-rejected`: the token endpoint rejects the client.
 * - `key-lost`: the client's RSA private key is missing.
 * - `refresh-refused`: the token endpoint repeatedly refuses to refresh the session, see `SessionView.refreshError`.
 * - `account-unknown`: the account of the session could not be read.
 * - `other-account`: the session has another account than the one that was granted.
 * - `site-lost`: the session no longer reaches the site.
 */
export type SessionProblem =
  | 'sign-in'
  | 'client-rejected'
  | 'key-lost'
  | 'refresh-refused'
  | 'account-unknown'
  | 'other-account'
  | 'site-lost';

/** A site with the session whose account calls it. */
export interface SessionSite extends SiteView {
  readonly sessionId: SessionId;
  readonly account: AccountView;
  /** The client of the session. */
  readonly clientId: ClientId;
  /** Why calls to it fail now. */
  readonly problem?: SessionProblem;
  /** What the session's scopes allow for this product; absent when that is not known. */
  readonly scopedAccess?: ScopedAccess;
}

/** A site that can be chosen. */
export interface SiteRow extends SessionSite {
  readonly clientName: string;
  /** Whether it is granted to the origin of the request. */
  readonly isGranted: boolean;
  /** Whether it has the host of the request. */
  readonly isOfTab: boolean;
}

/** A session in a list, without its sites. */
export interface SessionRow extends Omit<SessionView, 'sites' | 'lostSites'> {
  readonly siteCount: number;
  /** Up to three of its sites, without images: those that match the filter first. */
  readonly matchingSites: readonly SiteView[];
  /** Up to three of the sites that it no longer reaches. */
  readonly lostSites: readonly SiteView[];
  readonly lostSiteCount: number;
  /** Why it serves no call, or will soon serve none. */
  readonly problem?: SessionProblem;
  /** The scopes of its tokens. */
  readonly grantedScopes: readonly string[];
  readonly signedInAtMs: number;
  /** When its access token was last renewed. */
  readonly refreshedAtMs: number;
  /** When a page last called with it, as far as that was recorded. */
  readonly lastUsedAtMs?: number;
  /** How many connected pages use it. */
  readonly pageCount: number;
}

/** One session, for the person. */
export interface SessionDetails {
  readonly row: SessionRow;
  /** The scopes that its client requests now. */
  readonly requestedScopes: readonly string[];
  /** The products of its sites. */
  readonly products: readonly Product[];
  /** Until when it can be renewed, if it is not renewed before; absent when it cannot be, or that is not known. */
  readonly renewableUntilMs?: number;
  /** The connected pages and extensions that use it. `isOnlySession`: no other one, so that they are disconnected with it. */
  readonly pages: readonly { readonly origin: Origin; readonly isOnlySession: boolean }[];
  /** The last calls with it that were refused or failed, the latest first: five at most. */
  readonly recentProblems: readonly ActivityEntryView[];
}

/** The connection of a page, with some of its sites. */
export interface PageConnectionView extends Omit<GrantView, 'sites'> {
  readonly siteCount: number;
  /** Up to eight: those with a problem first. */
  readonly sites: readonly SessionSite[];
  /** How many of all its sites have a problem. */
  readonly problemCount: number;
  /** The sites that `choices` name, of which `sites` may have only some. */
  readonly choosable: GrantView['sites'];
}

/** A connected page or extension in a list. */
export type GrantRow = Omit<PageConnectionView, 'choosable'>;

/** A client that can be signed in with. */
export interface SignInClient {
  readonly id: ClientId;
  readonly name: string;
  readonly type: ProviderType;
  /** Whether the token endpoint last rejected it. */
  readonly isRejected: boolean;
  /** As in `ClientView`. */
  readonly missingField?: DraftSecret;
  /** As in `ClientView`. */
  readonly managed?: NonNullable<ClientView['managed']>;
}

/** What came of connecting a page, from the browser's prompt on until the popup is opened again. */
export interface ConnectOutcomeView {
  readonly origin: Origin;
  /**
   * `connected`: the page has a new connection. `changed`: its connection was changed. `refused`: the browser's permission was
   * denied. `ended`: the sessions ended while the prompt was open. `failed`: see `fault`.
   */
  readonly result: 'connected' | 'changed' | 'refused' | 'ended' | 'failed';
  readonly fault?: Fault;
  /** With `ended` and `failed`: the page had a connection, which is as it was. */
  readonly isChange?: true;
}

/** What the popup shows when it opens. */
export interface PopupView {
  /** The connection of the requested origin. */
  readonly page?: PageConnectionView;
  /** The organization's policy does not allow that the requested origin is connected. */
  readonly isBlocked?: true;
  /** Whether there is a site that a page can be connected to. */
  readonly canConnect: boolean;
  /** The questions of that origin that the person denied. */
  readonly denials: readonly DenialView[];
  /** The sessions that need the person. */
  readonly needsPerson: { readonly count: number; readonly rows: readonly SessionRow[] };
  /** Up to five other sessions: those that were used last. */
  readonly recent: readonly SessionRow[];
  readonly sessionCount: number;
  readonly siteCount: number;
  /** The access to propose for a page that is not connected: a setting. */
  readonly defaultAccess: Access;
  /** Whether a connection may last longer than the browser session: a setting. */
  readonly mayLast: boolean;
  readonly clients: readonly SignInClient[];
  readonly flow?: FlowView;
  readonly connectOutcome?: ConnectOutcomeView;
  /** As in `Overview`. */
  readonly missingHostPatterns: readonly string[];
  /** As in `Overview`. */
  readonly missingPolicyPatterns: readonly string[];
  /** As in `Overview`. */
  readonly missingHostPatternsOf: Readonly<Record<ClientId, readonly string[]>>;
  readonly storageFaults: readonly Fault[];
}

/** What a popup shows before the worker has started: a copy that the worker stored, which may be older than its reply. */
export interface PopupSnapshot {
  /** Twenty sessions that need the person at most, and 300 clients. */
  readonly view: Omit<PopupView, 'page' | 'denials' | 'isBlocked'>;
  /**
   * The connections of 200 origins at most, without images. Of the sites of a choice only the one that is chosen: its other
   * candidates come with the reply.
   */
  readonly pages: Readonly<Record<Origin, PageConnectionView>>;
  /** The latest 200, of all origins. */
  readonly denials: readonly DenialView[];
}
