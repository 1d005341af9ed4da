import { writeFile } from 'node:fs/promises';
import type { Preferences } from '../browser/browser-under-test.ts';
import { LONGEST_TYPED, type PageDriver } from '../browser/page-driver.ts';
import { pollUntil, withDeadline } from '../machine/deadline.ts';
import { callInPage } from '../page/call-in-page.ts';
import { BidiError, type BidiConnection } from './bidi.ts';
import { evaluateInContext, type FirefoxConnection } from './firefox-connection.ts';
import { webdriverKey } from './firefox-keys.ts';

const REPLACED =
  /destroyed before query|discarded|AbortError|no such frame|document was replaced|Actor .* destroyed/i;

/** Drives a tab or a window of Firefox over WebDriver BiDi. */
export function firefoxPage(
  firefox: FirefoxConnection,
  context: string,
  kind: PageDriver['kind'],
): PageDriver {
  const { bidi } = firefox;
  let isGone = false;
  const gone = new Promise<void>((resolve) => {
    const stop = bidi.on('browsingContext.contextDestroyed', (params) => {
      if (params['context'] === context) finish();
    });
    const finish = (): void => {
      isGone = true;
      stop();
      resolve();
    };
    void bidi.closed.then(finish);
    // Firefox reports no such event for pages of extensions (bug 1755014).
    void untilUnlisted(bidi, context).then(finish);
  });
  /* The event that a context is gone may come after the refusal that says so. */
  const orGone = async (action: Promise<unknown>, awaited: string): Promise<void> => {
    const tolerant = action.catch((error: unknown) => {
      if (!(
        error instanceof BidiError &&
        (error.code === 'no such frame' || isGone || REPLACED.test(error.message))
      ))
        throw error;
    });
    await withDeadline(Promise.race([tolerant, gone]), awaited);
  };
  const perform = (actions: readonly unknown[], awaited: string): Promise<void> =>
    orGone(bidi.send('input.performActions', { context, actions }), awaited);
  const evaluate = async (
    expression: string,
    isRestartable = false,
  ): Promise<string | undefined> => {
    if (isGone) throw new Error('the page is closed');
    const result = evaluateInContext(bidi, context, expression);
    const abandoned = gone.then((): never => {
      throw new Error('the page closed');
    });
    if (!isRestartable) return await Promise.race([result, abandoned]);
    let stop = (): void => {};
    const replaced = new Promise<never>((_resolve, reject) => {
      stop = bidi.on('browsingContext.navigationCommitted', (params) => {
        if (params['context'] === context) reject(new Error('the document was replaced'));
      });
    });
    try {
      return await Promise.race([result, replaced, abandoned]);
    } finally {
      stop();
      result.catch(() => undefined); // its document is gone, and so is anyone who would want the answer
    }
  };
  const address = async (): Promise<string | undefined> => {
    try {
      return await evaluate(
        `Promise.resolve(document.readyState === 'complete' ? location.href + ' ' + performance.timeOrigin : '')`,
      );
    } catch (error) {
      if (isGone || !(error instanceof Error && REPLACED.test(error.message))) throw error;
      return undefined; // between two documents
    }
  };
  return {
    kind,
    evaluate,
    isDocumentReplaced: (error) =>
      error instanceof Error &&
      (REPLACED.test(error.message) ||
        (error instanceof BidiError && error.code === 'no such frame')),
    isGone: () => isGone,
    gone,
    clickAt: (x, y) =>
      perform(
        [
          {
            type: 'pointer',
            id: 'mouse',
            actions: [
              { type: 'pointerMove', x: Math.round(x), y: Math.round(y) },
              { type: 'pointerDown', button: 0 },
              { type: 'pointerUp', button: 0 },
            ],
          },
        ],
        'the click to be delivered',
      ),
    async type(text) {
      if (text.length > LONGEST_TYPED) {
        await evaluate(
          `Promise.resolve(String(document.execCommand('insertText', false, ${JSON.stringify(text)})))`,
        );
        return;
      }
      const actions = Array.from(text).flatMap((letter) => {
        const value = letter === '\n' ? webdriverKey('Enter') : letter;
        return [
          { type: 'keyDown', value },
          { type: 'keyUp', value },
        ];
      });
      await perform([{ type: 'key', id: 'keyboard', actions }], 'the text to be typed');
    },
    async press(key, modifiers) {
      const held = modifiers.map(webdriverKey);
      const value = webdriverKey(key);
      await perform(
        [
          {
            type: 'key',
            id: 'keyboard',
            actions: [
              ...held.map((modifier) => ({ type: 'keyDown', value: modifier })),
              { type: 'keyDown', value },
              { type: 'keyUp', value },
              ...held.map((modifier) => ({ type: 'keyUp', value: modifier })),
            ],
          },
        ],
        `the key ${key} to be delivered`,
      );
    },
    async setMarkedFiles(selector, files) {
      const find = `(() => { const roots = [document]; for (const root of roots) for (const element of root.querySelectorAll('*')) { if (element.matches(${JSON.stringify(selector)})) return element; if (element.shadowRoot) roots.push(element.shadowRoot); } })()`;
      const answer = (await bidi.send('script.evaluate', {
        expression: find,
        awaitPromise: false,
        target: { context },
      })) as { result?: { sharedId?: string } };
      if (answer.result?.sharedId === undefined) throw new Error('the file field is gone');
      await bidi.send('input.setFiles', {
        context,
        element: { sharedId: answer.result.sharedId },
        files,
      });
    },
    async goto(url) {
      const isOrdinary = /^https?:/.test(url);
      await bidi.send('browsingContext.navigate', {
        context,
        url,
        wait: isOrdinary ? 'complete' : 'none',
      });
      // Firefox reports no loads of extension pages (bug 1755014), so look until it is there.
      if (!isOrdinary)
        await pollUntil(
          async () => ((await address())?.split(' ')[0] === url ? true : undefined),
          `${url} to load`,
        );
    },
    async reload() {
      const before = await address();
      const isOrdinary = /^https?:/.test(before ?? '');
      await bidi.send('browsingContext.reload', {
        context,
        wait: isOrdinary ? 'complete' : 'none',
      });
      if (!isOrdinary)
        await pollUntil(async () => {
          const now = await address();
          return now !== undefined && now !== '' && now !== before ? true : undefined;
        }, 'the page to load again');
    },
    async bringToFront() {
      await bidi.send('browsingContext.activate', { context });
    },
    async setViewport(viewport) {
      await bidi.send('browsingContext.setViewport', { context, viewport });
    },
    emulate: (preferences) => emulateInFirefox(firefox, evaluate, preferences),
    async screenshot(file) {
      const { data } = (await bidi.send('browsingContext.captureScreenshot', { context })) as {
        data: string;
      };
      await writeFile(file, Buffer.from(data, 'base64'));
    },
    async close() {
      await orGone(bidi.send('browsingContext.close', { context }), 'the page to be told to close');
      await withDeadline(gone, 'the page to close');
    },
  };
}

