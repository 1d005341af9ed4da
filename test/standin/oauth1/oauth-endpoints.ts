import { randomBytes } from 'node:crypto';
import { html, redirect, text, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import { escapeHtml, pageMarkup } from '../http/page-markup.ts';
import { checkRequest, type CheckedRequest } from './check-request.ts';
import type { OAuth1State, Token1 } from './oauth1-provider.ts';
import { problemAnswer, type ProblemReport } from './problems.ts';

const SESSION_EXTRA_MS = 30 * 24 * 60 * 60 * 1000;

/** Answers the three endpoints of a provider and its two pages; undefined: not one of them. */
export function answerOauthEndpoint(state: OAuth1State, incoming: Incoming): Answer | undefined {
  const { endpoints, settings, baseUrl } = state;
  const url = incoming.href.split('?')[0] ?? '';
  const step = (
    at: 'access-token' | 'request-token',
    run: (state: OAuth1State, incoming: Incoming) => Answer | ProblemReport,
  ) => {
    const forced = settings.refuse?.at === at ? { problem: settings.refuse.problem } : undefined;
    const result = forced ?? run(state, incoming);
    return withDate(
      state,
      'problem' in result ? problemAnswer(result, settings.seenBaseUrl) : result,
    );
  };
  switch (`${incoming.method} ${url}`) {
    case `POST ${endpoints.requestToken}`:
      return step('request-token', requestToken);
    case `POST ${endpoints.accessToken}`:
      return step('access-token', accessToken);
    case `GET ${endpoints.authorize}`:
      return authorize(state, incoming);
    case `POST ${baseUrl}/login`:
      return state.door.answerLogin(incoming);
    case `POST ${baseUrl}/consent`:
      return decide(state, incoming);
    default:
      return undefined;
  }
}

/** Whose the access token of a signed API call is. */
export function checkCall(
  state: OAuth1State,
  incoming: Incoming,
): (CheckedRequest & { readonly token: Token1 }) | ProblemReport {
  const { refuse } = state.settings;
  if (refuse?.at === 'api') return { problem: refuse.problem };
  const checked = checkRequest(state, incoming, ['oauth_token']);
  if ('problem' in checked) return checked;
  const { token } = checked;
  if (token?.account === undefined || token.callback !== undefined) {
    return { problem: 'token_rejected' };
  }
  if (token.expiresAtMs <= state.nowMs()) return { problem: 'token_expired' };
  return { ...checked, token };
}

/** The Date header of a server whose clock is off. */
export function withDate(state: OAuth1State, answer: Answer): Answer {
  const date = new Date(state.nowMs()).toUTCString();
  return { ...answer, headers: { ...answer.headers, date } };
}

function requestToken(state: OAuth1State, incoming: Incoming): Answer | ProblemReport {
  const checked = checkRequest(state, incoming, ['oauth_callback']);
  if ('problem' in checked) return checked;
  const callback = checked.parameters.get('oauth_callback') ?? '';
  if (callback !== 'oob' && !/^https?:\/\//.test(callback)) {
    const details = { oauth_parameters_rejected: 'oauth_callback' };
    return { problem: 'parameter_rejected', details };
  }
  const { requestTokenMs } = state.settings;
  const token = state.issue('request-token', checked.consumer, requestTokenMs, callback);
  return formAnswer({ ...pairOf(token), oauth_callback_confirmed: 'true' });
}

function authorize(state: OAuth1State, incoming: Incoming): Answer {
  const token = state.tokens.get(incoming.query.get('oauth_token') ?? '');
  if (
    token?.state !== 'new' ||
    token.callback === undefined ||
    token.expiresAtMs <= state.nowMs()
  ) {
    return html(400, pageMarkup('Something is wrong', '<p>This request token is not valid.</p>'));
  }
  const account = state.door.visitor(incoming);
  const { pathname, search } = new URL(incoming.href);
  if (account === undefined) return state.door.loginPage(pathname + search);
  const title = `${token.consumer.name} would like to access ${state.title}`;
  return state.door.consentPage(title, ['read and write data on your behalf'], token, account);
}

function decide(state: OAuth1State, incoming: Incoming): Answer {
  const decision = state.door.decide(incoming);
  if (decision === undefined) return html(400, pageMarkup('Stale', '<p>Start again.</p>'));
  const { request: token, account, isAccepted } = decision;
  token.state = isAccepted ? 'granted' : 'denied';
  token.account = account;
  token.verifier = isAccepted ? randomBytes(3).toString('hex') : 'denied';
  if (token.callback === 'oob') {
    const shown = `<p>Your verification code is <code>${escapeHtml(token.verifier)}</code></p>`;
    return html(200, pageMarkup('Almost done', shown));
  }
  const url = new URL(token.callback ?? '');
  url.searchParams.append('oauth_token', token.value);
  url.searchParams.append('oauth_verifier', token.verifier);
  return redirect(302, url.href);
}

/** Exchange of a request token, or renewal of an access token with its session handle. */
function accessToken(state: OAuth1State, incoming: Incoming): Answer | ProblemReport {
  const checked = checkRequest(state, incoming, ['oauth_token']);
  if ('problem' in checked) return checked;
  const { token, parameters } = checked;
  if (token === undefined) return { problem: 'token_rejected' };
  if (token.callback === undefined) {
    return renewalFault(state, token, parameters) ?? granted(state, token);
  }
  return exchangeFault(state, token, parameters) ?? granted(state, token);
}

function exchangeFault(
  state: OAuth1State,
  token: Token1,
  parameters: ReadonlyMap<string, string>,
): ProblemReport | undefined {
  if (token.state === 'used') return { problem: 'token_used' };
  if (token.expiresAtMs <= state.nowMs()) return { problem: 'token_expired' };
  if (token.state === 'denied') return { problem: 'permission_denied' };
  if (token.state === 'new') return { problem: 'permission_unknown' };
  const verifier = parameters.get('oauth_verifier');
  if (verifier === token.verifier) return undefined;
  if (verifier !== undefined) return { problem: 'token_rejected' };
  return { problem: 'parameter_absent', details: { oauth_parameters_absent: 'oauth_verifier' } };
}

function renewalFault(
  state: OAuth1State,
  token: Token1,
  parameters: ReadonlyMap<string, string>,
): ProblemReport | undefined {
  const handle = parameters.get('oauth_session_handle');
  if (handle === undefined) {
    const details = { oauth_parameters_absent: 'oauth_session_handle' };
    return { problem: 'parameter_absent', details };
  }
  if (handle !== token.sessionHandle) return { problem: 'token_rejected' };
  const isOver = (token.sessionEndsAtMs ?? 0) <= state.nowMs();
  return isOver ? { problem: 'permission_denied' } : undefined;
}

function granted(state: OAuth1State, old: Token1): Answer {
  const { accessTokenMs } = state.settings;
  old.state = 'used';
  if (old.callback === undefined) state.tokens.delete(old.value);
  const token = state.issue('access', old.consumer, accessTokenMs);
  if (old.account !== undefined) token.account = old.account;
  if (accessTokenMs === null) return formAnswer(pairOf(token));
  const sessionMs = accessTokenMs + SESSION_EXTRA_MS;
  token.sessionHandle = state.aSessionHandle();
  token.sessionEndsAtMs = state.nowMs() + sessionMs;
  return formAnswer({
    ...pairOf(token),
    oauth_expires_in: String(accessTokenMs / 1000),
    oauth_session_handle: token.sessionHandle,
    oauth_authorization_expires_in: String(sessionMs / 1000),
  });
}

function pairOf({ value, secret }: Token1): Record<string, string> {
  return { oauth_token: value, oauth_token_secret: secret };
}

/** Form-encoded, but called plain text, as the products do. */
function formAnswer(fields: Record<string, string>): Answer {
  return text(200, new URLSearchParams(fields).toString());
}
