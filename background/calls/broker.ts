import type { Retry } from '#core/call/response-decision.ts';
import { siteUrl } from '#core/call/call-plan.ts';
import { requestHosts } from '#core/client/client-endpoints.ts';
import { grantedSiteId } from '#core/grant/page-grant.ts';
import type { HeldResponse } from '#core/quota/held-response.ts';
import { limitedCall } from '#core/quota/limited-call.ts';
import type { SessionId } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import type { ApiReply, ApiRequest, BodyChunk } from '#wire/api-call.ts';
import type { CallNotes, CallRecorder } from '../activity/call-recorder.ts';
import type { PageAccess } from '../grants/page-access.ts';
import type { CallOwner } from '../messages/caller.ts';
import type { World } from '../platform/world.ts';
import type { Governor, Turn } from '../quota/governor.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { TokenHandler } from '../tokens/token-handler.ts';
import { attemptCall, pauseWithin, type AttemptDependencies } from './attempt-call.ts';
import type { CallInFlight, CallsInFlight } from './calls-in-flight.ts';
import { createFutileRefreshes } from './futile-refreshes.ts';
import {
  isUnchanged,
  permittedCall,
  planPageCall,
  requireStillPermitted,
  type PermittedCall,
  type PlanDependencies,
} from './plan-call.ts';
import { unlessAborted } from './request-fault.ts';

/** Calls Jira, Confluence and other APIs for connected pages, and for the console. */
export interface Broker {
  /** @throws BrokerError any code of `pageFaultCodes` */
  request(caller: CallOwner, request: ApiRequest): Promise<ApiReply>;
  /**
   * Adds a piece of a request body.
   * @throws BrokerError `not_connected`, `unavailable`, `too_large`, `rate_limited`, `invalid_request`
   */
  write(caller: CallOwner, piece: BodyChunk): void;
}

interface Dependencies extends PlanDependencies, AttemptDependencies {
  readonly tokens: TokenHandler;
  readonly callsInFlight: CallsInFlight;
  readonly callRecorder: CallRecorder;
  readonly governor: Governor;
  /** Asks the person to choose one of several sites; resolves when the grant holds the choice. */
  readonly chooseSite: PageAccess['chooseSite'];
  readonly world: AttemptDependencies['world'] &
    Pick<World, 'pause' | 'crypto' | 'withKeepAlive' | 'isUpdateDue' | 'installRequestRules'>;
}

export function createBroker(given: Omit<Dependencies, 'futileRefreshes'>): Broker {
  const { grants, callsInFlight, callRecorder, world } = given;
  const dependencies = { ...given, futileRefreshes: createFutileRefreshes(world) };
  return {
    request: (caller, request) =>
      callRecorder.recorded(caller.origin, request, (notes) =>
        world.withKeepAlive(async () => {
          const inFlight = callsInFlight.open(caller, request);
          try {
            requireNoUpdate(world);
            return await perform({ caller, request, notes }, inFlight, dependencies);
          } catch (thrown) {
            inFlight.end();
            if (inFlight.signal.reason instanceof BrokerError) throw inFlight.signal.reason;
            if (inFlight.signal.aborted) notes.aborted();
            throw thrown;
          }
        }, 'call'),
      ),
    write: (caller, piece) => {
      if (grants.of(caller.origin) === undefined) throw new BrokerError('not_connected');
      callsInFlight.write(caller, piece);
    },
  };
}

interface RunningCall {
  readonly caller: CallOwner;
  readonly request: ApiRequest;
  readonly notes: CallNotes;
}

