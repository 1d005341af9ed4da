import { measureRound, ways, type Sample, type Way } from './in-page-calls.ts';
import { bodySizes, urlOf, type Bench } from './setting.ts';
import { median, table } from './statistics.ts';

/** How many samples are taken of each way. */
const rounds = 30;
/** How many calls one after the other are one sample, by the size of a body. */
const callsOf: Readonly<Record<(typeof bodySizes)[number], number>> = {
  100: 20,
  10_000: 20,
  100_000: 10,
  1_000_000: 2,
  5_000_000: 1,
};
const atOnce = { bytes: 100, calls: 500 } as const;

/** Prints the median time of each way as a ratio to the direct fetch, and Threelo's to the bare chain over a port. */
export async function printCallTable(bench: Bench): Promise<void> {
  const rows = [['', ...ways, 'threelo / port']];
  const add = async (name: string, sample: Sample): Promise<void> => {
    const times = await medianTimes(bench, sample);
    const ratios = ways.map((way) => (times[way] / times.direct).toFixed(2));
    rows.push([name, ...ratios, (times.threelo / times.port).toFixed(2)]);
  };
  await bench.page.bringToFront();
  for (const bytes of bodySizes)
    await add(sizeText(bytes), {
      url: urlOf(bench, bytes),
      calls: callsOf[bytes],
      isAtOnce: false,
    });
  const { bytes, calls } = atOnce;
  await add(`${calls} at once`, { url: urlOf(bench, bytes), calls, isAtOnce: true });
  console.log(table(rows));
}

/** Takes the samples: the ways take turns, and each round begins with another one. The first round is not counted. */
async function medianTimes({ page }: Bench, sample: Sample): Promise<Record<Way, number>> {
  const taken: Record<Way, number>[] = [];
  for (let round = 0; round <= rounds; round += 1) {
    const first = round % ways.length;
    const order = [...ways.slice(first), ...ways.slice(0, first)];
    taken.push(await page.evaluate(measureRound, order, sample));
  }
  const counted = taken.slice(1);
  const entries = ways.map((way) => [way, median(counted.map((times) => times[way]))] as const);
  return Object.fromEntries(entries) as Record<Way, number>;
}

function sizeText(bytes: number): string {
  if (bytes >= 1_000_000) return `${bytes / 1_000_000} MB`;
  return bytes >= 1000 ? `${bytes / 1000} kB` : `${bytes} B`;
}
