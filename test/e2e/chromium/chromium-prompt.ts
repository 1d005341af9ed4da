import type { PageDriver } from '../browser/page-driver.ts';
import { withDeadline } from '../machine/deadline.ts';
import type { Display } from '../machine/display.ts';
import { xdotool } from '../machine/xdotool.ts';
import { callInPage } from '../page/call-in-page.ts';

/**
 * Chromium ignores every key and click in a new permission prompt for 500 ms, so that no one answers it by accident; the
 * prompt shows no sign of when that begins or ends. A person is slower than that, and so is this.
 */
const PROMPT_PROTECTION_MS = 1_000;

/**
 * Answers Chromium's optional-permission prompt with the keyboard. The prompt is drawn inside the browser window: no target and no
 * X window of its own. It shows by taking the focus from every page, and that it is gone by giving it back.
 */
export async function answerChromiumPrompt(
  display: Display,
  drivers: ReadonlySet<PageDriver>,
  answer: 'allow' | 'deny',
): Promise<void> {
  const shown = waitUntilPromptHasFocus(drivers);
  await withDeadline(shown, 'the permission prompt to take the focus from every page');
  const refocused = Promise.any(
    [...drivers].map((driver) => callInPage(driver, waitForFocusInPage, [true])),
  );
  await xdotool(
    display.name,
    answer === 'allow' ? ['key', 'Tab', 'key', 'Return'] : ['key', 'Escape'],
  );
  await withDeadline(
    refocused,
    `the focus to return to a page after the prompt was answered (${answer})`,
  );
}

/* Between a popup that closes for the prompt and the prompt, a page may have the focus for a moment. */
async function waitUntilPromptHasFocus(drivers: ReadonlySet<PageDriver>): Promise<void> {
  do {
    await Promise.all([...drivers].map(waitUntilUnfocused));
    await new Promise((resolve) => setTimeout(resolve, PROMPT_PROTECTION_MS));
  } while ((await Promise.all([...drivers].map(hasFocus))).includes(true));
}

async function hasFocus(driver: PageDriver): Promise<boolean> {
  return callInPage(driver, () => document.hasFocus(), []).catch((error: unknown) => {
    if (!driver.isGone()) throw error;
    return false;
  });
}

async function waitUntilUnfocused(driver: PageDriver): Promise<void> {
  const unfocused = callInPage(driver, waitForFocusInPage, [false]).catch((error: unknown) => {
    if (!driver.isGone()) throw error;
  });
  await Promise.race([unfocused, driver.gone]);
}

/** Waits until a document has, or has not, the focus. Self-contained; runs in the page. */
export async function waitForFocusInPage(isWanted: boolean): Promise<void> {
  if (document.hasFocus() === isWanted) return;
  await new Promise<void>((resolve) =>
    addEventListener(isWanted ? 'focus' : 'blur', () => resolve(), { once: true }),
  );
}
