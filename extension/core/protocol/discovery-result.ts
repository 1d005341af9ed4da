import type { ClientAuthenticationMethod } from '../provider/provider-type.ts';

/** Why discovery failed. The message key of each text is `discovery_<name>`. */
export const discoveryProblems = [
  /** Not an absolute URL, or a URL with a query, a fragment or credentials. */
  'issuer_invalid',
  'issuer_not_https',
  'unreachable',
  /** Neither well-known URL has a metadata document. */
  'not_found',
  /** The metadata is not a JSON object with an `issuer`. */
  'answer_invalid',
  /** The metadata names another issuer. */
  'issuer_mismatch',
  'endpoint_missing',
  /** An endpoint is a URL to which no secret may be sent. */
  'endpoint_invalid',
  /** The server does not support the authorization code grant. */
  'code_unsupported',
] as const;
/** One of {@link discoveryProblems}. */
export type DiscoveryProblem = (typeof discoveryProblems)[number];

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

/** The server's metadata, or why there is none. */
export type DiscoveryResult =
  { readonly server: DiscoveredServer } | { readonly problem: DiscoveryProblem };
