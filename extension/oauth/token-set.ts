import type { Secret } from '../core/values/secret.ts';

/** What a token endpoint issued. Has no name outside the background. */
export interface TokenSet {
  readonly accessToken: Secret;
  /** Epoch milliseconds by our clock. */
  readonly expiresAtMs: number;
  /** Absent when the provider sent none: keep the one there is. @see RFC 6749, section 6 */
  readonly refreshToken?: Secret;
  /** Absent when the provider did not say, which means: as asked. @see RFC 6749, section 5.1 */
  readonly scopes?: readonly string[];
}

/** Shortest and longest lifetime believed of an access token, in milliseconds. */
const lifetimeBoundsMs = { least: 30_000, most: 86_400_000 } as const;
/** Lifetime of an access token when the provider does not name one, in milliseconds. */
const assumedLifetimeMs = 3_600_000;

/** When an access token ends, from the `expires_in` seconds that the provider sent. */
export function expiryMs(expiresInSeconds: number | undefined, nowMs: number): number {
  const lifetimeMs = expiresInSeconds === undefined ? assumedLifetimeMs : expiresInSeconds * 1000;
  return nowMs + Math.min(Math.max(lifetimeMs, lifetimeBoundsMs.least), lifetimeBoundsMs.most);
}
