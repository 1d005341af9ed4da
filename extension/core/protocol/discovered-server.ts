import type { ClientAuthenticationMethod } from '../provider/provider-type.ts';
import { hasAmbiguousHost } from '../values/origin.ts';
import type { DiscoveryProblem, ServerMetadata } from './discovery-result.ts';
import { normaliseScopes } from './scope.ts';

/** The server metadata that a client configuration can use. @see RFC 8414, section 2 */
export interface DiscoveredServer {
  /** Unchanged, since `iss` is compared with it character by character. */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string;
  readonly userinfoEndpoint?: string;
  /** Undefined when the metadata does not name them. */
  readonly pkceMethods: readonly string[] | undefined;
  /** Those that Threelo supports, in the server's order. */
  readonly clientAuthenticationMethods: readonly ClientAuthenticationMethod[];
  /** Empty when the metadata does not name them. */
  readonly scopes: readonly string[];
  /** Whether every authorization response contains `iss`. @see RFC 9207, section 3 */
  readonly isIssuerInResponses: boolean;
}

/** Reads what a configuration can use from a metadata document, or why it can use none of it. */
export function discoveredServer(
  metadata: ServerMetadata,
  isHttpAllowed: boolean,
): { readonly server: DiscoveredServer } | { readonly problem: DiscoveryProblem } {
  const isEndpoint = (text: unknown): text is string => isEndpointUrl(text, isHttpAllowed);
  const { authorization_endpoint, token_endpoint } = metadata;
  if (authorization_endpoint === undefined || token_endpoint === undefined) {
    return { problem: 'endpoint_missing' };
  }
  if (!isEndpoint(authorization_endpoint) || !isEndpoint(token_endpoint)) {
    return { problem: 'endpoint_invalid' };
  }
  if (!hasCodeGrant(metadata)) return { problem: 'code_unsupported' };
  const { revocation_endpoint, userinfo_endpoint } = metadata;
  const pkceMethods = metadata['code_challenge_methods_supported'];
  return {
    server: {
      issuer: metadata.issuer,
      authorizationEndpoint: authorization_endpoint,
      tokenEndpoint: token_endpoint,
      ...(isEndpoint(revocation_endpoint) ? { revocationEndpoint: revocation_endpoint } : {}),
      ...(isEndpoint(userinfo_endpoint) ? { userinfoEndpoint: userinfo_endpoint } : {}),
      pkceMethods: Array.isArray(pkceMethods) ? texts(pkceMethods) : undefined,
      clientAuthenticationMethods: authenticationMethods(metadata),
      scopes: normaliseScopes(texts(metadata['scopes_supported'])),
      isIssuerInResponses: metadata['authorization_response_iss_parameter_supported'] === true,
    },
  };
}

const methodNames: Readonly<Record<string, ClientAuthenticationMethod>> = {
  client_secret_post: 'post',
  client_secret_basic: 'basic',
  none: 'none',
};

/** The default is `client_secret_basic`. @see RFC 8414, section 2 */
function authenticationMethods(metadata: ServerMetadata): readonly ClientAuthenticationMethod[] {
  const named = metadata['token_endpoint_auth_methods_supported'];
  if (!Array.isArray(named)) return ['basic'];
  return texts(named).flatMap((name) => {
    const method = Object.hasOwn(methodNames, name) ? methodNames[name] : undefined;
    return method === undefined ? [] : [method];
  });
}

/** A server that lists no grant types supports this one. Some servers omit the required list of response types. */
function hasCodeGrant(metadata: ServerMetadata): boolean {
  const { grant_types_supported: grants, response_types_supported: types } = metadata;
  return (
    (!Array.isArray(grants) || texts(grants).includes('authorization_code')) &&
    (!Array.isArray(types) || texts(types).includes('code'))
  );
}

function texts(list: unknown): string[] {
  return Array.isArray(list) ? list.filter((entry) => typeof entry === 'string') : [];
}

function isEndpointUrl(text: unknown, isHttpAllowed: boolean): boolean {
  if (typeof text !== 'string' || !URL.canParse(text)) return false;
  const url = new URL(text);
  const isAllowedScheme = url.protocol === 'https:' || (isHttpAllowed && url.protocol === 'http:');
  const isPlain = url.hash === '' && url.username === '' && url.password === '';
  return isAllowedScheme && isPlain && !hasAmbiguousHost(url);
}
