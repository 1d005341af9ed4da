/** The scope for which Atlassian issues a refresh token. @see Atlassian, "OAuth 2.0 (3LO) apps" */
export const offlineAccess = 'offline_access';

/** Atlassian recommends fewer scopes than this; an authorization request with far more fails. */
export const recommendedScopeLimit = 50;

const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]{1,255}$/u;

/** Whether a text is one scope token. @see RFC 6749, section 3.3 */
export function isScopeToken(text: string): boolean {
  return scopeToken.test(text);
}

/** Trims scopes and removes empty and repeated ones; keeps the order of first occurrence. */
export function normaliseScopes(scopes: readonly string[]): string[] {
  return [...new Set(scopes.map((scope) => scope.trim()).filter((scope) => scope !== ''))];
}

/** Splits a list that was typed or received into scopes, at whitespace and commas: `a b,c` into `a`, `b` and `c`. */
export function splitScopes(text: string): string[] {
  return normaliseScopes(text.split(/[\s,]+/u));
}

/**
 * The scopes to request when a session is renewed. The new grant replaces the old one, so the scopes held so far are
 * requested again, except those that were removed from the configuration.
 * @see Atlassian, "OAuth 2.0 (3LO) apps"
 */
export function scopesOfRenewedConsent(
  { scopes, removedScopes }: { scopes: readonly string[]; removedScopes: readonly string[] },
  held: readonly string[] = [],
): string[] {
  const removed = new Set(removedScopes);
  return normaliseScopes([...scopes, ...held.filter((scope) => !removed.has(scope))]);
}

/** The scopes of `wanted` that `granted` lacks. Ignores `offline_access`, which is never reported as granted. */
export function missingScopes(wanted: readonly string[], granted: readonly string[]): string[] {
  const held = new Set(granted);
  return wanted.filter((scope) => scope !== offlineAccess && !held.has(scope));
}
