import { browser } from './api/browser.ts';

/** Why an authorization window ended without a redirect. */
export type WindowFailure = 'closed' | 'unloadable' | 'busy';

/** The outcome of {@link authorize}. */
export type WindowOutcome = { readonly redirectedTo: string } | { readonly ended: WindowFailure };

/** The browsers report the reason only as an English error message. Any other message counts as `closed`. */
const errorMessages: readonly (readonly [RegExp, WindowFailure])[] = [
  [/could not be loaded/iu, 'unloadable'],
  [/only one web auth flow|already|in progress/iu, 'busy'],
];

/** The callback URL of this installation whose last path segment is the suffix. */
export function redirectUri(suffix: string): string {
  return browser.identity.getRedirectURL(suffix);
}

/** Opens the authorization window and waits for the redirect to the callback URL. The browser allows one window at a time. */
export async function authorize(url: URL): Promise<WindowOutcome> {
  try {
    return {
      redirectedTo: await browser.identity.launchWebAuthFlow({ url: url.href, interactive: true }),
    };
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : '';
    return { ended: errorMessages.find(([pattern]) => pattern.test(text))?.[1] ?? 'closed' };
  }
}
