import { reveal, type Secret } from '../../core/values/secret.ts';
import type { Problem } from '../oauth1/signing/problem.ts';

/** The `Authorization` header of one request. A request that is sent again needs another one. */
export interface AuthorizationHeader {
  readonly value: string;
  /** The token in it in all its spellings, none of which an answer may carry to a page. */
  readonly carried: readonly Secret[];
  /** What a server's refusal calls for; undefined when it says nothing of the signature. */
  readonly judge: (refused: SignatureRefusal) => SignatureVerdict | undefined;
}

/** An answer to a signed request, as far as it tells of the signature. */
export interface SignatureRefusal {
  readonly status: number;
  /** A reason counts in `WWW-Authenticate` alone: a page can bring words into the body of an error. */
  readonly headers: Headers;
  /** Cures that were tried for the same request. */
  readonly tried: readonly SignatureVerdict['act'][];
}

/**
 * `sign-again`: with a new nonce and the server's time. `renew`: with a newer token. `stop`: neither helps. The server
 * did not carry the request out in any case.
 */
export interface SignatureVerdict {
  readonly act: 'sign-again' | 'renew' | 'stop';
  /** Absent when the server gave no reason. */
  readonly problem?: Problem;
}

/** @see RFC 6750, section 2.1 */
export function bearer(token: Secret): AuthorizationHeader {
  return { value: `Bearer ${reveal(token)}`, carried: [token], judge: () => undefined };
}
