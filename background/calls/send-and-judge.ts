import {
  answerVerdict,
  brokenVerdict,
  isToldByBody,
  signatureVerdict,
  type Answered,
  type PauseRange,
  type Retry,
  type Verdict,
} from '../../extension/core/call/answer-decision.ts';
import { siteUrl, targetUrl, type CallPlan } from '../../extension/core/call/call-plan.ts';
import { visibleResponseHeaders } from '../../extension/core/call/headers.ts';
import {
  isForStranger,
  namesUser,
  userNameHeader,
} from '../../extension/core/session/data-center-identity.ts';
import type { Account } from '../../extension/core/session/session.ts';
import { BrokerError, toFault } from '../../extension/core/values/fault.ts';
import { reveal, type Secret } from '../../extension/core/values/secret.ts';
import type { SignedMessage } from '../../extension/oauth/oauth1/signing/signature-base-string.ts';
import type { AuthorizationHeader } from '../../extension/oauth/resources/authorization-header.ts';
import type { ApiReply } from '../../extension/wire/api-call.ts';
import type { Clients } from '../clients/clients.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import type { World } from '../platform/world.ts';
import type { RequestAuthorizer } from '../provider/request-authorizer.ts';
import type { AccessToken } from '../secrets/access-tokens.ts';
import type { VainRefreshes } from './futile-refreshes.ts';
import { requestFault } from './request-fault.ts';
import { beginningOf, sendCall, type SendingDependencies } from './send-call.ts';
import type { Transfer } from './transfers.ts';

/** One sending of a call. */
export interface Attempt {
  readonly plan: CallPlan;
  readonly token: AccessToken;
  /** What the call was sent again for before, in order. */
  readonly retries: readonly Retry['act'][];
}

/** What became of it: the page's reply, or what to do before the call is judged and sent again. */
export type Outcome = { readonly reply: ApiReply } | { readonly retry: Retry };

/** What an attempt needs. */
export interface AttemptDependencies extends SendingDependencies {
  readonly clients: Pick<Clients, 'getOrFail'>;
  readonly signer: RequestAuthorizer;
  readonly vainRefreshes: VainRefreshes;
  readonly world: Pick<World, 'fetch' | 'after' | 'nowMs'>;
}

/** Sends a call and judges what comes back, up to the first piece of the body. */
export async function attempt(
  tried: Attempt,
  transfer: Transfer,
  dependencies: AttemptDependencies,
): Promise<Outcome> {
  const { plan, retries } = tried;
  const { sessions, vainRefreshes, world } = dependencies;
  const authorization = await authorize(tried, transfer, dependencies);
  try {
    const response = await sendCall(plan, authorization.value, transfer, dependencies);
    const answer = await answered(response, tried, transfer, dependencies);
    const told = signature(authorization, response, answer);
    const verdict = told ?? answerVerdict(answer);
    if (told !== undefined || verdict.act === 'refuse' || answer.status === 401)
      vainRefreshes.noteRefused(tried);
    else if (response.ok) vainRefreshes.noteTaken(tried);
    if (verdict.act !== 'deliver') await response.body?.cancel();
    if (verdict.act === 'refuse') {
      void sessions.verifyAccount(plan.site.sessionId);
      throw new BrokerError(verdict.code, { subject: 'anonymous' });
    }
    if (verdict.act !== 'deliver') return { retry: verdict };
    if (verdict.provesStale) void sessions.refreshStaleSites(plan.site.sessionId);
    return { reply: await replyOf(plan, response, authorization.tokenForms, transfer) };
  } catch (thrown) {
    const isBroken = toFault(thrown).code === 'offline';
    const retry = isBroken ? brokenVerdict({ ...plan, retries, nowMs: world.nowMs() }) : undefined;
    if (retry === undefined) throw thrown;
    return { retry };
  }
}

/** The header of this very sending: OAuth 1.0a takes no signature twice. */
function authorize(
  { plan, token }: Attempt,
  { body }: Transfer,
  { sessions, clients, signer }: AttemptDependencies,
): Promise<AuthorizationHeader> {
  const client = clients.getOrFail(sessions.getOrFail(plan.site.sessionId).clientId);
  return signer(client, token, messageOf(plan, body));
}

