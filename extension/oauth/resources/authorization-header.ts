import { reveal, type Secret } from '#core/values/secret.ts';
import type { Problem } from '../oauth1/signing/problem.ts';

/** The `Authorization` header of one request. A retry needs a new one. */
export interface AuthorizationHeader {
  readonly value: string;
  /** The token in every encoding in which the header contains it. A response to a page must contain none of them. */
  readonly tokenForms: readonly Secret[];
  /** What to do about a response; undefined when it does not refuse the signature or the token. */
  readonly decide: (response: SignedResponse) => SignatureDecision | undefined;
}

/** The parts of a response to a signed request that can refuse its signature. */
export interface SignedResponse {
  readonly status: number;
  /** Only `WWW-Authenticate` is read: a page can influence the text in the body of an error. */
  readonly headers: Headers;
  /** What was already done about earlier responses to the same request. */
  readonly tried: readonly SignatureDecision['act'][];
}

/**
 * `sign-again`: retry with a new nonce and the server's time. `renew`: retry with a newer token. `stop`: no retry helps.
 * In each case the server did not execute the request.
 */
export interface SignatureDecision {
  readonly act: 'sign-again' | 'renew' | 'stop';
  /** Absent when the server gave no reason. */
  readonly problem?: Problem;
}

/** The header that carries a bearer token. @see RFC 6750, section 2.1 */
export function bearer(token: Secret): AuthorizationHeader {
  return { value: `Bearer ${reveal(token)}`, tokenForms: [token], decide: () => undefined };
}
