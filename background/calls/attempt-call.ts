import { createdLocation, siteUrl, type CallPlan } from '#core/call/call-plan.ts';
import { visibleResponseHeaders, type HeaderFields } from '#core/call/headers.ts';
import {
  decideOnRejectedSignature,
  decideOnResponse,
  isBodyNeeded,
  retryAfterBrokenConnection,
  type Decision,
  type PauseRange,
  type ReceivedResponse,
  type Retry,
} from '#core/call/response-decision.ts';
import type { PageGrant } from '#core/grant/page-grant.ts';
import {
  isResponseForOtherUser,
  namesUser,
  userNameHeader,
} from '#core/session/data-center-identity.ts';
import type { Account } from '#core/session/session.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import { reveal, type Secret } from '#core/values/secret.ts';
import { isFormContentType } from '#oauth/oauth1/signing/form-encoding.ts';
import type { SignedMessage } from '#oauth/oauth1/signing/signature-base-string.ts';
import type { AuthorizationHeader } from '#oauth/resources/authorization-header.ts';
import type { ApiReply } from '#wire/api-call.ts';
import type { Grants } from '../grants/grants.ts';
import { randomFraction } from '../platform/random-fraction.ts';
import type { World } from '../platform/world.ts';
import type { RequestAuthorizer } from '../provider/request-authorizer.ts';
import type { Turn } from '../quota/governor.ts';
import type { PieceReader } from '../quota/returned-objects.ts';
import type { Sessions } from '../sessions/sessions.ts';
import type { CallInFlight } from './calls-in-flight.ts';
import { followsRedirects, refuseHiddenRedirect, sourceOf } from './follow-redirects.ts';
import type { AttemptedCall, FutileRefreshes } from './futile-refreshes.ts';
import type { PermittedCall } from './plan-call.ts';
import { unlessAborted } from './request-fault.ts';
import { rejectionText, sendCall, type SendOptions } from './send-call.ts';

export interface Attempt extends AttemptedCall {
  readonly plan: PermittedCall;
  /** The right to send it. */
  readonly turn: Turn;
}

/** The reply for the page, or how to retry. Before a retry the call is planned again. */
type Outcome =
  { readonly reply: ApiReply; readonly lacksScope: boolean } | { readonly retry: Retry };

export interface AttemptDependencies {
  readonly grants: Pick<Grants, 'of'>;
  readonly sessions: Sessions;
  readonly signer: RequestAuthorizer;
  readonly futileRefreshes: FutileRefreshes;
  readonly world: Pick<World, 'fetch' | 'after' | 'nowMs'>;
}

/**
 * Sends a call once and decides what is done after its response. A reply includes the first piece of the body.
 * @throws BrokerError any code of `pageFaultCodes`
 */
