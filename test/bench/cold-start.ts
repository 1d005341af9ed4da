import { measureOne } from './in-page-calls.ts';
import { urlsOf, type Bench } from './setting.ts';
import { median, msText, table } from './statistics.ts';

/** How often each background is ended. */
const rounds = 20;

/** Prints the time of the first call after the background was ended, of Threelo and of the bare chain in turn. */
export async function printColdStart(bench: Bench): Promise<void> {
  const { page, browser, bare } = bench;
  const [url = ''] = urlsOf(bench, 100);
  const times = { port: [] as number[], threelo: [] as number[] };
  for (let round = 0; round < rounds; round += 1) {
    await page.bringToFront();
    // It may have ended by itself after 30 idle seconds.
    await page.evaluate(measureOne, 'threelo', url);
    await browser.killWorker();
    times.threelo.push(await page.evaluate(measureOne, 'threelo', url));
    await bare.page.bringToFront();
    await bare.page.evaluate(measureOne, 'port', url);
    await bare.browser.killWorker();
    times.port.push(await bare.page.evaluate(measureOne, 'port', url));
  }
  const [threelo, port] = [median(times.threelo), median(times.port)];
  console.log(
    table([
      ['bare chain over a port', msText(port)],
      ['threelo', msText(threelo)],
      ['ratio', (threelo / port).toFixed(2)],
    ]),
  );
}
