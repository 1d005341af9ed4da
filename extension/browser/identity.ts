import browser from 'webextension-polyfill';

/** How an authorization window ended without a redirect. */
export type WindowEnding = 'closed' | 'unloadable' | 'busy';

/** What came of {@link authorize}. */
export type WindowOutcome = { readonly redirectedTo: string } | { readonly ended: WindowEnding };

/**
 * The browsers' own sentences, which are all they tell. What is not listed counts as `closed`, the
 * ending that asks nothing of anybody.
 */
const sentences: readonly (readonly [RegExp, WindowEnding])[] = [
  [/could not be loaded/iu, 'unloadable'],
  [/only one web auth flow|already|in progress/iu, 'busy'],
];

/** The callback URL of this installation whose last path segment is the suffix. */
export function redirectUri(suffix: string): string {
  return browser.identity.getRedirectURL(suffix);
}

/** Opens the authorization window and waits for the browser to be sent back. One at a time. */
export async function authorize(url: URL): Promise<WindowOutcome> {
  try {
    return {
      redirectedTo: await browser.identity.launchWebAuthFlow({ url: url.href, interactive: true }),
    };
  } catch (thrown) {
    const text = thrown instanceof Error ? thrown.message : '';
    return { ended: sentences.find(([pattern]) => pattern.test(text))?.[1] ?? 'closed' };
  }
}
