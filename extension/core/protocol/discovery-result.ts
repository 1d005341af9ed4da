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

/** A metadata document, of which only the issuer is checked: it is the one that was asked for. @see RFC 8414, section 2 */
export type ServerMetadata = Readonly<Record<string, unknown>> & { readonly issuer: string };

/** The server's metadata, or why there is none. */
export type DiscoveryResult =
  { readonly metadata: ServerMetadata } | { readonly problem: DiscoveryProblem };
