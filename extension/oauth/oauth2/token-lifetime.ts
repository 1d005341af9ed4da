import { neverMs } from '#core/session/session.ts';

/** A shorter or longer lifetime of an access token that can be renewed is clamped to these, in milliseconds. */
const lifetimeRangeMs = { min: 30_000, max: 86_400_000 } as const;
/** The assumed lifetime of such a token when the provider names none, in milliseconds. */
const assumedLifetimeMs = 3_600_000;

/**
 * The expiry of an access token in epoch milliseconds. A token that cannot be renewed is used as long as its provider
 * named; with an unknown lifetime, until a service rejects it.
 */
export function expiryMs(
  lifetimeMs: number | undefined,
  { nowMs, isRenewable }: { readonly nowMs: number; readonly isRenewable: boolean },
): number {
  if (!isRenewable) return Math.min(nowMs + (lifetimeMs ?? neverMs), neverMs);
  const { min, max } = lifetimeRangeMs;
  return nowMs + Math.min(Math.max(lifetimeMs ?? assumedLifetimeMs, min), max);
}

/** The expiry of a refresh token in epoch milliseconds. */
export function refreshTokenExpiryMs(lifetimeMs: number, nowMs: number): number {
  return Math.min(nowMs + lifetimeMs, neverMs);
}
