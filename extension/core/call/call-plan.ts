import type { SessionId } from '../session/session.ts';
import { isSameSite, siteId, type Product, type SiteKey } from '../session/site.ts';
import { BrokerError } from '../values/fault.ts';
import { hasTrailingDot } from '../values/origin.ts';
import { writeAccessAdvice } from '../values/page-fault.ts';
import { credentialAdvice, makesCredential } from './credential-paths.ts';
import { isDownloadPath, mediaOriginOf } from './download-paths.ts';
import { allowedRequestHeaders, type HeaderFields } from './headers.ts';
import { isReading, parseMethod, startsTask, type HttpMethod } from './http-method.ts';
import { grantedSiteId, type Access, type ChosenSites } from '../grant/page-grant.ts';
import { isCloudPath, validatePath, type ValidPath } from './site-path.ts';

/** A granted site, and the address of its API. */
export interface ReachableSite extends SiteKey {
  readonly sessionId: SessionId;
  /** The site's own URL: from accessible-resources, or from the client configuration. */
  readonly url: string;
  /** Base URL of the gateway through which the site is called; absent when it is called at its own URL. */
  readonly gateway?: string;
  /** The provider's own endpoints, when it may serve them beside its API. */
  readonly protocolEndpoints?: readonly string[];
}

/** A call as the page requested it, not validated. */
export interface RequestedCall {
  readonly method: string;
  readonly input: string;
  readonly site?: string | undefined;
  readonly headers: HeaderFields;
}

/** What the page's origin may call. */
export interface CallPermissions {
  readonly sites: readonly ReachableSite[];
  readonly access: Access;
  /** The sites that the person chose for calls that fit several. */
  readonly chosen: ChosenSites;
}

/** A validated call that may be sent. */
export interface CallPlan {
  readonly site: ReachableSite;
  readonly method: HttpMethod;
  readonly path: ValidPath;
  /** The URL of the request: at the site's gateway, or at the site itself. */
  readonly target: URL;
  readonly headers: HeaderFields;
  readonly isReading: boolean;
}

/** A plan, or the product for which the person has to choose one of several sites. */
export type PlannedCall = { readonly plan: CallPlan } | { readonly choose: Product };

