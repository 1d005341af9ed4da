import {
  planCall,
  type CallPlan,
  type Planned,
  type Reach,
} from '../../extension/core/call/call-plan.ts';
import type { PageGrant } from '../../extension/core/call/page-grant.ts';
import { apiBaseOf, gatewayOf } from '../../extension/core/client/client-endpoints.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import type { ApiRequest } from '../../extension/wire/api-call.ts';
import type { Clients } from '../clients/clients.ts';
import type { Grants } from '../grants/grants.ts';
import type { Sessions } from '../sessions/sessions.ts';

/** What it takes to judge a page's call. */
export interface JudgingDependencies {
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly clients: Clients;
}

/**
 * Where a page's call goes and whether it may, as everything stands at this moment. Judged before each step
 * anew: the person may have changed their mind since the last one.
 * @throws BrokerError `not_connected`, `not_allowed`, `consent_required`, `site_required`, `invalid_request`
 */
export function judgeCall(
  origin: Origin,
  request: ApiRequest,
  dependencies: JudgingDependencies,
): CallPlan {
  const planned = plannedCall(origin, request, dependencies);
  if ('choose' in planned) throw new BrokerError('site_required');
  const { plan } = planned;
  const isBodiless = plan.method === 'GET' || plan.method === 'HEAD';
  if (isBodiless && (request.body !== null || request.writtenBytes > 0)) {
    throw new BrokerError('invalid_request', { subject: 'body' });
  }
  return plan;
}

/** A plan, or the product of which the person has to choose a site first. Throws as {@link judgeCall} does. */
export function plannedCall(
  origin: Origin,
  request: ApiRequest,
  { grants, ...dependencies }: JudgingDependencies,
): Planned {
  const grant = grants.of(origin);
  if (grant === undefined) throw new BrokerError('not_connected');
  return planCall(request, reachOf(grant, dependencies));
}

/**
 * What a grant reaches now: sites that its sessions still have.
 * @throws BrokerError `consent_required` when there is none left
 */
function reachOf(
  grant: PageGrant,
  { sessions, clients }: Pick<JudgingDependencies, 'sessions' | 'clients'>,
): Reach {
  const sites = grant.sites.flatMap(({ sessionId, cloudId, product }) => {
    const owner = sessions.find(sessionId);
    const site = owner?.sites.find(
      (candidate) => candidate.cloudId === cloudId && candidate.product === product,
    );
    if (owner === undefined || site === undefined) return [];
    const client = clients.getOrFail(owner.clientId);
    const gateway = gatewayOf(client);
    if (gateway !== undefined) return [{ sessionId, cloudId, product, url: site.url, gateway }];
    // What the session says of its address is only shown: in Firefox a content script can write there.
    const url = apiBaseOf(client);
    return url === undefined ? [] : [{ sessionId, cloudId, product, url }];
  });
  if (sites.length === 0) throw new BrokerError('consent_required');
  return { sites, access: grant.access, chosen: grant.chosen };
}
