import type { SessionId } from '../session/session.ts';
import { isSameSite, siteId, type Product, type SiteKey } from '../session/site.ts';
import { BrokerError } from '../values/fault.ts';
import { writeAccessAdvice } from '../values/page-fault.ts';
import { admittedRequestHeaders, type HeaderFields } from './headers.ts';
import { isReading, parseMethod, type HttpMethod } from './http-method.ts';
import type { Access } from './page-grant.ts';
import { cloudPrefixes, guardPath, type GuardedPath } from './site-path.ts';

/** A granted site with what is needed to address it. */
export interface ReachableSite extends SiteKey {
  readonly sessionId: SessionId;
  /** The site's own address, as accessible-resources gave it, or the configuration. */
  readonly url: string;
  /** Base of the gateway through which the site is reached; absent when it is called at its own address. */
  readonly gateway?: string;
}

/** What a page asked for, in its own words. */
export interface WantedCall {
  readonly method: string;
  readonly input: string;
  readonly site?: string | undefined;
  readonly headers: HeaderFields;
}

/** What the page's origin was granted. */
export interface Reach {
  readonly sites: readonly ReachableSite[];
  readonly access: Access;
  readonly chosen: Readonly<Partial<Record<Product, SiteKey>>>;
}

/** A call that was judged and may be sent. */
export interface CallPlan {
  readonly site: ReachableSite;
  readonly method: HttpMethod;
  readonly path: GuardedPath;
  readonly headers: HeaderFields;
  readonly isReading: boolean;
}

/** Either a plan, or the product for which the person has to choose among several sites. */
export type Planned = { readonly plan: CallPlan } | { readonly choose: Product };

