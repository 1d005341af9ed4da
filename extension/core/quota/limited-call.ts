import type { CallPlan } from '../call/call-plan.ts';
import { isDownloadPath } from '../call/download-paths.ts';
import type { ClientConfiguration } from '../client/client-configuration.ts';
import { gatewayOf } from '../client/client-endpoints.ts';
import type { SessionId } from '../session/session.ts';
import type { Origin } from '../values/origin.ts';

/** A call as the limits of its provider see it. */
export interface LimitedCall {
  readonly origin: Origin;
  readonly sessionId: SessionId;
  /** The client id with the host of its gateway or token endpoint: two configurations may have the same app. */
  readonly app: string;
  /** The points that the app has in an hour when no response has announced a number; undefined for no quota. */
  readonly assumedQuota: number | undefined;
  /** The host of a gateway and the cloud id; else the base URL of the API. */
  readonly tenant: string;
  readonly method: string;
  /** The path with a placeholder for each id in it. */
  readonly endpoint: string;
  /** The id or key of the issue that a call of Jira Cloud changes; undefined for every other call. */
  readonly issue: string | undefined;
  readonly isReading: boolean;
  /** Whether the response has the bytes of a file: whatever is in it, it lists no objects. */
  readonly isFile: boolean;
  /** Atlassian's gateway limits apps, tenants and endpoints; every other system limits each person. */
  readonly system: 'jira-cloud' | 'other-cloud' | 'other';
}

/** The points that one app has in an hour, unless Atlassian announces another number. */
const assumedHourlyPoints = 65_000;

/** The call that a plan describes. */
export function limitedCall(
  origin: Origin,
  { site, method, path, isReading }: CallPlan,
  client: ClientConfiguration,
): LimitedCall {
  const { gateway, product } = site;
  const pathname = plainPath(path.pathname);
  const isJiraCloud = gateway !== undefined && product === 'jira';
  return {
    origin,
    sessionId: site.sessionId,
    app: appOf(client),
    assumedQuota: assumedQuota(client),
    tenant: gateway === undefined ? site.url : `${hostOf(gateway)}/${site.cloudId}`,
    // Jira answers both in the same way.
    method: method === 'HEAD' ? 'GET' : method,
    endpoint: endpointOf(pathname),
    issue: isJiraCloud && !isReading ? issueOf(pathname) : undefined,
    isReading,
    isFile: isDownloadPath(site, pathname),
    system: isJiraCloud ? 'jira-cloud' : gateway === undefined ? 'other' : 'other-cloud',
  };
}

/** Identifies the app of a client configuration. */
export function appOf(client: ClientConfiguration): string {
  return `${client.clientId} ${hostOf(gatewayOf(client) ?? client.tokenEndpoint)}`;
}

/**
 * The points that the app of a client has in an hour when no response has announced a number: undefined where there is no
 * quota, as in the Government Cloud and in isolated clouds.
 */
function assumedQuota({ type, apiBase }: ClientConfiguration): number | undefined {
  return type === 'atlassian-cloud' && apiBase === undefined ? assumedHourlyPoints : undefined;
}

/** The first segments name the API and its version, then comes a collection: `/rest/api/3/issue`, `/wiki/api/v2/pages`. */
const collectionAt = 4;
/** A segment that may be an id: with a digit, the key of a project or space, or of unusual length. */
const idSegment = /\d|^[A-Z][A-Z_]+$|.{33}/u;
const properties = /^propert(?:y|ies)$/u;

/**
 * A path with a placeholder for each segment that may be an id, so that the calls of one endpoint are counted together:
 * every other one after a collection, whatever it is, because a page can write anything there. Some endpoints are then
 * counted as one (`project/search` with `project/*`), and so are the versions of an API.
 */
export function endpointOf(pathname: string): string {
  const segments = plainPath(pathname).split('/');
  const isWithoutVersion = segments[2] === 'servicedeskapi';
  const start = isWithoutVersion ? collectionAt - 1 : collectionAt;
  if (segments[1] === 'rest' && !isWithoutVersion && segments.length > start) segments[3] = '*';
  const mayBeId = (segment: string, at: number): boolean =>
    (at - start) % 2 === 1 || idSegment.test(segment) || properties.test(segments[at - 1] ?? '');
  return segments
    .map((segment, at) => (at > start && mayBeId(segment, at) ? '*' : segment))
    .join('/');
}

/** Whether a path may be written in another notation than the plain one. */
const unusual = /[%;]|\/(?:\/|$)/u;

/** A path without percent-encoding, parameters, and segments that are empty: servers read all notations as one path. */
function plainPath(pathname: string): string {
  if (!unusual.test(pathname)) return pathname;
  const segments = pathname.split('/').map((segment) => decoded(segment.split(';', 1)[0] ?? ''));
  return `/${segments.filter((segment) => segment !== '').join('/')}`;
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment).trim();
  } catch {
    return segment;
  }
}

const issuePath = /^\/rest\/(?:api|agile)\/[^/]+\/issue\/([^/]*\d[^/]*)/u;

function issueOf(pathname: string): string | undefined {
  return issuePath.exec(pathname)?.[1]?.toUpperCase();
}

const hosts = new Map<string, string>();

/** Kept, because every call needs it: the URLs are those of the configurations. */
function hostOf(url: string): string {
  let host = hosts.get(url);
  if (host === undefined) {
    host = new URL(url).host;
    hosts.set(url, host);
  }
  return host;
}
