import type { Provider, Token } from './protocol-state.ts';

/** What the provider answers to a refresh token: the next one, or a refusal. */
export function requestOf(provider: Provider, token: Token): Token | 'refused' {
  const { family, unused, inWindow, isEnded } = provider;
  if (isEnded || Math.floor(token / 10) !== family) return 'refused';
  const isUnused = unused.includes(token);
  if (!isUnused && !inWindow.includes(token)) {
    // A replay ends the grant.
    provider.isEnded = true;
    return 'refused';
  }
  const next = issue(provider);
  if (isUnused) {
    provider.unused = provider.unused.filter((one) => one !== token);
    provider.inWindow = [...inWindow, token].sort((a, b) => a - b);
  }
  return next;
}

/** Issues another refresh token of the newest sign-in. */
export function issue(provider: Provider): Token {
  provider.issued += 1;
  const token = provider.family * 10 + provider.issued;
  provider.unused = [...provider.unused, token];
  return token;
}

/** Whether a refresh token would be accepted now. */
export function accepts({ family, unused, inWindow, isEnded }: Provider, token: Token): boolean {
  if (isEnded || Math.floor(token / 10) !== family) return false;
  return unused.includes(token) || inWindow.includes(token);
}