/** A call as far as a signature sees it. @see RFC 5849, section 3.4.1.3 */
function messageOf(plan: CallPlan, body: Uint8Array<ArrayBuffer> | null): SignedMessage {
  const { href: url } = targetUrl(plan);
  const isForm = plan.headers.some(
    ([name, value]) => name.toLowerCase() === 'content-type' && formType.test(value),
  );
  if (body === null || !isForm) return { method: plan.method, url };
  // Each parameter is sorted and signed: a form of megabytes would hold everything else up.
  if (body.length > longestForm) throw new BrokerError('invalid_request', { subject: 'form' });
  return { method: plan.method, url, formBody: new TextDecoder().decode(body) };
}

/** The largest form that a signature is made over, in bytes. */
const longestForm = 65_536;
const formType = /^application\/x-www-form-urlencoded\s*(?:;|$)/iu;

/** What the server says of the signature; undefined when it says nothing. */
function signature(
  { decide }: AuthorizationHeader,
  { headers }: Response,
  { status, retries }: Answered,
): Verdict | undefined {
  const tried = retries.flatMap((act) => signatureCures[act] ?? []);
  const verdict = decide({ status, headers, tried });
  return verdict && signatureVerdict(verdict.act, retries);
}

const signatureCures: Readonly<Partial<Record<Retry['act'], 'sign-again' | 'renew'>>> = {
  'sign-again-and-retry': 'sign-again',
  'refresh-and-retry': 'renew',
};

async function answered(
  response: Response,
  tried: Attempt,
  transfer: Transfer,
  { sessions, vainRefreshes, world }: AttemptDependencies,
): Promise<Answered> {
  const { plan, token, retries } = tried;
  const { status, headers } = response;
  const session = sessions.find(plan.site.sessionId);
  return {
    method: plan.method,
    isReading: plan.isReading,
    // What would be in vain counts as tried.
    retries: vainRefreshes.isVain(tried) ? [...retries, 'refresh-and-retry'] : retries,
    status,
    bodyText: isToldByBody(status) ? await beginningOf(response, transfer, world) : '',
    retryAfter: headers.get('retry-after'),
    isForStranger: await isStranger(plan, response, sessions),
    token,
    consentedAtMs: session?.signedInAtMs ?? 0,
    nowMs: world.nowMs(),
  };
}

/**
 * Only a product at its own address names the user in its answers. It is asked whether another name is another user,
 * where it could tell one who was renamed.
 */
async function isStranger(
  { site: { product, gateway, sessionId } }: CallPlan,
  { status, headers }: Response,
  sessions: AttemptDependencies['sessions'],
): Promise<boolean> {
  if (gateway !== undefined || product === 'generic') return false;
  const userName = headers.get(userNameHeader);
  const isFor = ({ accountId }: Account): boolean =>
    isForStranger({ product, status, userName, accountId });
  const before = sessions.find(sessionId)?.account ?? {};
  if (!isFor(before)) return false;
  if (!namesUser(userName) || before.key === undefined) return true;
  await sessions.verifyAccount(sessionId);
  const after = sessions.find(sessionId)?.account;
  return after === undefined || isFor(after);
}

async function replyOf(
  plan: CallPlan,
  response: Response,
  carried: readonly Secret[],
  transfer: Transfer,
): Promise<ApiReply> {
  const { status } = response;
  const texts = carried.map(reveal);
  const scrubbed = (text: string): string =>
    texts.reduce((rest, each) => rest.replaceAll(each, ''), text);
  const statusText = scrubbed(response.statusText);
  const headers = visibleResponseHeaders(response.headers).map(
    ([name, value]) => [name, scrubbed(value)] as const,
  );
  const { chunk, isComplete } = await transfer.answer(response.body, texts, plan.isReading);
  return { status, statusText, headers, url: siteUrl(plan), chunk, isComplete };
}

/** Waits somewhere in a range, or rejects as soon as the call ends. */
export async function pauseWithin(
  { leastMs, mostMs }: PauseRange,
  { signal }: Transfer,
  world: Pick<World, 'pause' | 'crypto'>,
): Promise<void> {
  const fault = (): BrokerError =>
    requestFault(signal.reason, { isReading: true, isExpired: false, signal });
  if (signal.aborted) throw fault();
  const ended = Promise.withResolvers<never>();
  const end = (): void => {
    ended.reject(fault());
  };
  signal.addEventListener('abort', end, { once: true });
  const ms = Math.round(leastMs + (mostMs - leastMs) * randomFraction(world.crypto));
  try {
    await Promise.race([ended.promise, world.pause(ms)]);
  } finally {
    signal.removeEventListener('abort', end);
  }
}
