import { BrokerError } from '../extension/core/fault.ts';
import {
  gatewayUrl,
  planCall,
  siteUrl,
  type CallPlan,
  type Reach,
} from '../extension/core/call-plan.ts';
import { visibleResponseHeaders } from '../extension/core/header-lists.ts';
import type { Origin } from '../extension/core/origin.ts';
import type { PageGrant } from '../extension/core/page-grant.ts';
import { profileOf } from '../extension/core/provider-profile.ts';
import { readRefusal } from '../extension/core/refusal.ts';
import { reveal } from '../extension/core/secret.ts';
import type { SessionId } from '../extension/core/session.ts';
import type { Product } from '../extension/core/site.ts';
import type { ApiReply, ApiRequest } from '../extension/wire/api-call.ts';
import type { AccessToken } from './access-tokens.ts';
import type { PageCaller } from './caller.ts';
import type { Clients } from './clients.ts';
import { deadline } from './deadline.ts';
import type { Grants } from './grants.ts';
import { requestFault } from './request-fault.ts';
import type { Sessions } from './sessions.ts';
import type { TokenHandler } from './token-handler.ts';
import type { Transfer, Transfers } from './transfers.ts';
import type { World } from './world.ts';

/** Calls Jira and Confluence for connected pages: decide, attach the token, call, strip, reply. */
export interface Broker {
  request(caller: PageCaller, request: ApiRequest): Promise<ApiReply>;
}

/** The gateway's own refusals are shorter than this, in UTF-16 code units. */
const longestRefusal = 16_384;
/** Longest wait for the beginning of an answer, in milliseconds. */
const answerMs = 25_000;

interface Dependencies {
  readonly grants: Grants;
  readonly sessions: Sessions;
  readonly clients: Clients;
  readonly tokens: TokenHandler;
  readonly transfers: Transfers;
  /** Asks the person which of several sites is meant; resolves when the grant holds the answer. */
  readonly chooseSite: (origin: Origin, product: Product) => Promise<void>;
  readonly world: Pick<World, 'fetch' | 'after' | 'withKeepAlive'>;
}

/** See {@link Broker}. */
export function createBroker(dependencies: Dependencies): Broker {
  const { transfers, world } = dependencies;
  return {
    request: (caller, request) =>
      world.withKeepAlive(async () => {
        const transfer = transfers.open(caller, request);
        try {
          await settleSite(caller.origin, request, dependencies);
          return await perform(
            () => decide(caller.origin, request, dependencies),
            transfer,
            dependencies,
          );
        } catch (thrown) {
          transfer.end();
          if (transfer.signal.reason instanceof BrokerError) throw transfer.signal.reason;
          throw thrown;
        }
      }),
  };
}

/** Judged before each step anew: the person may have changed their mind since the last one. */
function decide(origin: Origin, request: ApiRequest, dependencies: Dependencies): CallPlan {
  const planned = planCall(request, reachOf(grantOf(origin, dependencies.grants), dependencies));
  if ('choose' in planned) throw new BrokerError('site_required');
  const { plan } = planned;
  const isBodiless = plan.method === 'GET' || plan.method === 'HEAD';
  if (isBodiless && (request.body !== null || request.writtenBytes > 0)) {
    throw new BrokerError('invalid_request', { subject: 'body' });
  }
  return plan;
}

/** Asks the person when it takes a choice among several sites. */
async function settleSite(
  origin: Origin,
  request: ApiRequest,
  dependencies: Dependencies,
): Promise<void> {
  const planned = planCall(request, reachOf(grantOf(origin, dependencies.grants), dependencies));
  if ('choose' in planned) await dependencies.chooseSite(origin, planned.choose);
}

function grantOf(origin: Origin, grants: Grants): PageGrant {
  const grant = grants.of(origin);
  if (grant === undefined) throw new BrokerError('not_connected');
  return grant;
}

/**
 * What a grant reaches now: sites that its sessions still have.
 * @throws BrokerError `consent_required` when there is none left
 */
function reachOf(grant: PageGrant, { sessions }: Dependencies): Reach {
  const sites = grant.sites.flatMap(({ sessionId, cloudId, product }) => {
    const known = sessions.find(sessionId)?.sites ?? [];
    const site = known.find(
      (candidate) => candidate.cloudId === cloudId && candidate.product === product,
    );
    return site ? [{ sessionId, cloudId, product, url: site.url }] : [];
  });
  if (sites.length === 0) throw new BrokerError('consent_required');
  return { sites, access: grant.access, chosen: grant.chosen };
}

