import type { Retry } from '../../extension/core/call/answer-decision.ts';
import type { CallPlan } from '../../extension/core/call/call-plan.ts';
import { requestHosts } from '../../extension/core/client/client-endpoints.ts';
import type { SessionId } from '../../extension/core/session/session.ts';
import type { Product } from '../../extension/core/session/site.ts';
import { BrokerError } from '../../extension/core/values/fault.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import type { ApiReply, ApiRequest } from '../../extension/wire/api-call.ts';
import type { Clients } from '../clients/clients.ts';
import type { Grants } from '../grants/grants.ts';
import type { PageCaller } from '../messages/caller.ts';
import type { World } from '../platform/world.ts';
import type { RequestAuthorizer } from '../provider/request-authorizer.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { TokenHandler } from '../tokens/token-handler.ts';
import { createVainRefreshes, type VainRefreshes } from './futile-refreshes.ts';
import { judgeCall, plannedCall } from './plan-call.ts';
import { attempt, pauseWithin } from './send-and-judge.ts';
import type { Transfer, Transfers } from './transfers.ts';

/** Calls Jira and Confluence for connected pages: decide, attach the token, call, strip, reply. */
export interface Broker {
  request(caller: PageCaller, request: ApiRequest): Promise<ApiReply>;
}

interface Dependencies {
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly clients: Clients;
  readonly tokens: TokenHandler;
  readonly signer: RequestAuthorizer;
  readonly transfers: Transfers;
  readonly vainRefreshes: VainRefreshes;
  /** Asks the person which of several sites is meant; resolves when the grant holds the answer. */
  readonly chooseSite: (origin: Origin, product: Product) => Promise<void>;
  readonly world: Pick<
    World,
    'fetch' | 'nowMs' | 'after' | 'pause' | 'crypto' | 'withKeepAlive' | 'installRequestRules'
  >;
}

/** See {@link Broker}. */
export function createBroker(given: Omit<Dependencies, 'vainRefreshes'>): Broker {
  const { transfers, world } = given;
  const dependencies = { ...given, vainRefreshes: createVainRefreshes(world) };
  return {
    request: (caller, request) =>
      world.withKeepAlive(async () => {
        const { origin } = caller;
        const transfer = transfers.open(caller, request);
        try {
          const planned = plannedCall(origin, request, dependencies);
          if ('choose' in planned) await dependencies.chooseSite(origin, planned.choose);
          const judge = (): CallPlan => judgeCall(origin, request, dependencies);
          return await perform(judge, transfer, dependencies);
        } catch (thrown) {
          transfer.end();
          if (transfer.signal.reason instanceof BrokerError) throw transfer.signal.reason;
          throw thrown;
        }
      }),
  };
}

/** Sends a call until there is something to deliver; `answerVerdict` bounds how often. */
async function perform(
  judge: () => CallPlan,
  transfer: Transfer,
  dependencies: Dependencies,
): Promise<ApiReply> {
  const { sessionId } = judge().site;
  let token = await dependencies.tokens.getRefreshedToken(sessionId);
  const retries: Retry['act'][] = [];
  for (;;) {
    const plan = sameSession(judge(), sessionId);
    const outcome = await attempt({ plan, token, retries }, transfer, dependencies);
    if ('reply' in outcome) return outcome.reply;
    retries.push(outcome.retry.act);
    token = await prepare(outcome.retry, { sessionId, token }, transfer, dependencies);
  }
}

/** A token goes to the session that it is of, or nowhere. */
function sameSession(plan: CallPlan, sessionId: SessionId): CallPlan {
  if (plan.site.sessionId !== sessionId) throw new BrokerError('not_allowed', { subject: 'site' });
  return plan;
}

/** Mends what the answer told; resolves to the token for the next sending. */
async function prepare(
  retry: Retry,
  { sessionId, token }: { readonly sessionId: SessionId; readonly token: AccessToken },
  transfer: Transfer,
  { clients, tokens, world }: Dependencies,
): Promise<AccessToken> {
  switch (retry.act) {
    case 'refresh-and-retry':
      return tokens.getTokenAfterRejection(sessionId, token);
    case 'sign-again-and-retry':
      return token;
    case 'reinstall-rules-and-retry':
      // Should it fail, the next answer tells the same, and is delivered.
      await world.installRequestRules(requestHosts(clients.list())).catch(() => undefined);
      return token;
    case 'retry-after-consent':
    case 'retry-read':
      await pauseWithin(retry.pause, transfer, world);
      return token;
  }
}
