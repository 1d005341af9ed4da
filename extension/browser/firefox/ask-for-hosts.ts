import browser from 'webextension-polyfill';

/** Asks at once: Firefox takes the question within the click itself only, and leaves the popup open meanwhile. */
export async function askForHosts(
  patterns: readonly string[],
  prepared: Promise<unknown>,
): Promise<boolean> {
  const answer = browser.permissions.request({ origins: [...patterns] });
  const [isAllowed] = await Promise.all([answer, prepared]);
  return isAllowed;
}
