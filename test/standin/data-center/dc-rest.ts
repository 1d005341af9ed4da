import type { Account } from '../facts/sites.ts';
import { json, text, type Answer } from '../http/answer.ts';
import type { Incoming } from '../http/incoming.ts';
import type { DcCall, DcIdentity, DcRoute } from './dc-call.ts';
import { DC_ROUTES } from './dc-routes.ts';
import type { DcState } from './instance.ts';
import { PRODUCTS, withIncluded } from './products.ts';

/** Answers a REST call of an identity that was already established. */
export function answerDcRest(
  state: DcState,
  incoming: Incoming,
  path: string,
  identity: DcIdentity,
): Answer | undefined {
  if (isXsrf(state, incoming)) return text(403, 'XSRF check failed');
  const found = DC_ROUTES[state.product].flatMap((route) => {
    const match = route.path.exec(path);
    return match ? [{ route, parameters: match.slice(1).map(decodeURIComponent) }] : [];
  });
  if (found.length === 0) return undefined;
  const here = found.find(({ route }) => route.method === incoming.method);
  if (here === undefined) return json(405, { message: 'Method Not Allowed' });
  const call = { state, incoming, parameters: here.parameters, ...identity };
  const answer = refuseCall(call, here.route) ?? here.route.handle(call);
  const name = identity.account?.nickname ?? PRODUCTS[state.product].anonymousName;
  return name === null
    ? answer
    : { ...answer, headers: { ...answer.headers, 'x-ausername': name } };
}

/** The identity of a bearer. A request with an invalid one is anonymous. */
export function identify(state: DcState, incoming: Incoming): DcIdentity {
  const authorization = incoming.headers['authorization'];
  const [, token] = /^Bearer (\S+)$/.exec(authorization ?? '') ?? [];
  const grant = state.ledger.find('access', token ?? '')?.grant;
  if (grant) return { account: named(state, grant.accountId), scopes: grant.scopes };
  // A browser session counts only when the request says nothing else of who it is.
  const visitor = authorization === undefined ? state.door.visitor(incoming) : undefined;
  return { account: visitor && named(state, visitor.accountId), scopes: undefined };
}

function named({ accounts, names }: DcState, accountId: string): Account {
  const account = accounts.get(accountId);
  return { ...account, nickname: names.get(accountId) ?? account.nickname };
}

function refuseCall(call: DcCall, route: DcRoute): Answer | undefined {
  const { state, incoming, account, scopes } = call;
  if (account === undefined) {
    return route.isPublic && state.quirks.showsAnonymous ? undefined : loginRequired(state);
  }
  const isWrite = route.method !== 'GET';
  const needed = route.scope ?? (isWrite ? PRODUCTS[state.product].writeScope : undefined);
  if (needed && scopes && !withIncluded(state.product, scopes).has(needed)) {
    const { method } = incoming;
    return json(403, {
      message: `Request does not have ${isWrite ? 'write' : needed} scope. Cannot complete ${method} request.`,
    });
  }
  if (!isWrite || state.writers.has(account.nickname)) return undefined;
  return json(403, { errorMessages: ['You do not have permission to do this.'], errors: {} });
}

function loginRequired({ product }: DcState): Answer {
  const message = 'You are not authenticated. Authentication required to perform this operation.';
  const headers = { 'www-authenticate': 'OAuth realm="stand-in"' };
  if (product !== 'bitbucket') {
    return json(401, { errorMessages: [`Login Required. ${message}`], errors: {} }, headers);
  }
  const exceptionName = 'com.atlassian.bitbucket.AuthorisationException';
  return json(401, { errors: [{ context: null, message, exceptionName }] }, headers);
}

/**
 * "REST API calls with a browser User-Agent header may fail CSRF checks": a POST whose User-Agent is a browser's passes
 * when Origin or Referer is this host's or the Origin is Chrome's extension scheme; bodies that a form could send need
 * `X-Atlassian-Token: no-check` in any case.
 */
function isXsrf({ quirks, baseUrl }: DcState, { method, headers }: Incoming): boolean {
  if (!quirks.hasXsrfFilter || method !== 'POST') return false;
  const isFormLike =
    !/^application\/(json|.*\+json|xml)/i.test(headers['content-type'] ?? '') &&
    !/^no-?check$/.test(headers['x-atlassian-token'] ?? '');
  if (isFormLike) return true;
  if (!/^Mozilla\//.test(headers['user-agent'] ?? '')) return false;
  const source = headers['origin'] ?? headers['referer'];
  const { protocol, origin } = URL.parse(source ?? '') ?? {};
  return origin !== new URL(baseUrl).origin && !/^(chrome|safari)-extension:$/.test(protocol ?? '');
}
