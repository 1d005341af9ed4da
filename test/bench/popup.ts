import type { BrowserUnderTest } from '../e2e/browser/browser-under-test.ts';
import { measureOne } from './in-page-calls.ts';
import { urlsOf, type Bench } from './setting.ts';
import { median, msText, table } from './statistics.ts';
import { storeSessions } from './stored-sessions.ts';

/** How often each popup is opened. */
const rounds = 7;
/** What is stored when the popup opens; undefined is one account with its four sites, as the sign-in left them. */
const fillings = [
  undefined,
  { sessions: 200, sites: 200 },
  { sessions: 200, sites: 5000 },
] as const;

/**
 * Prints the time from the key that opens the popup until its content is painted, less the same time of the bare extension's
 * popup, which shows one word and has neither script nor style.
 */
export async function printPopup(bench: Bench): Promise<void> {
  const { page, browser, bare } = bench;
  const lines = [['', 'empty popup', 'background awake', 'background ended']];
  for (const filling of fillings) {
    if (filling !== undefined) await storeSessions(bench, filling);
    await page.bringToFront();
    await bare.page.bringToFront();
    const times = await openingTimes(bench);
    const empty = median(times.empty);
    const { sites, sessions } = filling ?? { sites: 4, sessions: 1 };
    lines.push([
      `${sites.toLocaleString('en')} sites, ${String(sessions)} session${sessions === 1 ? '' : 's'}`,
      msText(empty),
      `+ ${msText(median(times.awake) - empty)}`,
      `+ ${msText(median(times.ended) - empty)}`,
    ]);
  }
  console.log(table(lines));
  console.log(
    `${browser.name} itself says when the content was painted (largest-contentful-paint)`,
  );
}

/** The popups take turns. */
async function openingTimes(
  bench: Bench,
): Promise<Readonly<Record<'empty' | 'awake' | 'ended', readonly number[]>>> {
  const { page, browser, bare } = bench;
  const [url = ''] = urlsOf(bench, 100);
  const times = { empty: [] as number[], awake: [] as number[], ended: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    times.empty.push(await openingMs(bare.browser, 'body'));
    await page.evaluate(measureOne, 'threelo', url);
    times.awake.push(await openingMs(browser, 'main'));
    if (await browser.isWorkerRunning()) await browser.killWorker();
    times.ended.push(await openingMs(browser, 'main'));
  }
  return times;
}

async function openingMs(browser: BrowserUnderTest, content: string): Promise<number> {
  let startMs = NaN;
  const popup = await browser.openPopup(() => {
    startMs = performance.timeOrigin + performance.now();
  });
  const paintedMs = await popup.evaluate(paintedAtMs, content);
  await popup.close();
  return paintedMs - startMs;
}

/** Epoch milliseconds of the paint of the first large content in an element. Runs in the popup. */
async function paintedAtMs(selector: string): Promise<number> {
  const startMs = await new Promise<number>((resolve) => {
    const observer = new PerformanceObserver((list) => {
      for (const entry of list.getEntries()) {
        const { element, startTime } = entry as PerformanceEntry & { element?: Element | null };
        if (!element?.closest(selector)) continue;
        observer.disconnect();
        resolve(startTime);
        return;
      }
    });
    observer.observe({ type: 'largest-contentful-paint', buffered: true });
  });
  return performance.timeOrigin + startMs;
}
