import { callSteadily } from './in-page-calls.ts';
import { guardedUrls, urlsOf, type Bench } from './setting.ts';
import { megabytesText, table } from './statistics.ts';

const minutes = 20;
/** The calls of a minute come in so many parts: a browser gives up the answer to a command that takes long. */
const partsPerMinute = 4;
const pauseMs = 100;
/** After so many minutes the server rejects the access token. */
const minutesPerToken = 4;

/** Prints what the background holds after a garbage collection, minute by minute, while a page calls steadily. */
export async function printMemory(bench: Bench): Promise<void> {
  const { page, standin, expireTokens } = bench;
  const urls = [...urlsOf(bench, 10_000), ...guardedUrls(bench)];
  await page.bringToFront();
  let calls = 0;
  const readings: number[] = [];
  for (let minute = 0; minute <= minutes; minute += 1) {
    if (minute > 0 && minute % minutesPerToken === 0) expireTokens();
    for (let part = 0; part < partsPerMinute; part += 1)
      calls += await page.evaluate(callSteadily, urls, 60_000 / partsPerMinute, pauseMs);
    readings.push(await leastMemory(bench));
    // Only the extension is measured, but the log is as long as the calls are many.
    standin.log.clear();
  }
  const every = readings
    .map((bytes, minute) => [`after minute ${String(minute + 1)}`, megabytesText(bytes)])
    .filter((_, minute) => minute % minutesPerToken === 0);
  const [first = 0, last = 0] = [readings[minutesPerToken], readings.at(-1)];
  const growth = ((last - first) / (minutes - minutesPerToken) / 1000).toFixed(1);
  console.log(
    table([
      ...every,
      ['calls', String(calls)],
      ['refreshes', String(Math.floor(minutes / minutesPerToken))],
      ['growth from the fifth minute on', `${growth} kB a minute`],
    ]),
  );
}

/** The least of three readings: what is being worked on at one moment does not count. */
async function leastMemory({ browser }: Bench): Promise<number> {
  const readings: number[] = [];
  for (let at = 0; at < 3; at += 1) readings.push(await browser.workerMemoryBytes());
  return Math.min(...readings);
}
