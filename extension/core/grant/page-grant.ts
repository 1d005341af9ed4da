import { isSameAccount, type Account, type Session, type SessionId } from '../session/session.ts';
import {
  isSameSite,
  products,
  siteId,
  type CloudId,
  type Product,
  type SiteKey,
} from '../session/site.ts';
import type { Origin } from '../values/origin.ts';
import { reducedPaths } from './requested-paths.ts';

/** What a connected page may do. `read` refuses every call that could change something. */
export const accessLevels = ['read', 'write'] as const;
export type Access = (typeof accessLevels)[number];

/** A site of a grant, with the session whose account calls it. */
export interface GrantedSite extends SiteKey {
  readonly sessionId: SessionId;
}

/** The most sites of a grant. */
export const maxGrantedSites = 500;

/** An account as far as it identifies a person; empty when its provider did not name it. */
export type GrantedAccount = Pick<Account, 'accountId' | 'key'>;

/** A granted site, with the account that its session had when the person granted it. */
export interface BoundSite extends GrantedSite {
  readonly account: GrantedAccount;
}

/** The `id` that a page gets of a granted site: unique over products and accounts. */
export function grantedSiteId(site: GrantedSite): string {
  return `${siteId(site)}:${site.sessionId}`;
}

/** The members that name a granted site, of an object that has more. */
export function grantedSite({ cloudId, product, sessionId }: GrantedSite): GrantedSite {
  return { cloudId, product, sessionId };
}

/** Whether both are the same site with the same session. */
export function isSameGrantedSite(one: GrantedSite, other: GrantedSite): boolean {
  return isSameSite(one, other) && one.sessionId === other.sessionId;
}

/** A site that the person chose where several fit. An earlier version stored no session: there was one account for each site. */
export interface ChosenSite extends SiteKey {
  readonly sessionId?: SessionId;
}

/** What the person chose, by the calls that it holds for, see {@link choiceKey}. */
export type ChosenSites = Readonly<Record<string, ChosenSite>>;

/** What a call names, as far as that leaves several granted sites. */
export interface ChoiceScope {
  readonly product: Product;
  /** The account that the call names. */
  readonly sessionId?: SessionId;
  /** The site that the call names, when several accounts have it. */
  readonly cloudId?: CloudId;
}

/**
 * The key of a choice in a grant: `jira` for paths that name nothing, `jira@<session>` for those that name an account,
 * `jira:<cloud id>` for calls that name a site which several accounts have.
 */
export function choiceKey({ product, sessionId, cloudId }: ChoiceScope): string {
  if (cloudId !== undefined) return siteId({ product, cloudId });
  return sessionId === undefined ? product : `${product}@${sessionId}`;
}

/** Whether a text can be a {@link choiceKey}. */
export function isChoiceKey(text: string): boolean {
  return products.includes(/^[a-z]+(?=$|[@:][\w-]+$)/u.exec(text)?.[0] as Product);
}

/** How long a grant lasts: until the browser closes or the extension is updated (`session`), or until it is withdrawn. */
export const grantDurations = ['session', 'always'] as const;
/** One of {@link grantDurations}. */
export type GrantDuration = (typeof grantDurations)[number];

/** What the person allowed the pages of one origin, or another extension. */
export interface PageGrant {
  readonly origin: Origin;
  readonly sites: readonly BoundSite[];
  readonly access: Access;
  readonly grantedAtMs: number;
  /** The sites that the person chose for calls that fit several. */
  readonly chosen: ChosenSites;
  /** The id of the browser session with which the grant ends; absent when it lasts until it is withdrawn. */
  readonly browserSession?: string;
  /** The prefixes of the paths that may be called, see `isWithinPaths`; absent for every path. */
  readonly paths?: readonly string[];
  /** The person has paused it: nothing is served until they resume it. */
  readonly isPaused?: true;
  /** Of an imported grant: whose sign-ins some of its sites wait for. */
  readonly awaited?: readonly AwaitedAccount[];
}

/** An account that has to sign in, with the id that stands for its session in sites and choices until then. */
export interface AwaitedAccount extends Pick<Session, 'clientId'> {
  readonly sessionId: SessionId;
  readonly account: GrantedAccount;
  /** What the account is called. */
  readonly name?: string;
}

/** The grant, paused or not. */
export function pausedGrant(grant: PageGrant, isPaused: boolean): PageGrant {
  const { isPaused: _before, ...others } = grant;
  return isPaused ? { ...others, isPaused } : others;
}

/** How long a grant lasts; `always` without a grant. */
export function durationOf(grant: PageGrant | undefined): GrantDuration {
  return grant?.browserSession === undefined ? 'always' : 'session';
}

/** What the person answered beside the sites. */
export interface GrantAnswer {
  readonly access: Access;
  /** When absent, as the grant has it. */
  readonly duration?: GrantDuration;
  /** When absent, every path. */
  readonly paths?: readonly string[];
}

/** When an answer is given. */
export interface AnsweredSession {
  /** The id of the browser session. */
  readonly browserSession: string;
  /** Whether a grant may last longer than it: a setting. */
  readonly mayLast: () => boolean;
}

/**
 * The members that an answer gives to a grant. `browserSession` and `paths` are absent where they do not apply: the earlier
 * ones must not stay.
 * @param before - the grant that is changed; undefined when the answer makes one
 */
export function answeredMembers(
  answer: GrantAnswer,
  before: PageGrant | undefined,
  { browserSession, mayLast }: AnsweredSession,
): Pick<PageGrant, 'access' | 'browserSession' | 'paths'> {
  const { access, duration = durationOf(before) } = answer;
  const paths = reducedPaths(answer.paths);
  return {
    access,
    ...(duration === 'session' || !mayLast() ? { browserSession } : {}),
    ...(paths === undefined ? {} : { paths }),
  };
}

/**
 * The grant without the sites of some sessions: undefined when no site is left, the same object when none was removed. Sites that
 * wait for a sign-in stay.
 */
export function withoutSessions(
  grant: PageGrant,
  isRemoved: (sessionId: SessionId) => boolean,
): PageGrant | undefined {
  const isAwaited = (id: SessionId): boolean =>
    grant.awaited?.some(({ sessionId }) => sessionId === id) === true;
  const sites = grant.sites.filter(
    ({ sessionId }) => isAwaited(sessionId) || !isRemoved(sessionId),
  );
  if (sites.length === 0) return undefined;
  return sites.length === grant.sites.length ? grant : { ...grant, sites };
}

/** The site bound to the account that its session has now. */
export function boundSite(site: GrantedSite, { accountId, key }: Account): BoundSite {
  const account = {
    ...(accountId === undefined ? {} : { accountId }),
    ...(key === undefined ? {} : { key }),
  };
  return { ...site, account };
}

/**
 * Whether a site may be called with the session's account of now. Where no account was known when the site was granted, only
 * the person could choose whose sign-in renews the session.
 */
export function isGrantedTo({ account: granted }: BoundSite, account: Account): boolean {
  return granted.accountId === undefined || isSameAccount(granted, account);
}

/**
 * One entry for each site and account. A later one, of the same session or of another session of the same account, replaces
 * an earlier one.
 */
export function uniqueSites<S extends BoundSite>(sites: readonly S[]): S[] {
  const isSame = (one: S, other: S): boolean =>
    isSameSite(one, other) &&
    (one.sessionId === other.sessionId || isSameAccount(one.account, other.account));
  return sites.filter((site, at) => !sites.slice(at + 1).some((later) => isSame(site, later)));
}
