import { DEFAULT_DEADLINE_MS } from './deadline.ts';
import { xdotool } from './xdotool.ts';

/**
 * Makes the window whose title begins with a text the active one, as a click on its title bar does, and
 * waits until it is: keys go to the active window, and a browser's own wish may be declined by the window
 * manager.
 */
export async function raiseWindow(
  displayName: string,
  titleNow: () => Promise<string>,
): Promise<void> {
  const endsAtMs = Date.now() + DEFAULT_DEADLINE_MS;
  let title = '';
  while (Date.now() < endsAtMs) {
    title = await titleNow();
    const pattern = `^${title.replaceAll(/[.*+?^${}()|[\]\\]/g, '\\$&')}`;
    if ((await activeTitle(displayName)).startsWith(title)) return;
    const search = ['search', '--onlyvisible', '--name', pattern, 'windowactivate', '--sync'];
    // Fails while the browser has not given the window its title yet.
    await xdotool(displayName, search).catch(() => undefined);
  }
  throw new Error(
    `waited ${String(DEFAULT_DEADLINE_MS)} ms for the window "${title}" to be active`,
  );
}

/** The title of the active window; empty while there is none. */
async function activeTitle(displayName: string): Promise<string> {
  return xdotool(displayName, ['getactivewindow', 'getwindowname']).catch(() => '');
}