export async function attemptCall(
  attempt: Attempt,
  inFlight: CallInFlight,
  dependencies: AttemptDependencies,
): Promise<Outcome> {
  const { plan, token, turn, retries } = attempt;
  const { grants, sessions, signer, futileRefreshes, world } = dependencies;
  // Authorized for each attempt: a server accepts an OAuth 1.0a signature only once.
  const authorization = await signer(plan.client, token, signedMessage(plan, inFlight.body));
  // Signing takes time, in which the person may have changed the grant.
  inFlight.requirePermitted();
  if (!plan.isReading) inFlight.markWriteSent();
  const isFollowed = followsRedirects(plan);
  const options: SendOptions = {
    authorization: authorization.value,
    ownHeaders: plan.client.requestHeaders ?? {},
    followsRedirects: isFollowed,
  };
  let hasResponse = false;
  try {
    turn.sent();
    const response = await sendCall(plan, options, inFlight, world);
    hasResponse = true;
    const source = isFollowed ? await sourceOf(plan, response, pathsOf(plan, grants)) : 'site-file';
    // The status of a sign-in page is not that of the API.
    const onPiece =
      source === 'other-path'
        ? undefined
        : turn.received(response, removing(authorization.tokenForms));
    const received = await receivedResponse({ response, source }, attempt, inFlight, dependencies);
    const onSignature = decisionOnSignature(authorization, response, received);
    const decision = onSignature ?? decideOnResponse(received);
    if (onSignature !== undefined || decision.act === 'refuse' || received.status === 401)
      futileRefreshes.recordRejected(attempt);
    else if (response.ok) futileRefreshes.recordAccepted(attempt);
    if (decision.act !== 'deliver') await response.body?.cancel();
    if (decision.act === 'refuse') {
      void sessions.verifyAccount(plan.site.sessionId);
      throw new BrokerError(decision.code, { subject: 'anonymous' });
    }
    if (decision.act !== 'deliver') return { retry: decision };
    if (decision.showsStaleSites) void sessions.refreshStaleSites(plan.site.sessionId);
    const { tokenForms } = authorization;
    const answer = { response, source, onPiece, paths: pathsOf(plan, grants) };
    const reply = await replyOf(plan, answer, tokenForms, inFlight);
    return { reply, lacksScope: received.status === 401 && decision.showsStaleSites };
  } catch (thrown) {
    const isBroken = toFault(thrown).code === 'offline';
    const retry = isBroken
      ? retryAfterBrokenConnection({ ...plan, retries, nowMs: world.nowMs() })
      : undefined;
    if (retry !== undefined) return { retry };
    if (isBroken && isFollowed && !hasResponse)
      await refuseHiddenRedirect(plan, options, inFlight, world);
    throw thrown;
  }
}

/** The paths that the page may call now; none after it was disconnected. */
function pathsOf({ basis }: PermittedCall, grants: Pick<Grants, 'of'>): PageGrant['paths'] {
  const grant = grants.of(basis.grant.origin);
  return grant === undefined ? [] : grant.paths;
}

/** Maximum length of a form that is signed, in bytes. */
const maxFormBytes = 65_536;

/** The parts of a call that a signature covers. @see RFC 5849, section 3.4.1.3 */
function signedMessage(plan: CallPlan, body: Uint8Array<ArrayBuffer> | null): SignedMessage {
  const { href: url } = plan.target;
  const isForm = plan.headers.some(
    ([name, value]) => name === 'content-type' && isFormContentType(value),
  );
  if (body === null || !isForm) return { method: plan.method, url };
  // All parameters are sorted and signed, which would block the worker for a form of megabytes.
  if (body.length > maxFormBytes) throw new BrokerError('invalid_request', { subject: 'form' });
  return { method: plan.method, url, formBody: new TextDecoder().decode(body) };
}

/** The decision when the server rejected the signature; undefined when it did not. */
function decisionOnSignature(
  { decide }: AuthorizationHeader,
  { headers }: Response,
  { status, retries }: ReceivedResponse,
): Decision | undefined {
  const tried = retries.flatMap((act) => signatureCures[act] ?? []);
  const rejection = decide({ status, headers, tried });
  return rejection && decideOnRejectedSignature(rejection.act, retries);
}

const signatureCures: Readonly<Partial<Record<Retry['act'], 'sign-again' | 'renew'>>> = {
  'sign-again-and-retry': 'sign-again',
  'refresh-and-retry': 'renew',
};

/** A response, and where it comes from. */
interface SourcedResponse {
  readonly response: Response;
  readonly source: Awaited<ReturnType<typeof sourceOf>>;
  readonly onPiece?: PieceReader | undefined;
}

