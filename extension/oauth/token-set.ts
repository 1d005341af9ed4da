import type { Secret } from '#core/values/secret.ts';

/** The tokens that a token endpoint issued. Only the background imports this type. */
export interface TokenSet {
  readonly accessToken: Secret;
  /** By our clock, in epoch milliseconds. */
  readonly expiresAtMs: number;
  /** Absent when the provider sent none; the stored one then stays valid. @see RFC 6749, section 6 */
  readonly refreshToken?: Secret;
  /** When the new refresh token expires, if the provider named its lifetime. In epoch milliseconds. */
  readonly refreshTokenExpiresAtMs?: number;
  /** Absent when the granted scopes are the requested ones. @see RFC 6749, section 5.1 */
  readonly scopes?: readonly string[];
}
