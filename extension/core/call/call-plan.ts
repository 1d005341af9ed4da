import {
  callAddress,
  chosenSite,
  type NamedTarget,
  type SiteChoice,
} from '../address/call-address.ts';
import { siteIndex, type ReachableSite } from '../address/reachable-site.ts';
import { isWithinPaths } from '../grant/granted-paths.ts';
import { grantedSiteId, type Access, type ChosenSites } from '../grant/page-grant.ts';
import { BrokerError } from '../values/fault.ts';
import { pathsAdvice, writeAccessAdvice } from '../values/page-fault.ts';
import { credentialAdvice, makesCredential } from './credential-paths.ts';
import { isDownloadPath, mediaOriginOf } from './download-paths.ts';
import { allowedRequestHeaders, visibleLocation, type HeaderFields } from './headers.ts';
import { isReading, parseMethod, startsTask, type HttpMethod } from './http-method.ts';
import { isCloudPath, isValidPath, validatePath, type ValidPath } from './site-path.ts';

/** A call as the page requested it, not validated. */
export interface RequestedCall extends NamedTarget {
  readonly method: string;
  readonly headers: HeaderFields;
}

/** What the page's origin may call. */
export interface CallPermissions {
  readonly sites: readonly ReachableSite[];
  readonly access: Access;
  /** The sites that the person chose for calls that fit several. */
  readonly chosen: ChosenSites;
  /** The prefixes of the paths that may be called; absent for every path. */
  readonly paths?: readonly string[] | undefined;
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

/** A plan, or several sites, of which the person has to choose one. */
export type PlannedCall = { readonly plan: CallPlan } | { readonly choose: SiteChoice };

/**
 * Decides to which site a call goes, see `callAddress`, and whether the page may make it.
 * @throws BrokerError `invalid_request`, `not_allowed`; `site_required` when the call names several sites by one name
 */
export function planCall(wanted: RequestedCall, permissions: CallPermissions): PlannedCall {
  const method = parseMethod(wanted.method);
  const headers = allowedRequestHeaders(wanted.headers);
  const { rawPath, refusal, ...choice } = callAddress(wanted, permissions.sites);
  const { candidates } = choice;
  const site = candidates.length === 1 ? candidates[0] : chosenSite(choice, permissions.chosen);
  // A product in Atlassian's cloud and in a data center have different paths: the site that is called decides.
  const judged = site === undefined ? candidates : [site];
  const path = validatePath(rawPath, (pathname) =>
    judged.length === 0
      ? isCloudPath(pathname)
      : judged.some((one) => isCallable(pathname, method, one)),
  );
  if (refusal !== undefined) throw refusal;
  requirePath(path, permissions);
  if (site === undefined) return { choose: choice };
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
function isCallable(pathname: string, method: HttpMethod, site: ReachableSite): boolean {
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
 * is a secret, because whoever knows it may read the file; another path of the site, such as its login page; another host; or a
 * file of the site at a path that the connection does not cover.
 * @param address - the URL of the response
 * @param paths - those of the connection
 */
export function endOfDownload(
  { site, path, target }: Pick<CallPlan, 'site' | 'path' | 'target'>,
  address: URL,
  paths: CallPermissions['paths'],
): 'site-file' | 'media-file' | 'other-path' | 'other-host' | 'path-not-granted' {
  const { origin, pathname } = address;
  if (origin === mediaOriginOf(site)) return 'media-file';
  if (origin !== target.origin) return 'other-host';
  const base = target.pathname.slice(0, -path.pathname.length);
  const below = pathname.startsWith(base) ? pathname.slice(base.length) : '';
  if (!isDownloadPath(site, below)) return 'other-path';
  return isNamedPathGranted(below, paths) ? 'site-file' : 'path-not-granted';
}

/** The `url` of the response that the page receives. */
export function siteUrl({ site, path }: Pick<CallPlan, 'site' | 'path'>): string {
  return `${site.url}${path.pathname}${path.search}`;
}

/**
 * Checks that a planned call is still permitted: its site by the same session at the same address, its path, and a write by
 * write access.
 * @throws BrokerError `not_allowed`
 */
export function requirePermitted(
  {
    site,
    method,
    path,
    isReading: reading,
  }: Pick<CallPlan, 'site' | 'method' | 'path' | 'isReading'>,
  permissions: Omit<CallPermissions, 'chosen'>,
): void {
  const [same] = siteIndex(permissions.sites).byId.get(grantedSiteId(site)) ?? [];
  const isSame = same !== undefined && (same.gateway ?? same.url) === (site.gateway ?? site.url);
  if (!isSame) throw new BrokerError('not_allowed', { subject: 'site' });
  requirePath(path, permissions);
  requireAccess(method, reading, permissions.access);
}

/**
 * The `Location` of what a call created or started (201, 202), as its page gets it: a URL of the same site, when its connection
 * could read that path.
 */
export function createdLocation(
  plan: CallPlan,
  { status, location }: { readonly status: number; readonly location: string | null },
  paths: readonly string[] | undefined,
): HeaderFields {
  if (location === null || (status !== 201 && status !== 202)) return [];
  const visible = visibleLocation(location, {
    target: plan.target,
    own: new URL(siteUrl(plan)),
    pathname: plan.path.pathname,
    isCallable: (pathname) => isReadable(pathname, plan, paths),
  });
  return visible === undefined ? [] : [['location', visible]];
}

/**
 * Whether a connection could read a path below a site's URL that a response names: one that pages may call, within the
 * connection's paths.
 */
export function isReadable(
  pathname: string,
  { site }: Pick<CallPlan, 'site'>,
  paths: CallPermissions['paths'],
): boolean {
  return isCallable(pathname, 'GET', site) && isNamedPathGranted(pathname, paths);
}

/** As for a path that a page calls: a server may name one that is not valid. */
function isNamedPathGranted(pathname: string, paths: CallPermissions['paths']): boolean {
  return paths === undefined || (isValidPath(pathname) && isWithinPaths(pathname, paths));
}

function requirePath(
  { pathname }: Pick<ValidPath, 'pathname'>,
  { paths }: Pick<CallPermissions, 'paths'>,
): void {
  if (!isWithinPaths(pathname, paths)) throw pathNotGranted();
}

/** The fault of a call at a path that the connection does not cover. */
export function pathNotGranted(): BrokerError {
  return new BrokerError('not_allowed', { subject: 'paths', advice: pathsAdvice });
}

function requireAccess(method: HttpMethod, reading: boolean, access: Access): void {
  if (!reading && access === 'read')
    throw new BrokerError('not_allowed', { subject: method, advice: writeAccessAdvice });
}
