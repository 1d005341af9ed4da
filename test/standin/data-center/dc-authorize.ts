import { html, redirect, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import { escapeHtml, pageMarkup } from '../http/page-markup.ts';
import type { DcRequest, DcState } from './instance.ts';
import { PRODUCTS } from './products.ts';

type Target = Pick<DcRequest, 'redirectUri' | 'state'>;

/** GET {base}/rest/oauth2/latest/authorize: checks, then login, then the consent page. */
export function answerDcAuthorize(state: DcState, incoming: Incoming): Answer {
  const request = checkRequest(state, incoming.query);
  if ('status' in request) return request;
  const account = state.door.visitor(incoming);
  const { pathname, search } = new URL(incoming.href);
  if (account === undefined) return state.door.loginPage(pathname + search);
  const title = `${request.app.name} would like to access ${PRODUCTS[state.product].title}`;
  return state.door.consentPage(title, request.scopes, request, account);
}

/** POST of the consent page's form: only with a Referer of this host, so that a stripped one is noticed. */
export function answerDcConsent(state: DcState, incoming: Incoming): Answer {
  const decision = state.door.decide(incoming);
  const referer = URL.parse(incoming.headers['referer'] ?? '');
  if (decision === undefined || referer?.host !== state.host) {
    return errorPage(400, 'This request did not come from the consent page.');
  }
  const { request, account, isAccepted } = decision;
  if (!isAccepted) return refuse(request, 'access_denied', 'The request was denied');
  const { redirectUri, scopes, challenge } = request;
  const { accountId } = account;
  const grant = { clientId: request.app.clientId, accountId, redirectUri, scopes, challenge };
  return back(request, { code: state.ledger.issue('code', grant, state.quirks.codeLifeMs) });
}

/** Before client and redirect address are known to be right nothing is sent to the app. */
function checkRequest(state: DcState, query: URLSearchParams): DcRequest | Answer {
  const app = state.apps.get(query.get('client_id') ?? '');
  if (app === undefined) return errorPage(400, 'No client with this client_id is registered.');
  const { redirectUri } = app;
  if (query.get('redirect_uri') !== redirectUri) {
    return errorPage(400, 'The redirect_uri does not match the one that is registered.');
  }
  const target = { redirectUri, state: query.get('state') };
  if (query.get('response_type') !== 'code') {
    return refuse(target, 'unsupported_response_type', 'response_type must be code');
  }
  const asked = (query.get('scope') ?? '').split(' ').filter((scope) => scope !== '');
  const scopes = asked.length > 0 ? asked : app.registeredScopes;
  const strange = scopes.filter((scope) => !app.permissions.has(scope));
  if (strange.length > 0) return refuse(target, 'invalid_scope', `Invalid: ${strange.join(' ')}`);
  const challenge = checkChallenge(state, query);
  if (challenge === 'refused') {
    const reason = 'code_challenge_method is not supported';
    state.auditor.pkceFailures.push({ atMs: state.clock.nowMs(), reason });
    return refuse(target, 'invalid_request', reason);
  }
  return { app, ...target, scopes, challenge };
}

/** "Confluence OAuth 2.0 provider API" prints `plain` and `sha256`; products read `S256`; no method means plain. */
function checkChallenge(
  { quirks }: DcState,
  query: URLSearchParams,
): DcRequest['challenge'] | 'refused' {
  const value = query.get('code_challenge');
  if (value === null) return undefined;
  const method = query.get('code_challenge_method') ?? 'plain';
  if (![quirks.challengeMethodName, 'plain'].includes(method)) return 'refused';
  return { value, isHashed: method !== 'plain' };
}

/** An error page in the window: the app hears nothing. */
function errorPage(status: number, message: string): Answer {
  return html(status, pageMarkup('Something is wrong', `<p>${escapeHtml(message)}</p>`));
}

function refuse(target: Target, error: string, description: string): Answer {
  return back(target, { error, error_description: description });
}

function back({ redirectUri, state }: Target, parameters: Record<string, string>): Answer {
  const url = new URL(redirectUri);
  Object.entries(parameters).forEach(([name, value]) => url.searchParams.append(name, value));
  if (state !== null) url.searchParams.append('state', state);
  return redirect(302, url.href);
}