/** Firefox has them as preferences, so they hold for all pages at once; waits until this one follows. */
export async function emulateInFirefox(
  firefox: FirefoxConnection,
  evaluate: PageDriver['evaluate'],
  { colorScheme, isMotionReduced = false, areColorsForced = false }: Preferences,
): Promise<void> {
  // Of the scheme: 0 dark, 1 light, 2 as the system has it. Of the colours: 2 always the system's, 0 as the system has it.
  await firefox.inChrome(setPreferencesInChrome, [
    {
      'layout.css.prefers-color-scheme.content-override':
        colorScheme === undefined ? 2 : Number(colorScheme === 'light'),
      'ui.prefersReducedMotion': Number(isMotionReduced),
      'browser.display.document_color_use': areColorsForced ? 2 : 0,
    },
  ]);
  const queries = [
    ...(colorScheme === undefined ? [] : [`(prefers-color-scheme: ${colorScheme})`]),
    `(prefers-reduced-motion: ${isMotionReduced ? 'reduce' : 'no-preference'})`,
    `(forced-colors: ${areColorsForced ? 'active' : 'none'})`,
  ];
  const follows = callInPage({ evaluate }, waitForMediaInPage, [queries]);
  await withDeadline(follows, `the page to be ${queries.join(' and ')}`);
}

/** Runs in the page. */
export async function waitForMediaInPage(queries: readonly string[]): Promise<void> {
  for (const query of queries.map((text) => matchMedia(text)))
    if (!query.matches)
      await new Promise<void>((resolve) =>
        query.addEventListener('change', () => resolve(), { once: true }),
      );
}

function setPreferencesInChrome(values: Readonly<Record<string, number>>): void {
  for (const [name, value] of Object.entries(values)) Services.prefs.setIntPref(name, value);
}

const LIST_INTERVAL_MS = 100;

/** How many looks in a row did not find a context, by what waits for its end. */
type Missed = Map<() => void, { readonly context: string; misses: number }>;
const missedOf = new WeakMap<BidiConnection, Missed>();

/** Resolves when two looks in a row did not find the context: while a page changes its process one look may miss it. */
async function untilUnlisted(bidi: BidiConnection, context: string): Promise<void> {
  const missed = missedOf.get(bidi) ?? new Map<() => void, { context: string; misses: number }>();
  missedOf.set(bidi, missed);
  await new Promise<void>((resolve) => {
    missed.set(resolve, { context, misses: 0 });
    if (missed.size === 1) void lookWhileAwaited(bidi, missed);
  });
}

/** One look for all pages of the browser, as long as one of them is open. */
async function lookWhileAwaited(bidi: BidiConnection, missed: Missed): Promise<void> {
  while (missed.size > 0) {
    await new Promise((resolve) => setTimeout(resolve, LIST_INTERVAL_MS).unref());
    const tree = (await bidi
      .send('browsingContext.getTree', { maxDepth: 0 })
      .catch(() => undefined)) as { contexts: { context: string }[] } | undefined;
    for (const [resolve, awaited] of missed) {
      const isListed = tree?.contexts.some(({ context }) => context === awaited.context) === true;
      awaited.misses = isListed ? 0 : awaited.misses + 1;
      // Without an answer the connection is closed, and the page with it.
      if (tree !== undefined && awaited.misses < 2) continue;
      missed.delete(resolve);
      resolve();
    }
  }
}
