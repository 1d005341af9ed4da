/**
 * The types of the page API: `window.threelo` has them, and the page client and its package have them for authors of pages.
 * This file imports nothing, because it is published as it is.
 * @see docs/page-api.md
 */

/** The products whose API pages can call; `generic` is the API of a provider other than Atlassian. */
export type Product = 'jira' | 'confluence' | 'bitbucket' | 'bamboo' | 'generic';

/** What a connection allows: calls that only read, or all. */
export type Access = 'read' | 'write';

/** The account whose session calls a site. */
export interface PageAccount {
  /** The value for the `account` option. Means nothing outside this browser. */
  readonly id: string;
  /** Its name, or its e-mail address; empty when its provider told neither. */
  readonly name: string;
}

/** A granted site, as `sites()` returns it. */
export interface PageSite {
  /** Stable while the page is connected. The value for the `site` option. */
  readonly id: string;
  readonly product: Product;
  /** The site's own address, e.g. `https://acme.atlassian.net`; no trailing slash. */
  readonly url: string;
  readonly name: string;
  readonly avatarUrl?: string;
  readonly access: Access;
  /** The account that calls it. */
  readonly account: PageAccount;
}

/** What `fetch` takes as its second argument. */
export type ThreeloRequestInit = RequestInit & {
  /** A granted site: its id, its URL or its name. Needed when a path could belong to several. */
  readonly site?: string;
  /** The id of the account that calls. Needed when several are granted for a site. */
  readonly account?: string;
};

/** What a page asks for with `requestAccess`. */
export interface WantedAccess {
  /** Default: `read`. A connection with write access keeps it. */
  readonly access?: Access;
  /** The products whose sites the person is to choose from. Default: all. */
  readonly products?: Product[];
  /** The paths that are asked for, as prefixes with whole segments (`/rest/api/3/issue/`), 20 at most. Default: all. */
  readonly paths?: string[];
}

/** The rule that keeps a call from being made; stable. What each means is in docs/page-api.md. */
export type PermitRule =
  | 'not-connected'
  | 'consent'
  | 'method'
  | 'header'
  | 'url'
  | 'path'
  | 'site'
  | 'account'
  | 'site-choice'
  | 'paths'
  | 'credentials'
  | 'access'
  | 'scopes'
  | 'closed-to-3lo';

/** A rule by which `fetch` refuses a call before it is sent. */
export type RefusingRule = Exclude<PermitRule, 'scopes' | 'closed-to-3lo'>;

/** What `fetch` would do with a call: send it, refuse it, or send it in vain. */
export type Permitted =
  | {
      readonly ok: true;
      /** The id of the site that is called. */
      readonly site: string;
      /** The id of the account that calls it. */
      readonly account: string;
    }
  | {
      readonly ok: false;
      /** What `fetch` would be rejected with. */
      readonly code: ThreeloErrorCode;
      readonly message: string;
      readonly rule: RefusingRule;
      /** With `site-choice`: the ids of the sites that fit. `fetch` asks the person. */
      readonly candidates?: readonly string[];
    }
  | {
      readonly ok: false;
      /** `fetch` would send the call, and get a response with this status. */
      readonly status: 401;
      readonly message: string;
      readonly rule: 'scopes' | 'closed-to-3lo';
      /** With `scopes`: the scopes that the operation needs and the session lacks. */
      readonly missingScopes: readonly string[];
    };

/** Why a call was refused, or has no response; stable. What each means is in docs/page-api.md. */
export type ThreeloErrorCode =
  | 'not_connected'
  | 'not_allowed'
  | 'site_required'
  | 'consent_required'
  | 'locked'
  | 'offline'
  | 'timeout'
  | 'rate_limited'
  | 'too_large'
  | 'invalid_request'
  | 'redirect_refused'
  | 'outcome_unknown'
  | 'unavailable';

/** What every promise of the page API is rejected with, except that an aborted `fetch` rejects with the signal's reason. */
export interface ThreeloError extends Error {
  readonly name: 'ThreeloError';
  readonly code: ThreeloErrorCode;
  /** Milliseconds to wait before a retry. */
  readonly retryAfterMs?: number;
  /** With `site_required`: the ids of the sites that fit. */
  readonly candidates?: readonly string[];
}

/** The page API. */
export interface Threelo {
  /** Version of the extension. */
  readonly version: string;
  /** The sites that this origin was granted. */
  sites(): Promise<readonly PageSite[]>;
  /** `fetch` for paths and URLs of a granted site. An HTTP error is a `Response`, a refusal a {@link ThreeloError}. */
  fetch(input: string | URL | Request, init?: ThreeloRequestInit): Promise<Response>;
  /**
   * What `fetch` would do with a call, as far as that can be said without a request and without asking the person. Takes what
   * `fetch` takes; a body is not looked at.
   */
  can(input: string | URL | Request, init?: ThreeloRequestInit): Promise<Permitted>;
  /** Asks the person for more sites or for write access. */
  requestAccess(wanted?: WantedAccess): Promise<readonly PageSite[]>;
  /** Removes the grant of this origin. */
  disconnect(): Promise<void>;
  /** `change`: the sites, the grant or the session changed. */
  addEventListener(type: 'change', listener: EventListenerOrEventListenerObject): void;
  removeEventListener(type: 'change', listener: EventListenerOrEventListenerObject): void;
}

declare global {
  interface Window {
    /** In a connected page. */
    threelo: Threelo;
  }
}
