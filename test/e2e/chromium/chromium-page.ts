import { writeFile } from 'node:fs/promises';
import type { CDPSession, KeyInput, Page, Target } from 'puppeteer-core';
import { LONGEST_TYPED, type PageDriver } from '../browser/page-driver.ts';
import { withDeadline } from '../machine/deadline.ts';
import { raiseWindow } from '../machine/raise-window.ts';
import { xdotool } from '../machine/xdotool.ts';

/** The last one is what remains of a wait when its document is cleared away before the context is said to be destroyed. */
const REPLACED =
  /context was destroyed|Cannot find context|Inspected target navigated|Execution context is not available|uniqueContextId not found|Promise was collected/i;
const GONE = /Target closed|Session closed|detached|No target with given id|Connection closed/i;

/** Drives one page of Chromium through puppeteer. */
export function chromiumPage(
  page: Page,
  target: Target,
  kind: PageDriver['kind'],
  displayName: string,
  closePopup?: () => Promise<void>,
): PageDriver {
  let isGone = false;
  let session: CDPSession | undefined;
  // What is emulated ends with its session, so one is kept.
  const kept = async (): Promise<CDPSession> => (session ??= await page.createCDPSession());
  const gone = new Promise<void>((resolve) => {
    const onDestroyed = (destroyed: Target): void => {
      if (destroyed !== target) return;
      isGone = true;
      target.browser().off('targetdestroyed', onDestroyed);
      resolve();
    };
    target.browser().on('targetdestroyed', onDestroyed);
    target.browser().once('disconnected', () => onDestroyed(target));
  });
  /* Input that closes its own page (a popup that gives way to a prompt) may never be acknowledged. */
  const orGone = async (action: Promise<unknown>, awaited: string): Promise<void> => {
    const tolerant = action.catch((error: unknown) => {
      if (!(error instanceof Error && GONE.test(error.message))) throw error;
    });
    await withDeadline(Promise.race([tolerant, gone]), awaited);
  };
  // A page may change its title while it loads.
  const titleNow = async (): Promise<string> => (await page.title()) || new URL(page.url()).host;
  /*
   * By the display: each event of a key that the debugging protocol delivers focuses the page, so a prompt of the browser that the
   * press opened would lose the focus to the release.
   */
  const pressEnter = async (): Promise<void> => {
    await raiseWindow(displayName, titleNow);
    await xdotool(displayName, ['key', 'Return']);
  };
  return {
    kind,
    evaluate: (expression) => page.evaluate(expression) as Promise<string | undefined>,
    isDocumentReplaced: (error) => error instanceof Error && REPLACED.test(error.message),
    isGone: () => isGone,
    gone,
    clickAt: (x, y) => orGone(page.mouse.click(x, y), 'the click to be delivered'),
    type: (text) =>
      orGone(
        text.length > LONGEST_TYPED ? page.keyboard.sendCharacter(text) : page.keyboard.type(text),
        'the text to be typed',
      ),
    async press(key, modifiers) {
      for (const modifier of modifiers) await page.keyboard.down(modifier);
      const pressed =
        kind === 'tab' && key === 'Enter' && modifiers.length === 0
          ? pressEnter()
          : page.keyboard.press(key as KeyInput);
      await orGone(pressed, `the key ${key} to be delivered`);
      for (const modifier of modifiers) if (!isGone) await page.keyboard.up(modifier);
    },
    async setMarkedFiles(selector, files) {
      const field = await page.$(`>>> ${selector}`);
      if (!field) throw new Error('the file field is gone');
      await (field as Awaited<ReturnType<typeof page.$<'input'>>>)?.uploadFile(...files);
    },
    async goto(url) {
      await page.goto(url);
    },
    async reload() {
      await page.reload();
    },
    async bringToFront() {
      await page.bringToFront();
      await raiseWindow(displayName, titleNow);
    },
    setViewport: (size) => page.setViewport(size),
    async emulate({ colorScheme = '', isMotionReduced, areColorsForced }) {
      // puppeteer's own method does not know forced colours.
      const features = [
        { name: 'prefers-color-scheme', value: colorScheme },
        { name: 'prefers-reduced-motion', value: isMotionReduced ? 'reduce' : '' },
        { name: 'forced-colors', value: areColorsForced ? 'active' : '' },
      ];
      await (await kept()).send('Emulation.setEmulatedMedia', { features });
    },
    async screenshot(file) {
      const { data } = await withDeadline(
        (await kept()).send('Page.captureScreenshot', { format: 'png' }),
        'a screenshot',
      );
      await writeFile(file, Buffer.from(data, 'base64'));
    },
    async close() {
      await (closePopup ?? (() => page.close()))();
      await withDeadline(gone, 'the page to close');
    },
  };
}
