import { beginBurst, waitForBurst, type Burst } from './in-page-calls.ts';
import { guardedUrls, type Bench } from './setting.ts';
import { megabytesText, msText, table } from './statistics.ts';

/** As many as the calls of one origin that wait may be. */
const calls = 10_000;

/** Prints what happens when a page begins very many calls at the moment at which the access token expires. */
export async function printExpiry(bench: Bench): Promise<void> {
  const { page, browser, standin } = bench;
  await page.bringToFront();
  // It may have ended by itself after 30 idle seconds.
  await burst(bench, 1);
  const beforeBytes = await browser.workerMemoryBytes();
  standin.log.clear();
  bench.expireTokens();
  const { ms, outcomes } = await burst(bench, calls);
  const afterBytes = await browser.workerMemoryBytes();
  const requests = standin.log.requests();
  const tokenRequests = requests.filter(({ path }) => path === '/oauth/token').length;
  const rejected = requests.filter(({ status }) => status === 401).length;
  const { 200: succeeded = 0, ...others } = outcomes;
  standin.log.clear();
  console.log(
    table([
      ['token requests', String(tokenRequests)],
      ['calls that failed', `${String(calls - succeeded)}${reasons(others)}`],
      ['calls sent twice, rejected at first', String(rejected)],
      ['time', `${(ms / 1000).toFixed(1)} s`],
      ['time for a call', msText(ms / calls)],
      ['memory before', megabytesText(beforeBytes)],
      ['memory after', megabytesText(afterBytes)],
    ]),
  );
}

async function burst({ page, ...bench }: Bench, count: number): Promise<Burst> {
  await page.evaluate(beginBurst, guardedUrls(bench), count);
  for (;;) {
    const ended = await page.evaluate(waitForBurst);
    if (ended !== undefined) return ended;
  }
}

function reasons(others: Readonly<Record<string, number>>): string {
  const named = Object.entries(others).map(([outcome, count]) => `${String(count)} ${outcome}`);
  return named.length === 0 ? '' : ` (${named.join(', ')})`;
}