const gatewayPath = /^\/ex\/(jira|confluence)\/([^/?#]+)(?=\/)/iu;
const authority = /^https?:\/\/[^/?#\\]+/iu;

/**
 * Decides to which site a call goes, and whether the page may make it.
 * - A path goes to the site that `site` names. Without `site`, it goes to Confluence when it begins with `/wiki/`, else
 *   to Jira; when that product is not granted, it goes to the product that is called at its own URL.
 * - An absolute URL goes to the granted site whose `url` it begins with.
 * @throws BrokerError `invalid_request`, `not_allowed`
 */
export function planCall(wanted: RequestedCall, permissions: CallPermissions): PlannedCall {
  const method = parseMethod(wanted.method);
  const headers = allowedRequestHeaders(wanted.headers);
  const { rawPath, candidates, product } = address(wanted, permissions.sites);
  const [only, ...others] = candidates;
  const site = others.length === 0 ? only : chosenSite(candidates, permissions.chosen[product]);
  // A product in Atlassian's cloud and in a data center have different paths: the site that is called decides.
  const judged = site === undefined ? candidates : [site];
  const path = validatePath(rawPath, (pathname) =>
    judged.length === 0
      ? isCloudPath(pathname)
      : judged.some((one) => isCallable(pathname, method, one)),
  );
  if (only === undefined) throw new BrokerError('not_allowed', { subject: 'site' });
  if (site === undefined) return { choose: product };
  const target = targetUrl({ site, path });
  if (isCredentialCall({ method, site, path, target }))
    throw new BrokerError('not_allowed', { subject: 'path', advice: credentialAdvice });
  const reading = isReading(method, site.product, path.pathname);
  requireAccess(method, reading, permissions.access);
  return { plan: { site, method, path, target, headers, isReading: reading } };
}

/**
 * Whether pages may call a path below a site's URL: one of its REST APIs or downloads, or any path of a provider other
 * than Atlassian.
 */
export function isCallable(pathname: string, method: HttpMethod, site: ReachableSite): boolean {
  if (site.gateway !== undefined) return isCloudPath(pathname);
  if (site.product === 'generic' || pathname.startsWith('/rest/')) return true;
  return isDownload({ site, method, path: { pathname } });
}

function isCredentialCall({
  method,
  site,
  path,
  target,
}: Pick<CallPlan, 'method' | 'site' | 'path' | 'target'>): boolean {
  const ownKind = site.product === 'generic' ? 'generic' : 'data-center';
  return makesCredential({
    method,
    pathname: path.pathname,
    target,
    kind: site.gateway === undefined ? ownKind : 'cloud',
    protocolEndpoints: site.protocolEndpoints ?? [],
  });
}

interface Address {
  readonly rawPath: string;
  /** The granted sites that the call may mean, all of one product. */
  readonly candidates: readonly ReachableSite[];
  readonly product: Product;
}

function address(wanted: RequestedCall, sites: readonly ReachableSite[]): Address {
  const { input } = wanted;
  if (input.startsWith('/') && !input.startsWith('//')) return pathAddress(wanted, sites);
  const url = URL.parse(input);
  if (url === null || input.includes('\\')) throw invalid('url');
  const written = authority.exec(input);
  if (!written || /[@\s]/u.test(written[0])) throw invalid('url');
  const rawPath = input.slice(written[0].length);
  if (hasTrailingDot(url)) throw invalid('url');
  const { origin, protocol } = url;
  // Plain http is allowed for granted sites only.
  if (protocol === 'http:' && !sites.some((site) => originsOf(site).own === origin))
    throw invalid('url');
  return (
    gatewayAddress(origin, rawPath, sites) ??
    ownAddress(origin, rawPath, sites) ??
    cloudAddress(origin, rawPath, sites)
  );
}

function pathAddress(
  { input, site: wantedSite }: RequestedCall,
  sites: readonly ReachableSite[],
): Address {
  if (wantedSite !== undefined) {
    const named = sites.filter(
      (site) => grantedSiteId(site) === wantedSite || siteId(site) === wantedSite,
    );
    return {
      rawPath: input,
      candidates: named,
      product: named[0]?.product ?? productOfPath(input),
    };
  }
  const usual = productOfPath(input);
  const isSite = (product: Product) => (site: ReachableSite) => site.product === product;
  const ownSite = sites.find(({ gateway }) => gateway === undefined);
  const product = ownSite === undefined || sites.some(isSite(usual)) ? usual : ownSite.product;
  return { rawPath: input, candidates: sites.filter(isSite(product)), product };
}

/** A URL at the gateway of a granted site. */
function gatewayAddress(
  origin: string,
  rawPath: string,
  sites: readonly ReachableSite[],
): Address | undefined {
  const [prefix, name, cloudId] = gatewayPath.exec(rawPath) ?? [];
  const behind = sites.filter((site) => originsOf(site).gateway === origin);
  if (prefix === undefined || behind.length === 0) return undefined;
  const product = name?.toLowerCase() === 'confluence' ? 'confluence' : 'jira';
  const candidates = behind.filter((site) => site.cloudId === cloudId && site.product === product);
  return { rawPath: rawPath.slice(prefix.length), candidates, product };
}

/** A URL below the base URL of a granted site. When several match, the one with the longest context path. */
function ownAddress(
  origin: string,
  rawPath: string,
  sites: readonly ReachableSite[],
): Address | undefined {
  const found = sites
    .filter((site) => site.gateway === undefined && originsOf(site).own === origin)
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
    (site) =>
      site.gateway !== undefined && originsOf(site).own === origin && site.product === product,
  );
  return { rawPath, candidates, product };
}

interface SiteOrigins {
  readonly own: string;
  readonly gateway: string | undefined;
}

/** A grant may have thousands of sites, and every call is compared with all of them. */
const knownOrigins = new WeakMap<ReachableSite, SiteOrigins>();

function originsOf(site: ReachableSite): SiteOrigins {
  const known = knownOrigins.get(site);
  if (known !== undefined) return known;
  const gateway = site.gateway === undefined ? undefined : new URL(site.gateway).origin;
  const origins = { own: new URL(site.url).origin, gateway };
  knownOrigins.set(site, origins);
  return origins;
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
 * The URL of the request: at the site's gateway, or at the site itself.
 * @throws BrokerError `invalid_request` when the URL parser changes the path that was validated
 * @see Atlassian, "OAuth 2.0 (3LO) apps", "Construct the request URL"
 */
export function targetUrl({ site, path }: Pick<CallPlan, 'site' | 'path'>): URL {
  const base = site.gateway ?? site.url;
  const below = site.gateway === undefined ? '' : `/ex/${site.product}/${site.cloudId}`;
  const prefix = `${new URL(base).pathname.replace(/\/+$/u, '')}${below}`;
  const { origin } = new URL(base);
  const url = new URL(`${origin}${prefix}${path.pathname}${path.search}`);
  const isUnchanged = url.origin === origin && url.pathname === `${prefix}${path.pathname}`;
  if (!isUnchanged) throw invalid('path');
  return url;
}

/** Whether a call reads a file, to which the server may redirect. */
export function isDownload({
  site,
  method,
  path,
}: Pick<CallPlan, 'site' | 'method'> & { readonly path: Pick<ValidPath, 'pathname'> }): boolean {
  return (method === 'GET' || method === 'HEAD') && isDownloadPath(site, path.pathname);
}

/** Whether Jira Cloud runs a call as a task: it answers with a redirect to the task. */
export function isTask({
  site,
  method,
  path,
}: Pick<CallPlan, 'site' | 'method' | 'path'>): boolean {
  return site.gateway !== undefined && site.product === 'jira' && startsTask(method, path.pathname);
}

/**
 * What the final address of a download is: a file of the site; a file of Atlassian's media service, whose address
 * is a secret, because whoever knows it may read the file; another path of the site, such as its login page; or another host.
 * @param address - the URL of the response
 */
export function endOfDownload(
  { site, path, target }: Pick<CallPlan, 'site' | 'path' | 'target'>,
  address: URL,
): 'site-file' | 'media-file' | 'other-path' | 'other-host' {
  const { origin, pathname } = address;
  if (origin === mediaOriginOf(site)) return 'media-file';
  if (origin !== target.origin) return 'other-host';
  const base = target.pathname.slice(0, -path.pathname.length);
  const isFile = pathname.startsWith(base) && isDownloadPath(site, pathname.slice(base.length));
  return isFile ? 'site-file' : 'other-path';
}

/** The `url` of the response that the page receives. */
export function siteUrl({ site, path }: Pick<CallPlan, 'site' | 'path'>): string {
  return `${site.url}${path.pathname}${path.search}`;
}

/**
 * Checks that a planned call is still permitted: its site by the same session at the same address, and a write by write
 * access.
 * @throws BrokerError `not_allowed`
 */
export function requirePermitted(
  { site, method, isReading: reading }: Pick<CallPlan, 'site' | 'method' | 'isReading'>,
  { sites, access }: Pick<CallPermissions, 'sites' | 'access'>,
): void {
  const isSame = (other: ReachableSite): boolean =>
    isSameSite(other, site) &&
    other.sessionId === site.sessionId &&
    (other.gateway ?? other.url) === (site.gateway ?? site.url);
  if (!sites.some(isSame)) throw new BrokerError('not_allowed', { subject: 'site' });
  requireAccess(method, reading, access);
}

function requireAccess(method: HttpMethod, reading: boolean, access: Access): void {
  if (!reading && access === 'read')
    throw new BrokerError('not_allowed', { subject: method, advice: writeAccessAdvice });
}
