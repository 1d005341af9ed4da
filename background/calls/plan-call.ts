import {
  planCall,
  requirePermitted,
  type CallPermissions,
  type CallPlan,
  type ReachableSite,
} from '#core/call/call-plan.ts';
import { isGrantedTo, type PageGrant } from '#core/call/page-grant.ts';
import { apiBaseOf, gatewayOf, protocolEndpointsOf } from '#core/client/client-endpoints.ts';
import type { SessionId } from '#core/session/session.ts';
import type { Product } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { ApiRequest } from '#wire/api-call.ts';
import type { Clients } from '../clients/clients.ts';
import type { Grants } from '../grants/grants.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** A call that the page may make now, and the client whose session authorizes it. */
export interface PermittedCall extends CallPlan {
  readonly client: StoredClient;
}

export interface PlanDependencies {
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly clients: Clients;
}

/**
 * Plans a call with the grant, sessions and clients as they are now. The person may change them during every wait, so
 * the call is planned again after each.
 * @throws BrokerError `not_connected`, `not_allowed`, `consent_required`, `site_required`, `invalid_request`
 */
export function permittedCall(
  origin: Origin,
  request: ApiRequest,
  dependencies: PlanDependencies,
): PermittedCall {
  const planned = planPageCall(origin, request, dependencies);
  if ('choose' in planned) throw new BrokerError('site_required');
  return planned.call;
}

/** As {@link permittedCall}; when the person has to choose a site first, the product to choose it for. */
export function planPageCall(
  origin: Origin,
  request: ApiRequest,
  { grants, ...dependencies }: PlanDependencies,
): { readonly call: PermittedCall } | { readonly choose: Product } {
  const grant = grants.of(origin);
  if (grant === undefined) throw new BrokerError('not_connected');
  const clientsBySession = new Map<SessionId, StoredClient>();
  const planned = planCall(request, permissionsOf(grant, clientsBySession, dependencies));
  if ('choose' in planned) return planned;
  const { plan } = planned;
  const client = clientsBySession.get(plan.site.sessionId);
  if (client === undefined) throw new BrokerError('consent_required');
  const isBodiless = plan.method === 'GET' || plan.method === 'HEAD';
  if (isBodiless && (request.body !== null || request.writtenBytes > 0)) {
    throw new BrokerError('invalid_request', { subject: 'body' });
  }
  return { call: { ...plan, client } };
}

/**
 * Checks that a call that was planned earlier is still permitted with the grant and the sessions as they are now.
 * @throws BrokerError `not_connected`, `not_allowed`, `consent_required`
 */
export function requireStillPermitted(
  origin: Origin,
  plan: CallPlan,
  { grants, ...dependencies }: PlanDependencies,
): void {
  const grant = grants.of(origin);
  if (grant === undefined) throw new BrokerError('not_connected');
  requirePermitted(plan, permissionsOf(grant, new Map(), dependencies));
}

/**
 * The granted sites that their sessions still reach, with the account that they were granted to. Adds the clients of these sessions to the map.
 * @throws BrokerError `consent_required` when no site is left
 */
function permissionsOf(
  grant: PageGrant,
  clientsBySession: Map<SessionId, StoredClient>,
  { sessions, clients }: Pick<PlanDependencies, 'sessions' | 'clients'>,
): CallPermissions {
  const sites = grant.sites.flatMap((granted): ReachableSite[] => {
    const { sessionId, cloudId, product } = granted;
    const session = sessions.find(sessionId);
    const site = session?.sites.find(
      (candidate) => candidate.cloudId === cloudId && candidate.product === product,
    );
    if (session === undefined || site === undefined) return [];
    if (!isGrantedTo(granted, session.account)) return [];
    const client = clients.getOrFail(session.clientId);
    clientsBySession.set(sessionId, client);
    const gateway = gatewayOf(client);
    if (gateway !== undefined) return [{ sessionId, cloudId, product, url: site.url, gateway }];
    // Not the URL in the session, which is only displayed: in Firefox a content script can write there.
    const url = apiBaseOf(client);
    const protocolEndpoints = protocolEndpointsOf(client);
    return url === undefined ? [] : [{ sessionId, cloudId, product, url, protocolEndpoints }];
  });
  if (sites.length === 0) throw new BrokerError('consent_required');
  return { sites, access: grant.access, chosen: grant.chosen };
}
