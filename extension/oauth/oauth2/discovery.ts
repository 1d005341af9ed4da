import * as oauth from 'oauth4webapi';
import type { DiscoveryResult, DiscoveryProblem } from '../../core/protocol/discovery-result.ts';
import { normaliseScopes } from '../../core/protocol/scope.ts';
import type { ClientAuthenticationMethod } from '../../core/provider/provider-type.ts';
import type { Fetch } from '../fetch.ts';

/** What a discovery needs besides the issuer. */
export interface DiscoveryContext {
  readonly fetch: Fetch;
  /** Ends the requests: their common deadline. */
  readonly signal: AbortSignal;
  readonly isHttpAllowed: boolean;
}

const algorithms = ['oidc', 'oauth2'] as const;

/** Longest document that is read, in UTF-16 code units. */
const longestDocument = 262_144;

/**
 * Asks a server for its metadata, first as OpenID Connect has it and then as OAuth 2.0 has it.
 * @param typed the issuer, or one of its two well-known addresses
 * @see OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3
 */
export async function discover(typed: string, context: DiscoveryContext): Promise<DiscoveryResult> {
  const issuer = readIssuer(typed);
  if (issuer === undefined) return { problem: 'issuer_invalid' };
  if (!isAllowed(issuer, context)) return { problem: 'issuer_not_https' };
  let problem: DiscoveryProblem = 'not_found';
  for (const algorithm of algorithms) {
    const answer = await ask(issuer, algorithm, context);
    if ('metadata' in answer) return judged(answer.metadata, context);
    // Nothing under the one address says nothing of the other; a web page there does not, either.
    if (answer.problem !== 'not_found' && answer.problem !== 'answer_invalid') return answer;
    if (answer.problem === 'answer_invalid') problem = answer.problem;
  }
  return { problem };
}

type Answer =
  { readonly metadata: oauth.AuthorizationServer } | { readonly problem: DiscoveryProblem };

async function ask(
  issuer: URL,
  algorithm: (typeof algorithms)[number],
  context: DiscoveryContext,
): Promise<Answer> {
  let response: Response;
  let text: string;
  try {
    response = await oauth.discoveryRequest(issuer, { algorithm, ...requestOptions(context) });
    text = await response.text();
  } catch {
    // The network's words may name a proxy or an address: none of that is told.
    return { problem: 'unreachable' };
  }
  if (response.status >= 500 || response.status === 429) return { problem: 'unreachable' };
  if (response.status !== 200) return { problem: 'not_found' };
  if (text.length > longestDocument) return { problem: 'answer_invalid' };
  try {
    const copy = new Response(text, { headers: response.headers });
    return { metadata: await oauth.processDiscoveryResponse(issuer, copy) };
  } catch (thrown) {
    return { problem: isMismatch(thrown) ? 'issuer_mismatch' : 'answer_invalid' };
  }
}

function isMismatch(thrown: unknown): boolean {
  return (
    thrown instanceof oauth.OperationProcessingError &&
    thrown.code === oauth.JSON_ATTRIBUTE_COMPARISON
  );
}

function requestOptions(context: DiscoveryContext): oauth.DiscoveryRequestOptions {
  const { fetch, signal, isHttpAllowed } = context;
  return {
    signal,
    // eslint-disable-next-line @typescript-eslint/no-deprecated -- marked to warn; a person allowed http by name
    [oauth.allowInsecureRequests]: isHttpAllowed,
    [oauth.customFetch]: (url: string, init: oauth.CustomFetchOptions<'GET'>) =>
      fetch(url, {
        method: 'GET',
        headers: init.headers,
        signal,
        redirect: 'manual',
        credentials: 'omit',
        cache: 'no-store',
      }),
  };
}

function judged(metadata: oauth.AuthorizationServer, context: DiscoveryContext): DiscoveryResult {
  const { authorization_endpoint, token_endpoint } = metadata;
  if (authorization_endpoint === undefined || token_endpoint === undefined) {
    return { problem: 'endpoint_missing' };
  }
  if (!isEndpoint(authorization_endpoint, context) || !isEndpoint(token_endpoint, context)) {
    return { problem: 'endpoint_invalid' };
  }
  if (!hasCodeGrant(metadata)) return { problem: 'code_unsupported' };
  const { revocation_endpoint, userinfo_endpoint } = metadata;
  const pkceMethods = metadata.code_challenge_methods_supported;
  return {
    server: {
      issuer: metadata.issuer,
      authorizationEndpoint: authorization_endpoint,
      tokenEndpoint: token_endpoint,
      ...(isEndpoint(revocation_endpoint, context)
        ? { revocationEndpoint: revocation_endpoint }
        : {}),
      ...(isEndpoint(userinfo_endpoint, context) ? { userinfoEndpoint: userinfo_endpoint } : {}),
      pkceMethods: Array.isArray(pkceMethods) ? texts(pkceMethods) : undefined,
      clientAuthenticationMethods: authenticationMethods(metadata),
      scopes: normaliseScopes(texts(metadata.scopes_supported)),
      isIssuerInResponses: metadata.authorization_response_iss_parameter_supported === true,
    },
  };
}

const methodNames: Readonly<Record<string, ClientAuthenticationMethod>> = {
  client_secret_post: 'post',
  client_secret_basic: 'basic',
  none: 'none',
};

/** A server that does not say takes Basic. @see RFC 8414, section 2 */
function authenticationMethods(
  metadata: oauth.AuthorizationServer,
): readonly ClientAuthenticationMethod[] {
  const named = metadata.token_endpoint_auth_methods_supported;
  if (!Array.isArray(named)) return ['basic'];
  return texts(named).flatMap((name) => {
    const method = Object.hasOwn(methodNames, name) ? methodNames[name] : undefined;
    return method === undefined ? [] : [method];
  });
}

/** A server that names no grants has this one; response types are required, but not everybody names them. */
function hasCodeGrant(metadata: oauth.AuthorizationServer): boolean {
  const { grant_types_supported: grants, response_types_supported: types } = metadata;
  return (
    (!Array.isArray(grants) || texts(grants).includes('authorization_code')) &&
    (!Array.isArray(types) || texts(types).includes('code'))
  );
}

/** The metadata's members have their names proven, not their types. */
function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

function isEndpoint(text: unknown, context: DiscoveryContext): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const url = new URL(text);
  return isAllowed(url, context) && url.hash === '' && url.username === '' && url.password === '';
}

function isAllowed(url: URL, { isHttpAllowed }: DiscoveryContext): boolean {
  return url.protocol === 'https:' || (isHttpAllowed && url.protocol === 'http:');
}

/** The issuer in what a person typed or pasted. @see RFC 8414, section 2 */
function readIssuer(typed: string): URL | undefined {
  const text = typed.trim();
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (/[?#]/u.test(text) || url.username !== '' || url.password !== '') return undefined;
  url.pathname = url.pathname
    .replace(/\/\.well-known\/openid-configuration$/u, '')
    .replace(/^\/\.well-known\/oauth-authorization-server(?=\/|$)/u, '');
  return url;
}
