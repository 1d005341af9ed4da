/** Settings of when an access token counts as fresh. */
export interface FreshnessRule {
  /** How far the two clocks may differ, in milliseconds. */
  readonly skewMs: number;
  /** How much life a call needs to get through, in milliseconds. */
  readonly marginMs: number;
}

/**
 * Whether an access token can be sent now. A clock that went back behind the moment when the token was
 * issued tells nothing, so the token counts as stale then.
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