async function perform(
  decideNow: () => CallPlan,
  transfer: Transfer,
  dependencies: Dependencies,
): Promise<ApiReply> {
  const { tokens } = dependencies;
  const { sessionId } = decideNow().site;
  const token = await tokens.getRefreshedToken(sessionId);
  const plan = sameSession(decideNow(), sessionId);
  const response = await call(plan, token, transfer, dependencies);
  if (response.status !== 401) return reply(plan, response, token, transfer);
  const renewed = await renewedToken(plan, token, response.clone(), dependencies);
  if (renewed === undefined) return reply(plan, response, token, transfer);
  await response.body?.cancel();
  const again = sameSession(decideNow(), sessionId);
  return reply(again, await call(again, renewed, transfer, dependencies), renewed, transfer);
}

/** A token goes to the session that it is of, or nowhere. */
function sameSession(plan: CallPlan, sessionId: SessionId): CallPlan {
  if (plan.site.sessionId !== sessionId) throw new BrokerError('not_allowed', { subject: 'site' });
  return plan;
}

/** The token for the one retry after a 401; undefined when a retry is no use or not safe. */
async function renewedToken(
  plan: CallPlan,
  refused: AccessToken,
  response: Response,
  { tokens }: Dependencies,
): Promise<AccessToken | undefined> {
  const refusal = readRefusal(await beginningOf(response));
  const isSafe =
    refusal === 'token' ||
    (refusal === 'other' && (plan.method === 'GET' || plan.method === 'HEAD'));
  return isSafe ? tokens.accessAfter(plan.site.sessionId, refused) : undefined;
}

/** The text of a short body; of a longer one, which is no refusal of the gateway, only its beginning. */
async function beginningOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  const reader = response.body?.getReader();
  let text = '';
  while (text.length < longestRefusal) {
    const next = await reader?.read();
    if (next?.value === undefined) return text + decoder.decode();
    text += decoder.decode(next.value, { stream: true });
  }
  // Not awaited: a cloned body is cancelled only when its twin is.
  reader?.cancel().catch(() => undefined);
  return text;
}

async function call(
  plan: CallPlan,
  { token }: AccessToken,
  { signal, body }: Transfer,
  { clients, sessions, world }: Dependencies,
): Promise<Response> {
  const { type } = clients.getOrFail(sessions.getOrFail(plan.site.sessionId).clientId);
  const limit = deadline(world, answerMs, signal);
  try {
    const response = await world.fetch(gatewayUrl(profileOf(type).apiBase, plan).href, {
      method: plan.method,
      headers: outgoingHeaders(plan, reveal(token)),
      ...(body === null ? {} : { body }),
      signal: limit.signal,
      redirect: 'manual',
      credentials: 'omit',
      cache: 'no-store',
    });
    if (isRedirect(response)) {
      await response.body?.cancel();
      throw new BrokerError('redirect_refused');
    }
    return response;
  } catch (thrown) {
    throw requestFault(thrown, { isReading: plan.isReading, isExpired: limit.isExpired(), signal });
  } finally {
    limit.release();
  }
}

function outgoingHeaders(plan: CallPlan, token: string): Headers {
  const headers = new Headers(plan.headers.map(([name, value]): [string, string] => [name, value]));
  headers.set('authorization', `Bearer ${token}`);
  if (!headers.has('accept')) headers.set('accept', 'application/json');
  // Tells the XSRF filter that a script means it; see Atlassian, "XSRF check failed".
  if (!plan.isReading && !headers.has('x-atlassian-token'))
    headers.set('x-atlassian-token', 'no-check');
  return headers;
}

function isRedirect(response: Response): boolean {
  const { type, status } = response;
  return type === 'opaqueredirect' || (status >= 300 && status < 400 && status !== 304);
}

async function reply(
  plan: CallPlan,
  response: Response,
  { token }: AccessToken,
  transfer: Transfer,
): Promise<ApiReply> {
  const { status } = response;
  const scrubbed = (text: string): string => text.replaceAll(reveal(token), '');
  const statusText = scrubbed(response.statusText);
  const headers = visibleResponseHeaders(response.headers).map(
    ([name, value]) => [name, scrubbed(value)] as const,
  );
  const { chunk, isComplete } = await transfer.answer(response.body, reveal(token));
  return { status, statusText, headers, url: siteUrl(plan), chunk, isComplete };
}