async function receivedResponse(
  { response, source }: SourcedResponse,
  attempt: Attempt,
  inFlight: CallInFlight,
  { sessions, futileRefreshes, world }: AttemptDependencies,
): Promise<ReceivedResponse> {
  const { plan, token, retries } = attempt;
  // The product sent the call to its sign-in page, instead of a 401: nothing in that page answers the call.
  const isSignInPage = source === 'other-path';
  const status = isSignInPage ? 401 : response.status;
  const isBodyRead = !isSignInPage && isBodyNeeded(status);
  const isOther = isForOtherUser(plan, response, sessions);
  return {
    method: plan.method,
    isReading: plan.isReading,
    // A refresh that would not help counts as done.
    retries: futileRefreshes.isFutile(attempt) ? [...retries, 'refresh-and-retry'] : retries,
    status,
    bodyText: isBodyRead ? await rejectionText(response, inFlight, world) : '',
    retryAfter: response.headers.get('retry-after'),
    isForOtherUser:
      isSignInPage ||
      (typeof isOther === 'boolean' ? isOther : await unlessAborted(isOther, inFlight)),
    token,
    consentedAtMs: sessions.find(plan.site.sessionId)?.signedInAtMs ?? 0,
    nowMs: world.nowMs(),
  };
}

/**
 * Whether the response names another user than the session's account. Only a product at its own URL names the user.
 * Another user name may be the same user, renamed: when the product reports user keys, it is asked for the account.
 */
function isForOtherUser(
  { site: { product, gateway, sessionId } }: CallPlan,
  { status, headers }: Response,
  sessions: Sessions,
): boolean | Promise<boolean> {
  if (gateway !== undefined || product === 'generic') return false;
  const userName = headers.get(userNameHeader);
  const isOther = ({ accountId }: Account): boolean =>
    isResponseForOtherUser({ product, status, userName, accountId });
  const before = sessions.find(sessionId)?.account ?? {};
  if (!isOther(before)) return false;
  if (!namesUser(userName) || before.key === undefined) return true;
  // The call keeps its place, even if this needs a refresh: its response is open, and those are what places limit.
  return sessions.verifyAccount(sessionId).then(() => {
    const after = sessions.find(sessionId)?.account;
    return after === undefined || isOther(after);
  });
}

/** Removes texts from a text. */
function removing(tokenForms: readonly Secret[]): (text: string) => string {
  return (text) => tokenForms.reduce((rest, form) => rest.replaceAll(reveal(form), ''), text);
}

/** @param tokenForms - the token in every encoding that was sent; removed from the response */
async function replyOf(
  plan: PermittedCall,
  { response, source, onPiece, paths }: SourcedResponse & { readonly paths: PageGrant['paths'] },
  tokenForms: readonly Secret[],
  inFlight: CallInFlight,
): Promise<ApiReply> {
  const { status } = response;
  const withoutTokens = removing(tokenForms);
  const statusText = withoutTokens(response.statusText);
  const headers = [
    ...visibleResponseHeaders(response.headers),
    ...locationOf(plan, response, paths),
  ]
    // The address of a file of the media service is a secret.
    .filter(([name]) => source !== 'media-file' || name !== 'link')
    .map(([name, value]) => [name, withoutTokens(value)] as const);
  const { chunk, isComplete } = await inFlight.deliver(response.body, tokenForms, onPiece);
  return { status, statusText, headers, url: siteUrl(plan), chunk, isComplete };
}

/** The `Location`; none of a call whose redirects are followed: it is relative to where the response came from, which may be secret. */
function locationOf(
  plan: PermittedCall,
  { status, headers }: Response,
  paths: PageGrant['paths'],
): HeaderFields {
  if (followsRedirects(plan)) return [];
  return createdLocation(plan, { status, location: headers.get('location') }, paths);
}

/** Waits for a random time in a range; rejects as soon as the call is aborted. */
export async function pauseWithin(
  { minMs, maxMs }: PauseRange,
  inFlight: CallInFlight,
  world: Pick<World, 'pause' | 'crypto'>,
): Promise<void> {
  const ms = Math.round(minMs + (maxMs - minMs) * randomFraction(world.crypto));
  await unlessAborted(world.pause(ms), inFlight);
}
