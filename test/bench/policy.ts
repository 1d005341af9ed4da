import { startStandin } from '../standin/standin.ts';
import { aDraft, startHarness } from '../support/harness.ts';
import { median, msText, table } from './statistics.ts';

const origins = 10_000;
const rounds = 7;
/** The most milliseconds that the background may work on it. */
const boundMs = 1000;

const { clientId, clientSecret = '' } = aDraft();
const clients = [{ id: 'acme', name: 'Acme', type: 'atlassian-cloud', clientId, clientSecret }];
/** A policy that connects as many pages; another `path` makes it another policy. */
const policyOf = (path: string): Record<string, unknown> => ({
  clients,
  connectedPages: Array.from({ length: origins }, (_, at) => ({
    origin: `https://page-${String(at)}.example`,
    sites: ['https://acme.atlassian.net'],
    paths: [path],
  })),
});

/**
 * Prints how long the background works until the policy of an organization with 10,000 pages is in force: when the browser reports
 * it first, when another one takes its place, and when the one that is in force is read again. In process: the browser's own part,
 * such as the registration of content scripts, is not counted.
 */
export async function printPolicy(): Promise<void> {
  const measured = { first: [] as number[], changed: [] as number[], unchanged: [] as number[] };
  // One more round before them is not counted.
  for (let round = 0; round <= rounds; round += 1) {
    const standin = await startStandin({ transport: 'memory' });
    const { background, world } = await startHarness(standin);
    const apply = async (path: string): Promise<number> => {
      world.policy = policyOf(path);
      const beginMs = performance.now();
      await background.policy.refresh();
      await background.grants.followPermissions();
      const ms = performance.now() - beginMs;
      const found = background.grants.list().length;
      if (found !== origins) throw new Error(`${String(found)} pages are in force`);
      return ms;
    };
    const times = {
      first: await apply('/rest/api/3/'),
      changed: await apply('/rest/api/3/issue/'),
      unchanged: await apply('/rest/api/3/issue/'),
    };
    if (round > 0) for (const name of names) measured[name].push(times[name]);
    await standin.close();
  }
  const rows = names.map((name) => [
    name,
    msText(median(measured[name])),
    boundText(measured[name]),
  ]);
  const title = `Policy with ${origins.toLocaleString('en')} connected pages, median of ${String(rounds)}`;
  console.log(`\n${title}\n${table(rows)}`);
}

const names = ['first', 'changed', 'unchanged'] as const;

function boundText(times: readonly number[]): string {
  return median(times) <= boundMs ? `within ${msText(boundMs)}` : `MORE than ${msText(boundMs)}`;
}
