import type { Secret } from '#core/values/secret.ts';

/** The tokens that a token endpoint issued. Only the background imports this type. */
export interface TokenSet {
  readonly accessToken: Secret;
  /** By our clock, in epoch milliseconds. */
  readonly expiresAtMs: number;
  /** Absent when the provider sent none; the stored one then stays valid. @see RFC 6749, section 6 */
  readonly refreshToken?: Secret;
  /** Absent when the granted scopes are the requested ones. @see RFC 6749, section 5.1 */
  readonly scopes?: readonly string[];
}

/** A shorter or longer lifetime of an access token is clamped to these, in milliseconds. */
const lifetimeRangeMs = { min: 30_000, max: 86_400_000 } as const;
/** The assumed lifetime of an access token when the provider names none, in milliseconds. */
const assumedLifetimeMs = 3_600_000;

/** The expiry of an access token in epoch milliseconds, from the provider's `expires_in`. */
export function expiryMs(expiresInSeconds: number | undefined, nowMs: number): number {
  const lifetimeMs = expiresInSeconds === undefined ? assumedLifetimeMs : expiresInSeconds * 1000;
  return nowMs + Math.min(Math.max(lifetimeMs, lifetimeRangeMs.min), lifetimeRangeMs.max);
}
