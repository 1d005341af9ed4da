import type { BrowserUnderTest } from '../e2e/browser/browser-under-test.ts';
import { measureOne } from './in-page-calls.ts';
import { urlsOf, type Bench } from './setting.ts';
import { listText, measureList } from './site-list.ts';
import { median, msText, table } from './statistics.ts';
import { storeSessions } from './stored-sessions.ts';

/** A list of so few sites has no filter. */
const mostUnfilteredSites = 6;
/** How often each popup is opened. */
const rounds = 7;
/** What is stored when the popup opens; undefined is one account with its four sites, as the sign-in left them. */
const fillings = [
  undefined,
  { sessions: 1, sites: 200 },
  { sessions: 1, sites: 5000 },
  { sessions: 200, sites: 200 },
  { sessions: 200, sites: 5000 },
] as const;

/** The state of both backgrounds when a popup opens: awake, or ended just before. */
const states = ['awake', 'ended'] as const;
type State = (typeof states)[number];

/** One opening of each popup, one right after the other, in milliseconds. */
interface Opening {
  readonly empty: number;
  readonly threelo: number;
}

/**
 * Prints the time from the key that opens the popup of the bare extension, which shows one word and has neither script nor style,
 * until this is painted; and how much longer Threelo's popup takes until its content is painted.
 */
export async function printPopup(bench: Bench): Promise<void> {
  const { page, browser, bare } = bench;
  const lines = [['', 'empty, background awake', 'threelo', 'empty, background ended', 'threelo']];
  const lists = [['list of sites in the popup', 'keystroke', 'tick']];
  try {
    for (const filling of fillings) {
      if (filling !== undefined) await storeSessions(bench, filling);
      await page.bringToFront();
      await bare.page.bringToFront();
      const openings = await openingsOf(bench);
      const { sites, sessions } = filling ?? { sites: 4, sessions: 1 };
      lines.push([
        titleOf(sites, sessions),
        ...states.flatMap((state) => [
          msText(median(openings[state].map(({ empty }) => empty))),
          moreText(median(openings[state].map(({ empty, threelo }) => threelo - empty))),
        ]),
      ]);
      if (sites > mostUnfilteredSites)
        lists.push([titleOf(sites, sessions), ...listText(await measureList(bench))]);
    }
  } finally {
    // Also when a later filling fails: what was measured took minutes.
    console.log(table(lines));
    console.log(table(lists));
  }
  console.log(
    `${browser.name} itself says when the content was painted (largest-contentful-paint)`,
  );
}

const titleOf = (sites: number, sessions: number): string =>
  `${sites.toLocaleString('en')} sites, ${String(sessions)} session${sessions === 1 ? '' : 's'}`;

async function openingsOf(bench: Bench): Promise<Readonly<Record<State, readonly Opening[]>>> {
  const { browser, bare } = bench;
  const openings: Record<State, Opening[]> = { awake: [], ended: [] };
  for (let round = 0; round < rounds; round += 1)
    for (const state of states) {
      await bringInto(state, bench);
      const empty = await openingMs(bare.browser, 'body');
      openings[state].push({ empty, threelo: await openingMs(browser, 'main') });
    }
  return openings;
}

async function bringInto(state: State, bench: Bench): Promise<void> {
  const { page, browser, bare } = bench;
  if (state === 'ended') {
    for (const each of [browser, bare.browser])
      if (await each.isWorkerRunning()) await each.killWorker();
    return;
  }
  const [url = ''] = urlsOf(bench, 100);
  await bare.page.evaluate(measureOne, 'port', url);
  await page.evaluate(measureOne, 'threelo', url);
}

const moreText = (ms: number): string => `${ms < 0 ? '−' : '+'} ${msText(Math.abs(ms))}`;

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
