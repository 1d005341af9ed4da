import { isClosedTo3lo, lackingScopes } from '#core/operations/lacking-scopes.ts';
import { parseOperationTable, type OperationTable } from '#core/operations/operation-table.ts';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import { requireUsable } from '#core/session/session.ts';
import type { Origin } from '#core/values/origin.ts';
import type { PermitQuestion } from '#wire/api-call.ts';
import type { Permitted } from '#wire/page-api.ts';
import { refusalOf } from '#wire/refusal.ts';
import { siteRequired } from '#core/address/call-address.ts';
import { planPageCall, type PermittedCall, type PlanDependencies } from '../calls/plan-call.ts';
import type { World } from '../platform/world.ts';

/** Answers what a call would come to, without sending a request and without asking the person. */
export interface Permits {
  /**
   * Whether `api.request` would send a call, as far as that can be said before: what is decided from grant, sessions and clients,
   * and whether the session has the scopes that Atlassian publishes for the operation.
   * @throws BrokerError `unavailable` and other faults that are no answer
   */
  can(origin: Origin, question: PermitQuestion): Promise<Permitted>;
}

interface Dependencies extends PlanDependencies {
  readonly world: Pick<World, 'packagedText'>;
}

export function createPermits({ world, ...dependencies }: Dependencies): Permits {
  let reading: Promise<OperationTable> | undefined;
  const readTable = async (): Promise<OperationTable> => {
    reading ??= world.packagedText('operations.txt').then(parseOperationTable);
    // A read that failed is repeated with the next question.
    return reading.catch((thrown: unknown) => {
      reading = undefined;
      throw thrown;
    });
  };
  return {
    can: async (origin, question) => {
      const planned = answerWith(() => planNow(origin, question, dependencies));
      if ('ok' in planned) return planned;
      if (planned.site.gateway === undefined) return permitted(planned);
      const table = await readTable();
      // The person may have changed the grant meanwhile.
      const current = answerWith(() => planNow(origin, question, dependencies));
      return 'ok' in current ? current : (lackOf(current, table) ?? permitted(current));
    },
  };
}

/** @throws BrokerError as `api.request` does before it sends a call; `site_required` where it would ask the person */
function planNow(
  origin: Origin,
  question: PermitQuestion,
  dependencies: PlanDependencies,
): PermittedCall {
  const planned = planPageCall(origin, { ...question, body: null, writtenBytes: 0 }, dependencies);
  if ('choose' in planned) throw siteRequired(planned.choose.candidates);
  requireUsable(planned.call.basis.session);
  return planned.call;
}

function answerWith(plan: () => PermittedCall): PermittedCall | Permitted {
  try {
    return plan();
  } catch (thrown) {
    return refusalOf(thrown);
  }
}

function permitted({ site }: PermittedCall): Permitted {
  return { ok: true, site: grantedSiteId(site), account: site.sessionId };
}

/** What Atlassian answers 401 to; undefined when it has no reason to, or the operation is not known. */
function lackOf(
  { site: { product }, method, path: { pathname }, basis }: PermittedCall,
  table: OperationTable,
): Permitted | undefined {
  const operation = table.find({ product, method, pathname });
  if (operation === undefined) return undefined;
  if (isClosedTo3lo(operation)) {
    const message = 'Atlassian does not let OAuth 2.0 (3LO) apps call this operation.';
    return { ok: false, status: 401, rule: 'closed-to-3lo', missingScopes: [], message };
  }
  const missingScopes = lackingScopes(operation, basis.session.scopes);
  if (missingScopes.length === 0) return undefined;
  const message = `The session lacks scopes that this operation needs: ${missingScopes.join(' ')}. Add them to the client in Threelo, and sign in again.`;
  return { ok: false, status: 401, rule: 'scopes', missingScopes, message };
}
