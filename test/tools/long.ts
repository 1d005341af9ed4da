/** `npm run test:long`: the suites that kill and those with a matrix, with larger counts. Every count and the seed can be set by its variable. */
import { ensureBrowsers } from '../e2e/machine/requirements.ts';
import { shownLanguages } from '../locales/shown-texts.ts';
import { firefoxStartupCache, runStep, seconds, type Step } from './step.ts';
import { skippedLines } from './vitest-report.ts';

const counts = {
  THREELO_KILL_SEED: String(Date.now() % 1_000_000),
  THREELO_SEEDS: '100',
  THREELO_LANGUAGES: shownLanguages.filter((name) => name !== 'en').join(','),
  THREELO_POLICY_PAGES: '9999',
  THREELO_KILLS: '300',
  THREELO_SIGKILLS: '40',
};
const env = Object.fromEntries(
  Object.entries(counts).map(([name, count]) => [name, process.env[name] ?? count]),
);

const inBrowser = (browser: string): Step => ({
  name: `${browser}: deaths of the worker and of the browser, views in every language, and a policy of 10,000 pages that is withdrawn`,
  command: 'vitest',
  args: [
    'run',
    '--config',
    'vitest.e2e.config.ts',
    'kills',
    'languages',
    'policy',
    '--reporter=verbose',
  ],
  env: { ...env, THREELO_BROWSER: browser },
});
const builds: readonly Step[] = ['production', 'firefox'].map((mode) => ({
  name: `build for ${mode}`,
  command: 'vite',
  args: ['build', '--mode', mode, '--logLevel', 'error'],
}));
const integration: Step = {
  name: 'the background stopped at every await point',
  command: 'vitest',
  args: [
    'run',
    '--project',
    'integration',
    'killed',
    'session-model',
    'intermediary',
    '--reporter=verbose',
  ],
  env,
};
const packages: Step = {
  name: 'the packages, from two clones and from the source archive',
  command: 'node',
  args: ['test/packages/reproduce.ts'],
};
const long: Step = {
  name: 'every order of events of a refresh, replayed; and 24 simulated hours with faults and kills',
  command: 'vitest',
  args: ['run', '--project', 'integration', 'refresh-protocol', 'soak', '--reporter=verbose'],
  env,
};

const skipped = new Set<string>();

async function report(step: Step): Promise<boolean> {
  const { isOk, output, durationMs } = await runStep(step);
  for (const line of skippedLines(output)) skipped.add(line);
  console.log(`\n${isOk ? '✓' : '✗'} ${step.name} (${seconds(durationMs)})\n${output.trim()}`);
  return isOk;
}

console.log(
  Object.entries(env)
    .map(([name, value]) => `${name}=${value}`)
    .join(' '),
);
ensureBrowsers();
await runStep(firefoxStartupCache);
const results: boolean[] = [];
for (const build of builds) results.push(await report(build));
results.push(...(await Promise.all([inBrowser('chromium'), inBrowser('firefox')].map(report))));
results.push(await report(integration));
results.push(await report(long));
results.push(await report(packages));
if (skipped.size > 0) console.log(`\n${[...skipped].join('\n')}`);
process.exitCode = results.every(Boolean) ? 0 : 1;
