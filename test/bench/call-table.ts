import { measureRound, ways, type Sample, type Way } from './in-page-calls.ts';
import { urlsOf, type Bench } from './setting.ts';
import { median, megabytesText, table } from './statistics.ts';

/** What one row of the table is measured by. */
interface Row {
  readonly name: string;
  readonly bytes: number;
  /** How many calls are one sample. */
  readonly calls: number;
  readonly isAtOnce: boolean;
  /** How many samples are taken of each way. */
  readonly rounds: number;
}

const rows: readonly Row[] = [
  { name: '100 B', bytes: 100, calls: 20, isAtOnce: false, rounds: 30 },
  { name: '10 kB', bytes: 10_000, calls: 20, isAtOnce: false, rounds: 30 },
  { name: '100 kB', bytes: 100_000, calls: 10, isAtOnce: false, rounds: 30 },
  { name: '1 MB', bytes: 1_000_000, calls: 2, isAtOnce: false, rounds: 30 },
  { name: '5 MB', bytes: 5_000_000, calls: 1, isAtOnce: false, rounds: 30 },
  { name: '500 at once', bytes: 100, calls: 500, isAtOnce: true, rounds: 12 },
];

/**
 * Prints the median time of each way as a ratio to the direct fetch, and Threelo's to the bare chain over a port; then what the
 * background holds before and after.
 */
export async function printCallTable(bench: Bench): Promise<void> {
  const { page, browser } = bench;
  const lines = [['', ...ways, 'threelo / port']];
  await page.bringToFront();
  // Not counted: after them the background runs, and the browser has compiled what is called often, of all ways.
  for (let round = 0; round < 10; round += 1)
    await page.evaluate(measureRound, ways, sampleOf(bench, rows[0]!, 0));
  const beforeBytes = await browser.workerMemoryBytes();
  for (const row of rows) {
    const times = await medianTimes(bench, row);
    const ratios = ways.map((way) => (times[way] / times.direct).toFixed(2));
    lines.push([row.name, ...ratios, (times.threelo / times.port).toFixed(2)]);
  }
  const afterBytes = await browser.workerMemoryBytes();
  console.log(table(lines));
  console.log(`memory before ${megabytesText(beforeBytes)}, after ${megabytesText(afterBytes)}`);
}

function sampleOf(bench: Bench, { bytes, calls, isAtOnce }: Row, first: number): Sample {
  return { urls: urlsOf(bench, bytes), first, calls, isAtOnce };
}

/** Takes the samples: the ways take turns, and each round begins with another one. The first round is not counted. */
async function medianTimes(bench: Bench, row: Row): Promise<Record<Way, number>> {
  const taken: Record<Way, number>[] = [];
  for (let round = 0; round <= row.rounds; round += 1) {
    const begin = round % ways.length;
    const order = [...ways.slice(begin), ...ways.slice(0, begin)];
    const sample = sampleOf(bench, row, round * row.calls);
    taken.push(await bench.page.evaluate(measureRound, order, sample));
  }
  // The stand-in keeps every request until it is told to forget them.
  bench.standin.log.clear();
  const counted = taken.slice(1);
  const entries = ways.map((way) => [way, median(counted.map((times) => times[way]))] as const);
  return Object.fromEntries(entries) as Record<Way, number>;
}
