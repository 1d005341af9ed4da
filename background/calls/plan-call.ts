import { siteRequired, type SiteChoice } from '#core/address/call-address.ts';
import type { ReachableSite } from '#core/address/reachable-site.ts';
import {
  planCall,
  requirePermitted,
  type CallPermissions,
  type CallPlan,
} from '#core/call/call-plan.ts';
import { apiBaseOf, gatewayOf, protocolEndpointsOf } from '#core/client/client-endpoints.ts';
import { isGrantedTo, type PageGrant } from '#core/grant/page-grant.ts';
import type { SessionId } from '#core/session/session.ts';
import { findSite } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredClient, StoredSession } from '#storage/schema.ts';
import type { ApiRequest } from '#wire/api-call.ts';
import type { Clients } from '../clients/clients.ts';
import type { Grants } from '../grants/grants.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** A call that the page may make now, and the client whose session authorizes it. */
export interface PermittedCall extends CallPlan {
  readonly client: StoredClient;
  /** What it was decided on. */
  readonly basis: Basis & { readonly grant: PageGrant };
}

export interface PlanDependencies {
  readonly grants: Pick<Grants, 'of'>;
  readonly sessions: Sessions;
  readonly clients: Clients;
}

/**
 * Plans a call with the grant, sessions and clients as they are now. The person may change them during every wait: a call
 * that {@link isUnchanged} does not hold for is planned again after each.
 * @throws BrokerError `not_connected`, `not_allowed`, `consent_required`, `site_required`, `invalid_request`
 */
export function permittedCall(
  origin: Origin,
  request: Omit<ApiRequest, 'callId'>,
  dependencies: PlanDependencies,
): PermittedCall {
  const planned = planPageCall(origin, request, dependencies);
  if ('choose' in planned) throw siteRequired(planned.choose.candidates);
  return planned.call;
}

/** As {@link permittedCall}; when the person has to choose a site first, the sites to choose from. The person is not asked. */
export function planPageCall(
  origin: Origin,
  request: Omit<ApiRequest, 'callId'>,
  { grants, ...dependencies }: PlanDependencies,
): { readonly call: PermittedCall } | { readonly choose: SiteChoice } {
  const grant = grants.of(origin);
  if (grant === undefined) throw new BrokerError('not_connected');
  const reachable = reachableSites(grant, dependencies);
  const planned = planCall(request, reachable.permissions);
  if ('choose' in planned) return planned;
  const { plan } = planned;
  const basis = reachable.bases.get(plan.site.sessionId);
  if (basis?.client === undefined) throw new BrokerError('consent_required');
  const isBodiless = plan.method === 'GET' || plan.method === 'HEAD';
  if (isBodiless && (request.body !== null || request.writtenBytes > 0)) {
    throw new BrokerError('invalid_request', { subject: 'body' });
  }
  return { call: { ...plan, client: basis.client, basis: { grant, ...basis } } };
}

/**
 * Checks that a call that was planned earlier is still permitted with the grant and the sessions as they are now.
 * @throws BrokerError `not_connected`, `not_allowed`, `consent_required`
 */
export function requireStillPermitted(
  origin: Origin,
  plan: PermittedCall,
  { grants, ...dependencies }: PlanDependencies,
): void {
  const grant = grants.of(origin);
  if (grant === undefined) throw new BrokerError('not_connected');
  if (grant === plan.basis.grant && isCurrent(plan.basis, dependencies)) return;
  requirePermitted(plan, reachableSites(grant, dependencies).permissions);
}

/**
 * Whether the grant, and the session and the client of the planned site, are as they were then: the call is still permitted. A
 * site of another session that became reachable meanwhile does not change where it goes.
 */
export function isUnchanged(
  origin: Origin,
  { basis }: PermittedCall,
  { grants, ...dependencies }: PlanDependencies,
): boolean {
  return grants.of(origin) === basis.grant && isCurrent(basis, dependencies);
}

type Entities = Pick<PlanDependencies, 'sessions' | 'clients'>;

/** What a session and its client were when calls were planned. Both are replaced, never changed. */
interface Basis {
  readonly session: StoredSession;
  readonly client: StoredClient | undefined;
}

function isCurrent({ session, client }: Basis, { sessions, clients }: Entities): boolean {
  return sessions.find(session.id) === session && clients.find(session.clientId) === client;
}

/** The granted sites that their sessions reach, and what that was decided on. */
interface Reachable {
  readonly permissions: CallPermissions;
  readonly bases: ReadonlyMap<SessionId, Basis>;
  /** Granted, but deleted. */
  readonly missing: readonly SessionId[];
}

/** A grant may have thousands of sites, and few calls come after a change. */
const known = new WeakMap<PageGrant, Reachable>();

/**
 * The granted sites that their sessions still reach, with the account that they were granted to.
 * @throws BrokerError `consent_required` when no site is left
 */
function reachableSites(grant: PageGrant, entities: Entities): Reachable {
  const before = known.get(grant);
  if (before !== undefined && isReachableNow(before, entities)) return before;
  const reachable = reachableNow(grant, entities);
  known.set(grant, reachable);
  return reachable;
}

function isReachableNow({ bases, missing }: Reachable, entities: Entities): boolean {
  for (const basis of bases.values()) if (!isCurrent(basis, entities)) return false;
  return missing.every((id) => entities.sessions.find(id) === undefined);
}

function reachableNow(grant: PageGrant, { sessions, clients }: Entities): Reachable {
  const bases = new Map<SessionId, Basis>();
  const missing = new Set<SessionId>();
  const sites = grant.sites.flatMap((granted): ReachableSite[] => {
    const { sessionId, cloudId, product } = granted;
    const session = sessions.find(sessionId);
    if (session === undefined) {
      missing.add(sessionId);
      return [];
    }
    bases.set(sessionId, { session, client: clients.find(session.clientId) });
    const site = findSite(session.sites, granted);
    if (site === undefined || !isGrantedTo(granted, session.account)) return [];
    const client = clients.getOrFail(session.clientId);
    const gateway = gatewayOf(client);
    const { name } = site;
    const reached = { sessionId, cloudId, product, name };
    if (gateway !== undefined) return [{ ...reached, url: site.url, gateway }];
    // Not the URL in the session, which is only displayed: in Firefox a content script can write there.
    const url = apiBaseOf(client);
    const protocolEndpoints = protocolEndpointsOf(client);
    return url === undefined ? [] : [{ ...reached, url, protocolEndpoints }];
  });
  if (sites.length === 0) throw new BrokerError('consent_required');
  const { access, chosen, paths } = grant;
  const permissions = { sites, access, chosen, paths };
  return { permissions, bases, missing: [...missing] };
}
