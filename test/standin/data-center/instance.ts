import type { StandinClock } from '../facts/clock.ts';
import { openLedger, type Ledger } from '../facts/ledger.ts';
import { openFrontDoor, type FrontDoor } from '../http/front-door.ts';
import type { Auditor } from '../state/auditor.ts';
import type { SystemParts } from '../state/system.ts';
import { openDcApps, type DcApp, type DcApps } from './dc-apps.ts';
import type { DcProduct } from './products.ts';

/** Ways in which one installation differs from another; tests assign them at any time. */
export interface DcQuirks {
  /** Nothing is below /rest/oauth2: the version is too old, or the plugin is off. */
  isTooOld: boolean;
  /** The name by which S256 is known: RFC 7636's, or the one that the documentation prints. */
  challengeMethodName: 'S256' | 'sha256';
  /** "OAuth 2.0 provider system properties": validate.client.secret. */
  validatesSecret: boolean;
  /** How a client may authenticate. */
  clientAuthentication: 'any' | 'basic' | 'post';
  /** Whether the token answer carries `scope`. */
  answersScope: boolean;
  /** Whether public content is shown without a login. */
  showsAnonymous: boolean;
  /** The XSRF filter that looks at User-Agent and Origin. */
  hasXsrfFilter: boolean;
  /** "OAuth 2.0 provider system properties": skip.base.url.https.requirement. */
  allowsHttpBaseUrl: boolean;
  /** Whether files outside /rest/ are given to a token; Jira 8.14 sends it to its sign-in page. */
  takesTokensForFiles: boolean;
  /** "OAuth 2.0 provider system properties": max.client.delay.seconds. */
  codeLifeMs: number;
  /** "OAuth 2.0 provider system properties": access.token.expiration.seconds. */
  accessLifeMs: number;
  /** "OAuth 2.0 provider system properties": refresh.token.expiration.seconds. */
  refreshLifeMs: number;
}

/** One consent. */
export interface DcGrant {
  readonly clientId: string;
  readonly accountId: string;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly challenge: { readonly value: string; readonly isHashed: boolean } | undefined;
}

/** A checked authorize request, on its way through login and consent. */
export interface DcRequest {
  readonly app: DcApp;
  readonly redirectUri: string;
  readonly scopes: readonly string[];
  readonly state: string | null;
  readonly challenge: DcGrant['challenge'];
}

/** One installation of one product. */
export interface DcInstance {
  readonly product: DcProduct;
  /** With the context path, without a slash at the end. */
  readonly baseUrl: string;
  readonly quirks: DcQuirks;
  readonly apps: DcApps;
  /** Nicknames of the people who may change things; the others only read, whatever a token's scope says. */
  readonly writers: Set<string>;
  /** What was changed over the API, newest last. */
  readonly written: { readonly by: string; readonly path: string; readonly body: string }[];
  /** Access and refresh token as after a consent of `account` (default Ada) to an app. */
  grant(spec: { clientId: string; scopes: readonly string[]; account?: string }): {
    readonly accessToken: string;
    readonly refreshToken: string;
  };
  /** Gives an account another user name here, as an administrator can; its key stays. */
  rename(account: string, name: string): void;
  /** Ends every access token now. */
  expireAccessTokens(): void;
  /** Revokes what an account granted, as an administrator can. */
  revokeGrants(): void;
}

/** An instance with the parts that its endpoints act on. */
export interface DcState extends DcInstance {
  readonly host: string;
  readonly contextPath: string;
  readonly clock: StandinClock;
  readonly auditor: Auditor;
  readonly accounts: SystemParts['accounts'];
  readonly ledger: Ledger<DcGrant>;
  /** User names that were given later, by account id. */
  readonly names: Map<string, string>;
  /** Codes that were exchanged, with the grant that came of them. */
  readonly usedCodes: Map<string, DcGrant>;
  readonly door: FrontDoor<DcRequest>;
}

const HOUR_MS = 60 * 60 * 1000;

const defaults = (isHttp: boolean): DcQuirks => ({
  isTooOld: false,
  challengeMethodName: 'S256',
  validatesSecret: true,
  clientAuthentication: 'any',
  answersScope: false,
  showsAnonymous: true,
  hasXsrfFilter: true,
  allowsHttpBaseUrl: isHttp,
  takesTokensForFiles: true,
  codeLifeMs: 10_000,
  accessLifeMs: HOUR_MS,
  refreshLifeMs: 90 * 24 * HOUR_MS,
});

/** A fresh installation. */
export function openInstance(parts: SystemParts, product: DcProduct, baseUrl: string): DcState {
  const { hostname: host, pathname, protocol } = new URL(baseUrl);
  const contextPath = pathname === '/' ? '' : pathname;
  const { clock, auditor, accounts } = parts;
  const quirks = defaults(protocol === 'http:');
  const ledger = openLedger<DcGrant>(clock, parts.issuedBy(baseUrl));
  const door = openFrontDoor<DcRequest>({
    title: product,
    accounts,
    cookie: 'JSESSIONID',
    cookieRules: `Path=${contextPath || '/'}; HttpOnly${protocol === 'https:' ? '; Secure' : ''}`,
    loginPath: `${contextPath}/login.jsp`,
    consentPath: `${contextPath}/plugins/servlet/oauth2/consent`,
  });
  const names = new Map<string, string>();
  const writers = new Set(['ada']);
  return {
    product,
    baseUrl,
    quirks,
    host,
    contextPath,
    clock,
    auditor,
    accounts,
    ledger,
    door,
    apps: openDcApps(product),
    writers,
    written: [],
    names,
    usedCodes: new Map(),
    rename: (account, name) => {
      const { accountId, nickname } = accounts.get(account);
      names.set(accountId, name);
      if (writers.has(nickname)) writers.add(name);
    },
    grant: ({ clientId, scopes, account = 'ada' }) => {
      const { accountId } = accounts.get(account);
      const grant = { clientId, accountId, redirectUri: '', scopes, challenge: undefined };
      return {
        accessToken: ledger.issue('access', grant, quirks.accessLifeMs),
        refreshToken: ledger.issue('refresh', grant, quirks.refreshLifeMs),
      };
    },
    expireAccessTokens: () => {
      ledger.live('access').forEach((entry) => (entry.expiresAtMs = clock.nowMs()));
    },
    revokeGrants: () => {
      const all = [...ledger.live('access'), ...ledger.live('refresh')];
      all.forEach(({ grant }) => ledger.dropGrant(grant));
    },
  };
}
