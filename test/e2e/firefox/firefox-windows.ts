import { pollUntil } from '../machine/deadline.ts';
import type { Display } from '../machine/display.ts';
import { xdotool } from '../machine/xdotool.ts';
import type { FirefoxConnection } from './firefox-connection.ts';

/**
 * Waits until the display shows no window that Firefox closed already: as long as one goes, it may take keys along, and a popup
 * that opens meanwhile closes with it.
 */
export async function waitUntilClosedWindowsAreGone(
  firefox: FirefoxConnection,
  display: Display,
): Promise<void> {
  await pollUntil(async () => {
    const [shown, open] = await Promise.all([
      countManagedWindows(display),
      firefox.inChrome(countWindowsInChrome, []),
    ]);
    return shown === open ? true : undefined;
  }, 'the windows that Firefox closed to be gone');
}

/** Windows of the window manager; it puts each on a desktop, but no panel, menu or tooltip. */
async function countManagedWindows(display: Display): Promise<number> {
  const search = ['search', '--desktop', '0', '--class', '.'];
  // It fails when it finds none.
  const found = await xdotool(display.name, search).catch(() => '');
  return found.split('\n').filter(Boolean).length;
}

function countWindowsInChrome(): number {
  return [...Services.wm.getEnumerator(null)].length;
}
