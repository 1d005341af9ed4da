import { BrokerError } from './fault.ts';
import { admittedRequestHeaders, type HeaderFields } from './header-lists.ts';
import { isReading, parseMethod, type HttpMethod } from './http-method.ts';
import type { Access } from './page-grant.ts';
import type { SessionId } from './session.ts';
import { isSameSite, siteId, type Product, type SiteKey } from './site.ts';
import { guardPath, type GuardedPath } from './site-path.ts';

/** A granted site with what is needed to address it. */
export interface ReachableSite extends SiteKey {
  readonly sessionId: SessionId;
  /** The site's own address, as accessible-resources gave it. */
  readonly url: string;
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

const gateway = /^https:\/\/api\.atlassian\.com\/ex\/(jira|confluence)\/([^/?#]+)(?=\/)/iu;
const authority = /^https:\/\/[^/?#\\]+/iu;

/**
 * Decides where a call goes, and whether it may. A path goes to Confluence when it begins with `/wiki/`,
 * else to Jira, unless `site` says otherwise; an absolute URL goes to the granted site whose `url` it has.
 * @throws BrokerError `invalid_request`, `not_allowed`
 */
export function planCall(wanted: WantedCall, reach: Reach): Planned {
  const method = parseMethod(wanted.method);
  const headers = admittedRequestHeaders(wanted.headers);
  const { rawPath, candidates, product } = address(wanted, reach.sites);
  const path = guardPath(rawPath);
  const [only, ...others] = candidates;
  if (only === undefined) throw new BrokerError('not_allowed', { subject: 'site' });
  const site = others.length === 0 ? only : chosenSite(candidates, reach.chosen[product]);
  if (site === undefined) return { choose: product };
  const reading = isReading(method, site.product, path.pathname);
  if (!reading && reach.access === 'read')
    throw new BrokerError('not_allowed', { subject: method });
  return { plan: { site, method, path, headers, isReading: reading } };
}

interface Address {
  readonly rawPath: string;
  readonly candidates: readonly ReachableSite[];
  readonly product: Product;
}

function address(wanted: WantedCall, sites: readonly ReachableSite[]): Address {
  const { input } = wanted;
  if (input.startsWith('/') && !input.startsWith('//')) return pathAddress(wanted, sites);
  if (!URL.canParse(input) || input.includes('\\')) throw invalid('url');
  const viaGateway = gateway.exec(input);
  if (viaGateway) {
    const [prefix, product, cloudId] = viaGateway;
    const rawPath = input.slice(prefix.length);
    const key = { cloudId, product: product?.toLowerCase() };
    const candidates = sites.filter(
      (site) => site.cloudId === key.cloudId && site.product === key.product,
    );
    return { rawPath, candidates, product: key.product === 'confluence' ? 'confluence' : 'jira' };
  }
  return siteAddress(input, sites);
}

function pathAddress(
  { input, site: wantedSite }: WantedCall,
  sites: readonly ReachableSite[],
): Address {
  const product = productOfPath(input);
  if (wantedSite === undefined) {
    return {
      rawPath: input,
      candidates: sites.filter((site) => site.product === product),
      product,
    };
  }
  const named = sites.filter((site) => siteId(site) === wantedSite);
  return { rawPath: input, candidates: named, product };
}

function siteAddress(input: string, sites: readonly ReachableSite[]): Address {
  const url = new URL(input);
  const written = authority.exec(input);
  if (!written || /[@\s]/u.test(written[0])) throw invalid('url');
  const rawPath = input.slice(written[0].length);
  const product = productOfPath(rawPath);
  const candidates = sites.filter(
    (site) => new URL(site.url).origin === url.origin && site.product === product,
  );
  return { rawPath, candidates, product };
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
 * The gateway address of a planned call.
 * @throws BrokerError `invalid_request` when the parser read the path otherwise than the guard did
 * @see Atlassian, "OAuth 2.0 (3LO) apps", "Construct the request URL"
 */
export function gatewayUrl(apiBase: string, { site, path }: Pick<CallPlan, 'site' | 'path'>): URL {
  const prefix = `/ex/${site.product}/${site.cloudId}`;
  const url = new URL(`${apiBase}${prefix}${path.pathname}${path.search}`);
  const isFaithful =
    url.origin === new URL(apiBase).origin && url.pathname === `${prefix}${path.pathname}`;
  if (!isFaithful) throw invalid('path');
  return url;
}

/** The address that the page sees as the answer's `url`. */
export function siteUrl({ site, path }: Pick<CallPlan, 'site' | 'path'>): string {
  return `${site.url}${path.pathname}${path.search}`;
}
