import { writeFile } from 'node:fs/promises';
import { LONGEST_TYPED, type PageDriver } from '../browser/page-driver.ts';
import { pollUntil, withDeadline } from '../machine/deadline.ts';
import type { Display } from '../machine/display.ts';
import { mouseClick, xdotool } from '../machine/xdotool.ts';
import { callInPage } from '../page/call-in-page.ts';
import type { FirefoxConnection } from './firefox-connection.ts';
import { xKey } from './firefox-keys.ts';
import { emulateInFirefox, waitForMediaInPage } from './firefox-page.ts';
import {
  countEventsInChrome,
  evaluateInPopupInChrome,
  isPopupOpenInChrome,
  popupOriginInChrome,
  setPopupSchemeInChrome,
  snapshotPopupInChrome,
  waitForKeyFocusInChrome,
  waitForPopupEndInChrome,
  waitForPopupInChrome,
} from './firefox-popup-in-chrome.ts';
import { waitUntilClosedWindowsAreGone } from './firefox-windows.ts';

/**
 * Opens the toolbar popup with its key and drives it with the display's own mouse and keyboard. `address` is how its URL begins.
 */
export async function openFirefoxPopup(
  firefox: FirefoxConnection,
  display: Display,
  address: string,
  shortcut: string,
  beforeKey?: () => void,
): Promise<PageDriver> {
  const closePopup = async (): Promise<void> => {
    await xdotool(display.name, ['key', 'Escape']);
    await withDeadline(
      firefox.inChrome(waitForPopupEndInChrome, [address]),
      'the popup to close on Escape',
    );
  };
  if (await firefox.inChrome(isPopupOpenInChrome, [address])) await closePopup();
  await waitUntilClosedWindowsAreGone(firefox, display);
  await withDeadline(
    firefox.inChrome(waitForKeyFocusInChrome, []),
    'the tab in front to have the focus, before the shortcut of the popup',
  );
  beforeKey?.();
  await xdotool(display.name, ['key', '--clearmodifiers', shortcut]);
  await withDeadline(
    firefox.inChrome(waitForPopupInChrome, [address]),
    'the toolbar popup after its shortcut',
  );
  let isGone = false;
  const gone = Promise.race([
    firefox.inChrome(waitForPopupEndInChrome, [address], Infinity).catch(() => undefined),
    firefox.bidi.closed,
  ]).then(() => {
    isGone = true;
  });
  const evaluate = async (expression: string): Promise<string | undefined> => {
    const abandoned = gone.then((): never => {
      throw new Error('the popup closed');
    });
    const { value, error } = await Promise.race([
      firefox.inChrome(evaluateInPopupInChrome, [address, expression], Infinity),
      abandoned,
    ]);
    if (error !== undefined) throw new Error(error);
    return value;
  };
  /* The display's events arrive some time later: wait until Firefox's window saw `count` of them, then until the popup answers again. */
  const delivered = async (
    event: 'keydown' | 'mouseup',
    count: number,
    act: () => Promise<unknown>,
  ): Promise<void> => {
    const seen = firefox.inChrome(countEventsInChrome, [event, count]);
    await firefox.inChrome(isPopupOpenInChrome, [address]); // once this is answered, the listener is in place
    await act();
    await withDeadline(seen, `${count} ${event} to reach Firefox`);
    if (!isGone) await Promise.race([evaluate(`Promise.resolve('')`).catch(() => undefined), gone]); // it may close on the event
  };
  /* The panel takes its size, and with it its place, from the page: a click aimed before that would close it. */
  const pointAt = async (x: number, y: number): Promise<true | undefined> => {
    const { x: left, y: top, scale } = await firefox.inChrome(popupOriginInChrome, [address]);
    const place = [left + x * scale, top + y * scale].map((at) => String(Math.round(at)));
    await xdotool(display.name, ['mousemove', ...place]);
    const isThere = `document.elementFromPoint(${String(x)}, ${String(y)})?.matches(':hover')`;
    return (await evaluate(`Promise.resolve(String(${isThere}))`)) === 'true' ? true : undefined;
  };
  const isNotOffered = (what: string) => (): Promise<never> =>
    Promise.reject(new Error(`a toolbar popup has no ${what}`));
  await withDeadline(
    evaluate(
      `new Promise((resolve) => document.readyState === 'complete' ? resolve('') : addEventListener('load', () => resolve(''), { once: true }))`,
    ),
    'the popup to load',
  );
  return {
    kind: 'popup',
    evaluate,
    isDocumentReplaced: () => false,
    isGone: () => isGone,
    gone,
    async clickAt(x, y) {
      await pollUntil(() => pointAt(x, y), 'the pointer to be where the popup shows the control');
      await delivered('mouseup', 1, () => xdotool(display.name, [...mouseClick]));
    },
    async type(text) {
      if (text.length > LONGEST_TYPED)
        await evaluate(
          `Promise.resolve(String(document.execCommand('insertText', false, ${JSON.stringify(text)})))`,
        );
      else
        await delivered('keydown', Array.from(text).length, () =>
          xdotool(display.name, ['type', '--delay', '1', '--', text]),
        );
    },
    async press(key, modifiers) {
      await delivered('keydown', 1, () =>
        xdotool(display.name, ['key', [...modifiers, key].map(xKey).join('+')]),
      );
    },
    setMarkedFiles: isNotOffered('file fields: the file dialog closes it'),
    goto: isNotOffered('address bar'),
    reload: isNotOffered('reload button'),
    bringToFront: isNotOffered('place behind others'),
    setViewport: isNotOffered('size of its own'),
    async emulate({ colorScheme, ...others }) {
      await firefox.inChrome(setPopupSchemeInChrome, [address, colorScheme ?? 'none']);
      await emulateInFirefox(firefox, evaluate, others);
      const queries = colorScheme === undefined ? [] : [`(prefers-color-scheme: ${colorScheme})`];
      await withDeadline(
        callInPage({ evaluate }, waitForMediaInPage, [queries]),
        `the popup to be ${String(colorScheme)}`,
      );
    },
    async screenshot(file) {
      const url = await firefox.inChrome(snapshotPopupInChrome, [address]);
      await writeFile(file, Buffer.from(url.slice(url.indexOf(',') + 1), 'base64'));
    },
    async close() {
      await closePopup();
      await withDeadline(gone, 'the popup to close');
    },
  };
}
