/** When an access token counts as fresh. */
export interface FreshnessRule {
  /** How far our clock and the provider's may differ, in milliseconds. */
  readonly skewMs: number;
  /** The lifetime that must be left for the duration of a call, in milliseconds. */
  readonly marginMs: number;
}

/**
 * Whether an access token can be sent now. A token whose time of issue is in the future counts as stale, because the
 * clock was set back since.
 */
export function isFresh(
  token: { readonly issuedAtMs: number; readonly expiresAtMs: number },
  nowMs: number,
  rule: FreshnessRule,
): boolean {
  return (
    token.issuedAtMs - rule.skewMs <= nowMs &&
    nowMs < token.expiresAtMs - rule.skewMs - rule.marginMs
  );
}