/** Plans a call and sends it until there is a response to deliver. `response-decision.ts` limits the attempts. */
async function perform(
  { caller, request, notes }: RunningCall,
  inFlight: CallInFlight,
  dependencies: Dependencies,
): Promise<ApiReply> {
  const { origin } = caller;
  const permit = (plan: PermittedCall): PermittedCall => {
    notes.planned(plan);
    inFlight.checkWith(() => {
      requireStillPermitted(origin, plan, dependencies);
    });
    return plan;
  };
  let plan = permit(await plannedWithSite(caller, request, inFlight, dependencies));
  const { sessionId } = plan.site;
  // The token is of its account, and the turn of its site: a choice that the person changes holds for later calls.
  const site = grantedSiteId(plan.site);
  const retries: Retry['act'][] = [];
  for (;;) {
    const isRetry = retries.length > 0;
    const next = await turnAndToken({ origin, plan, isRetry }, inFlight, dependencies);
    if ('held' in next) {
      notes.held();
      return heldReply(plan, next.held, inFlight);
    }
    const { token, turn } = next;
    requireNoUpdate(dependencies.world);
    // Each wait (a question, a refresh, a pause, the queue) gives time to change the grant.
    if (!isUnchanged(origin, plan, dependencies))
      plan = permit(permittedCall(origin, { ...request, site }, dependencies));
    const outcome = await attemptCall({ plan, token, turn, retries }, inFlight, dependencies);
    if ('reply' in outcome) {
      if (outcome.lacksScope) notes.lacksScope();
      return outcome.reply;
    }
    inFlight.leavePlace();
    retries.push(outcome.retry.act);
    notes.retried(outcome.retry.act);
    await prepareRetry(outcome.retry, { sessionId, token }, inFlight, dependencies);
  }
}

/**
 * What is sent could cause work that an update waits for, as a refresh is.
 * @throws BrokerError `unavailable` when an update waits for calls no more
 */
function requireNoUpdate({ isUpdateDue }: Pick<World, 'isUpdateDue'>): void {
  if (isUpdateDue()) throw new BrokerError('unavailable');
}

/**
 * Waits for a fresh token, then for a place upstream, so that none is held during this refresh. When the token expired in the
 * queue, waits for both again, once: a token that lives shorter than the margin of a call is never fresh.
 * @returns the response of a call that a limit keeps from being sent, in place of both
 */
async function turnAndToken(
  { origin, plan, isRetry }: { origin: Origin; plan: PermittedCall; isRetry: boolean },
  inFlight: CallInFlight,
  { tokens, governor }: Dependencies,
): Promise<{ readonly token: AccessToken; readonly turn: Turn } | { readonly held: HeldResponse }> {
  const { sessionId } = plan.site;
  const call = limitedCall(origin, plan, plan.client);
  const { signal } = inFlight;
  for (let isAgain = isRetry; ; isAgain = true) {
    const before =
      (await tokens.getFreshToken(sessionId)) ??
      (await unlessAborted(tokens.getRefreshedToken(sessionId), inFlight));
    const turn = await governor.takeTurn(call, { signal, isFirst: isAgain });
    if ('held' in turn) return turn;
    inFlight.havePlace(turn.leave);
    // It may have been replaced meanwhile, too.
    const token = await tokens.getFreshToken(sessionId);
    if (token !== undefined || isAgain) return { token: token ?? before, turn };
    inFlight.leavePlace();
  }
}

/** The reply to a call that was not sent. */
function heldReply(
  plan: PermittedCall,
  { headers, body }: HeldResponse,
  inFlight: CallInFlight,
): ApiReply {
  inFlight.requirePermitted();
  inFlight.end();
  const { buffer } = new TextEncoder().encode(plan.method === 'HEAD' ? '' : body);
  const head = { status: 429, statusText: 'Too Many Requests', headers, url: siteUrl(plan) };
  return { ...head, chunk: buffer, isComplete: true };
}

/** Plans a call; asks the person to choose a site first when several are possible. */
async function plannedWithSite(
  caller: CallOwner,
  request: ApiRequest,
  { signal }: CallInFlight,
  dependencies: Dependencies,
): Promise<PermittedCall> {
  const planned = planPageCall(caller.origin, request, dependencies);
  if ('call' in planned) return planned.call;
  await dependencies.chooseSite({ ...caller, signal }, planned.choose);
  return permittedCall(caller.origin, request, dependencies);
}

/** Does what a retry needs. */
async function prepareRetry(
  retry: Retry,
  { sessionId, token }: { readonly sessionId: SessionId; readonly token: AccessToken },
  inFlight: CallInFlight,
  { clients, tokens, world }: Dependencies,
): Promise<void> {
  switch (retry.act) {
    case 'refresh-and-retry':
      await unlessAborted(tokens.getTokenAfterRejection(sessionId, token), inFlight);
      return;
    case 'sign-again-and-retry':
      return;
    case 'reinstall-rules-and-retry':
      // After a failure here the next response is the same, and is delivered.
      await world.installRequestRules(requestHosts(clients.list())).catch(() => undefined);
      return;
    case 'retry-after-consent':
    case 'retry-read':
      await pauseWithin(retry.pause, inFlight, world);
  }
}
