import * as oauth from 'oauth4webapi';
import type { DiscoveryResult, DiscoveryProblem } from '#core/protocol/discovery-result.ts';
import { normaliseScopes } from '#core/protocol/scope.ts';
import type { ClientAuthenticationMethod } from '#core/provider/provider-type.ts';
import { hasTrailingDot } from '#core/values/origin.ts';
import { requestOptions, type RequestContext } from './authorization-server.ts';
import { readBeginning, type BodyBeginning } from '../read-body.ts';

const algorithms = ['oidc', 'oauth2'] as const;

/** The maximum size of a metadata document, in bytes. */
const maxDocumentBytes = 262_144;

/**
 * Requests the metadata of a server, first at the well-known URL of OpenID Connect, then at that of OAuth 2.0.
 * @param typed the issuer, or one of its two well-known URLs
 * @see OpenID Connect Discovery 1.0, section 4; RFC 8414, section 3
 */
export async function discover(typed: string, context: RequestContext): Promise<DiscoveryResult> {
  const issuer = readIssuer(typed);
  if (issuer === undefined) return { problem: 'issuer_invalid' };
  if (!isAllowed(issuer, context)) return { problem: 'issuer_not_https' };
  let problem: DiscoveryProblem = 'not_found';
  for (const algorithm of algorithms) {
    const outcome = await requestMetadata(issuer, algorithm, context);
    if ('metadata' in outcome) return checkedServer(outcome.metadata, context);
    // The other URL may have a document even if this one has none, or a web page.
    if (outcome.problem !== 'not_found' && outcome.problem !== 'answer_invalid') return outcome;
    if (outcome.problem === 'answer_invalid') problem = outcome.problem;
  }
  return { problem };
}

type MetadataOutcome =
  { readonly metadata: oauth.AuthorizationServer } | { readonly problem: DiscoveryProblem };

async function requestMetadata(
  issuer: URL,
  algorithm: (typeof algorithms)[number],
  context: RequestContext,
): Promise<MetadataOutcome> {
  let response: Response;
  let document: BodyBeginning;
  try {
    const options = requestOptions(context, () => ({ redirect: 'manual' }));
    response = await oauth.discoveryRequest(issuer, { algorithm, ...options });
    const { signal } = context;
    document = await readBeginning(response, { maxBytes: maxDocumentBytes, signal });
  } catch {
    // The error is not reported: its message may contain the name of a proxy or an address.
    return { problem: 'unreachable' };
  }
  if (response.status >= 500 || response.status === 429) return { problem: 'unreachable' };
  if (response.status !== 200) return { problem: 'not_found' };
  if (!document.isComplete) return { problem: 'answer_invalid' };
  try {
    const copy = new Response(document.bytes, { headers: response.headers });
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

function checkedServer(
  metadata: oauth.AuthorizationServer,
  context: RequestContext,
): DiscoveryResult {
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

/** The default is `client_secret_basic`. @see RFC 8414, section 2 */
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

/** A server that lists no grant types supports this one. Some servers omit the required list of response types. */
function hasCodeGrant(metadata: oauth.AuthorizationServer): boolean {
  const { grant_types_supported: grants, response_types_supported: types } = metadata;
  return (
    (!Array.isArray(grants) || texts(grants).includes('authorization_code')) &&
    (!Array.isArray(types) || texts(types).includes('code'))
  );
}

/** The protocol library does not check the types of the metadata's members. */
function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

function isEndpoint(text: unknown, context: RequestContext): text is string {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const url = new URL(text);
  return isAllowed(url, context) && url.hash === '' && url.username === '' && url.password === '';
}

function isAllowed(url: URL, { isHttpAllowed }: RequestContext): boolean {
  const isAllowedScheme = url.protocol === 'https:' || (isHttpAllowed && url.protocol === 'http:');
  return isAllowedScheme && !hasTrailingDot(url);
}

/** Parses the typed issuer, or the issuer in a well-known URL. @see RFC 8414, section 2 */
function readIssuer(typed: string): URL | undefined {
  const text = typed.trim();
  if (!/^https?:\/\//iu.test(text) || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  if (/[?#]/u.test(text) || url.username !== '' || url.password !== '') return undefined;
  if (hasTrailingDot(url)) return undefined;
  url.pathname = url.pathname
    .replace(/\/\.well-known\/openid-configuration$/u, '')
    .replace(/^\/\.well-known\/oauth-authorization-server(?=\/|$)/u, '');
  return url;
}
