/** The scope that makes Atlassian issue a refresh token. @see Atlassian, "OAuth 2.0 (3LO) apps" */
export const offlineAccess = 'offline_access';

/** Atlassian asks to keep below this many scopes; far above it the authorize request itself fails. */
export const recommendedScopeLimit = 50;

const scopeToken = /^[\x21\x23-\x5B\x5D-\x7E]{1,255}$/u;

/** Whether a text is one scope token. @see RFC 6749, section 3.3 */
export function isScopeToken(text: string): boolean {
  return scopeToken.test(text);
}

/** A scope list as it is kept: without blanks and repetitions, in order of first mention. */
export function normaliseScopes(scopes: readonly string[]): string[] {
  return [...new Set(scopes.map((scope) => scope.trim()).filter((scope) => scope !== ''))];
}

/** Splits what a person typed or an answer said (`a b,c`) into scopes. */
export function splitScopes(text: string): string[] {
  return normaliseScopes(text.split(/[\s,]+/u));
}

/**
 * What a renewed consent asks for: a new consent replaces the scopes of the one before, so what is held is asked
 * for again, but for what the person took out of the configuration.
 * @see Atlassian, "OAuth 2.0 (3LO) apps"
 */
export function scopesOfRenewedConsent(
  { scopes, removedScopes }: { scopes: readonly string[]; removedScopes: readonly string[] },
  held: readonly string[] = [],
): string[] {
  const removed = new Set(removedScopes);
  return normaliseScopes([...scopes, ...held.filter((scope) => !removed.has(scope))]);
}

/** The scopes of `wanted` that `granted` lacks; `offline_access` never comes back in a grant. */
export function missingScopes(wanted: readonly string[], granted: readonly string[]): string[] {
  const held = new Set(granted);
  return wanted.filter((scope) => scope !== offlineAccess && !held.has(scope));
}