const gatewayPath = /^\/ex\/(jira|confluence)\/([^/?#]+)(?=\/)/iu;
const authority = /^https?:\/\/[^/?#\\]+/iu;

/**
 * Decides where a call goes, and whether it may. A path goes to Confluence when it begins with `/wiki/`, else to Jira,
 * and where there is neither, to what was granted in their place, unless `site` says otherwise; an absolute URL goes
 * to the granted site whose `url` it begins with.
 * @throws BrokerError `invalid_request`, `not_allowed`
 */
export function planCall(wanted: WantedCall, reach: Reach): Planned {
  const method = parseMethod(wanted.method);
  const headers = admittedRequestHeaders(wanted.headers);
  const { rawPath, candidates, product } = address(wanted, reach.sites);
  const path = guardPath(rawPath, prefixesOf(candidates));
  const [only, ...others] = candidates;
  if (only === undefined) throw new BrokerError('not_allowed', { subject: 'site' });
  const site = others.length === 0 ? only : chosenSite(candidates, reach.chosen[product]);
  if (site === undefined) return { choose: product };
  const reading = isReading(method, site.product, path.pathname);
  if (!reading && reach.access === 'read')
    throw new BrokerError('not_allowed', { subject: method, advice: writeAccessAdvice });
  return { plan: { site, method, path, headers, isReading: reading } };
}

/** Where the REST APIs of a site lie below its address. Of a provider that is none of Atlassian's, anywhere. */
function prefixesOf([site]: readonly ReachableSite[]): readonly string[] {
  if (site === undefined || site.gateway !== undefined) return cloudPrefixes;
  return site.product === 'generic' ? ['/'] : ['/rest/'];
}

interface Address {
  readonly rawPath: string;
  /** Of one product. */
  readonly candidates: readonly ReachableSite[];
  readonly product: Product;
}

function address(wanted: WantedCall, sites: readonly ReachableSite[]): Address {
  const { input } = wanted;
  if (input.startsWith('/') && !input.startsWith('//')) return pathAddress(wanted, sites);
  if (!URL.canParse(input) || input.includes('\\')) throw invalid('url');
  const written = authority.exec(input);
  if (!written || /[@\s]/u.test(written[0])) throw invalid('url');
  const rawPath = input.slice(written[0].length);
  const { origin, protocol } = new URL(input);
  // Plain http is the address of a granted site, or none.
  if (protocol === 'http:' && !sites.some(({ url }) => isAt(url, origin))) throw invalid('url');
  return (
    gatewayAddress(origin, rawPath, sites) ??
    ownAddress(origin, rawPath, sites) ??
    cloudAddress(origin, rawPath, sites)
  );
}

function pathAddress(
  { input, site: wantedSite }: WantedCall,
  sites: readonly ReachableSite[],
): Address {
  if (wantedSite !== undefined) {
    const named = sites.filter((site) => siteId(site) === wantedSite);
    return {
      rawPath: input,
      candidates: named,
      product: named[0]?.product ?? productOfPath(input),
    };
  }
  const usual = productOfPath(input);
  const isSite = (product: Product) => (site: ReachableSite) => site.product === product;
  const inTheirPlace = sites.find(({ gateway }) => gateway === undefined);
  const isUsual = inTheirPlace === undefined || sites.some(isSite(usual));
  const product = isUsual ? usual : inTheirPlace.product;
  return { rawPath: input, candidates: sites.filter(isSite(product)), product };
}

/** An address at the gateway of a granted site. */
function gatewayAddress(
  origin: string,
  rawPath: string,
  sites: readonly ReachableSite[],
): Address | undefined {
  const [prefix, name, cloudId] = gatewayPath.exec(rawPath) ?? [];
  const behind = sites.filter(({ gateway }) => gateway !== undefined && isAt(gateway, origin));
  if (prefix === undefined || behind.length === 0) return undefined;
  const product = name?.toLowerCase() === 'confluence' ? 'confluence' : 'jira';
  const candidates = behind.filter((site) => site.cloudId === cloudId && site.product === product);
  return { rawPath: rawPath.slice(prefix.length), candidates, product };
}

/** An address below the base URL of a granted site; of several the one with the longest context path. */
function ownAddress(
  origin: string,
  rawPath: string,
  sites: readonly ReachableSite[],
): Address | undefined {
  const found = sites
    .filter(({ gateway, url }) => gateway === undefined && isAt(url, origin))
    .map((site) => ({ site, context: new URL(site.url).pathname.replace(/\/+$/u, '') }))
    .filter(({ context }) => rawPath.startsWith(`${context}/`))
    .sort((one, other) => other.context.length - one.context.length);
  const [{ site, context } = {}] = found;
  if (site === undefined || context === undefined) return undefined;
  const candidates = sites.filter((other) => other.url === site.url && isSameSite(other, site));
  return { rawPath: rawPath.slice(context.length), candidates, product: site.product };
}

function cloudAddress(origin: string, rawPath: string, sites: readonly ReachableSite[]): Address {
  const product = productOfPath(rawPath);
  const candidates = sites.filter(
    (site) => site.gateway !== undefined && isAt(site.url, origin) && site.product === product,
  );
  return { rawPath, candidates, product };
}

function isAt(url: string, origin: string): boolean {
  return new URL(url).origin === origin;
}

function chosenSite(
  candidates: readonly ReachableSite[],
  chosen: SiteKey | undefined,
): ReachableSite | undefined {
  return chosen === undefined ? undefined : candidates.find((site) => isSameSite(site, chosen));
}

function productOfPath(path: string): Product {
  return path.startsWith('/wiki/') ? 'confluence' : 'jira';
}

function invalid(subject: string): BrokerError {
  return new BrokerError('invalid_request', { subject });
}

/**
 * Where a planned call is sent: through its gateway, or to the site itself.
 * @throws BrokerError `invalid_request` when the parser read the path otherwise than the guard did
 * @see Atlassian, "OAuth 2.0 (3LO) apps", "Construct the request URL"
 */
export function targetUrl({ site, path }: Pick<CallPlan, 'site' | 'path'>): URL {
  const base = site.gateway ?? site.url;
  const below = site.gateway === undefined ? '' : `/ex/${site.product}/${site.cloudId}`;
  const prefix = `${new URL(base).pathname.replace(/\/+$/u, '')}${below}`;
  const { origin } = new URL(base);
  const url = new URL(`${origin}${prefix}${path.pathname}${path.search}`);
  const isFaithful = url.origin === origin && url.pathname === `${prefix}${path.pathname}`;
  if (!isFaithful) throw invalid('path');
  return url;
}

/** The address that the page sees as the answer's `url`. */
export function siteUrl({ site, path }: Pick<CallPlan, 'site' | 'path'>): string {
  return `${site.url}${path.pathname}${path.search}`;
}
