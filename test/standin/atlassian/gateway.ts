import { scopesOf, type Account, type Product, type Site } from '../facts/sites.ts';
import type { Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import {
  confluenceError,
  gatewayError,
  jiraError,
  notInstalled,
  scopeMismatch,
  springError,
  unauthorized,
  xsrfFailed,
} from '../state/gateway-errors.ts';
import { isCovered, type Route } from '../state/route.ts';
import type { Grant } from '../state/token-families.ts';
import { TRANSPORT_ROUTES } from '../state/transport-api.ts';
import type { World } from '../state/world.ts';
import { CONFLUENCE_ROUTES } from './confluence-api.ts';
import { accessibleResources, me } from './identity-api.ts';
import { JIRA_ROUTES } from './jira-api.ts';
import { limited, writtenIssue } from './limited.ts';
import { operationOf, plausibleAnswer } from './operations.ts';

const ROUTES: Record<Product, readonly Route[]> = {
  jira: [...TRANSPORT_ROUTES, ...JIRA_ROUTES],
  confluence: CONFLUENCE_ROUTES,
};

/** Answers the API host. */
export function answerGateway(world: World, incoming: Incoming): Answer | Promise<Answer> {
  const grant = bearerGrant(world, incoming);
  if (grant === undefined) return refuseToken(world, incoming);
  const { path, method } = incoming;
  if (path === '/oauth/token/accessible-resources' && method === 'GET') {
    const { hosts, settings } = world;
    if (incoming.host !== hosts[settings.accessibleResources]) {
      return springError(404, 'Not Found', path, world.clock.nowMs());
    }
    return accessibleResources(world, grant);
  }
  if (path === '/me' && method === 'GET') return me(world, grant);
  const [, product, cloudId = '', rest = ''] =
    /^\/ex\/(jira|confluence)\/([^/]+)(\/.*)$/.exec(path) ?? [];
  if (product === undefined) {
    return springError(404, 'Not Found', path, world.clock.nowMs());
  }
  return answerProduct(world, incoming, grant, product as Product, cloudId, rest);
}

function answerProduct(
  world: World,
  incoming: Incoming,
  grant: Grant,
  product: Product,
  cloudId: string,
  path: string,
): Answer | Promise<Answer> {
  const account = world.accounts.get(grant.accountId);
  const site = world.sites.find((entry) => entry.cloudId === cloudId);
  if (site === undefined || !reaches(grant, account, site, product)) return notInstalled();
  if (isXsrf(world, incoming)) return xsrfFailed();
  const known = ROUTES[product].flatMap((route) => {
    const match = route.path.exec(path);
    return match === null ? [] : [{ route, parameters: match.slice(1) }];
  });
  const method = incoming.method === 'HEAD' ? 'GET' : incoming.method;
  const operation = operationOf(product, method, path);
  const endpoint = known[0]?.route.path.source ?? operation?.path ?? path;
  const issue = product === 'jira' ? writtenIssue(world, cloudId, method, path) : undefined;
  const { clientId } = grant;
  return limited(world, { clientId, cloudId, endpoint, method, issue }, product, () => {
    const found = known.find(({ route }) => route.method === method);
    // "Apps can't access this REST resource": the answer is not documented; no scope can match.
    if (operation?.oauth === false) return scopeMismatch();
    if (!isCovered(operation?.scopes ?? found?.route.scopes ?? [], grant.scopes))
      return scopeMismatch();
    if (found === undefined) {
      if (operation !== undefined) return plausibleAnswer(operation);
      return known.length === 0
        ? unknownPath(product, path)
        : gatewayError(405, 'Method Not Allowed');
    }
    return found.route.handle({ world, incoming, site, account, parameters: found.parameters });
  });
}

/** Bearer in the Authorization header only, spelled exactly so. */
function bearerGrant(world: World, incoming: Incoming): Grant | undefined {
  const [, token = ''] = /^Bearer (\S+)$/.exec(incoming.headers['authorization'] ?? '') ?? [];
  return world.families.grantOf(token);
}

function refuseToken(world: World, incoming: Incoming): Answer {
  const token = (incoming.headers['authorization'] ?? '').slice('Bearer '.length);
  const isQuirky = world.settings.expiredAnswer === 'quirk' && incoming.path.startsWith('/ex/');
  if (!isQuirky || !world.families.wasIssued(token)) return unauthorized();
  return incoming.path.includes('/api/v2/')
    ? gatewayError(404, 'Not Found')
    : gatewayError(403, 'Forbidden');
}

function reaches(grant: Grant, account: Account, site: Site, product: Product): boolean {
  return (
    grant.cloudIds.includes(site.cloudId) &&
    account.sites.includes(site.cloudId) &&
    site.products.includes(product) &&
    scopesOf(product, grant.scopes).length > 0
  );
}

/** Atlassian's support page "XSRF check failed when calling Cloud APIs": browsers are refused. */
function isXsrf(world: World, { method, headers, host }: Incoming): boolean {
  if (world.settings.xsrf === 'off' || ['GET', 'HEAD', 'OPTIONS'].includes(method)) return false;
  const origin = headers['origin'];
  const isForeign = origin !== undefined && origin !== `https://${host}`;
  return isForeign && /^Mozilla\//.test(headers['user-agent'] ?? '');
}

function unknownPath(product: Product, path: string): Answer {
  if (product === 'jira') {
    const message = `null for uri: ${path}`;
    return jiraError(404, [message]);
  }
  return confluenceError(404, `No endpoint ${path}`);
}
