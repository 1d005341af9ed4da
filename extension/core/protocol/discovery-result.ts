import type { ClientAuthenticationMethod } from '../provider/provider-type.ts';

/** Why an issuer told nothing of use; the words are under `discovery_<name>`. */
export const discoveryProblems = [
  /** It is no absolute URL, or has a query, a fragment or credentials. */
  'issuer_invalid',
  'issuer_not_https',
  'unreachable',
  /** Neither well-known address has a document. */
  'not_found',
  /** The document is no JSON object that names its issuer. */
  'answer_invalid',
  /** The document belongs to another issuer. */
  'issuer_mismatch',
  'endpoint_missing',
  /** An endpoint is no address that a secret may be sent to. */
  'endpoint_invalid',
  /** It has no authorization code grant. */
  'code_unsupported',
] as const;
/** See {@link discoveryProblems}. */
export type DiscoveryProblem = (typeof discoveryProblems)[number];

/** What a server says of itself, as far as a client configuration takes it. */
export interface DiscoveredServer {
  /** As the server spells it: this is what `iss` is compared with. */
  readonly issuer: string;
  readonly authorizationEndpoint: string;
  readonly tokenEndpoint: string;
  readonly revocationEndpoint?: string;
  readonly userinfoEndpoint?: string;
  /** As the server names them; undefined when it does not say. */
  readonly pkceMethods: readonly string[] | undefined;
  /** Those of the server's that Threelo has, in the server's order. */
  readonly clientAuthenticationMethods: readonly ClientAuthenticationMethod[];
  /** Empty when the server does not say. */
  readonly scopes: readonly string[];
  /** Whether every authorization response carries `iss`. @see RFC 9207, section 3 */
  readonly isIssuerInResponses: boolean;
}

/** What came of asking. */
export type DiscoveryResult =
  { readonly server: DiscoveredServer } | { readonly problem: DiscoveryProblem };
