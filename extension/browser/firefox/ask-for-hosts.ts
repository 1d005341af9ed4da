import { browser } from '../api/browser.ts';

/** Requests the permission at once: Firefox accepts it only within the click, and keeps the popup open meanwhile. */
export async function askForHosts(
  patterns: readonly string[],
  prepared: Promise<unknown>,
): Promise<boolean> {
  const answer = browser.permissions.request({ origins: [...patterns] });
  const [isAllowed] = await Promise.all([answer, prepared]);
  return isAllowed;
}
