/** `npm test`: every phase in order, each also after an earlier one failed; the last line is the sum. */
import { globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { runCheck } from './check.ts';
import { ensureBrowsers } from './e2e/requirements.ts';
import { runStep, seconds, type Outcome } from './step.ts';

interface Count {
  readonly passed: number;
  readonly failed: number;
}

interface VitestReport {
  readonly numPassedTests: number;
  readonly numFailedTests: number;
  readonly testResults: readonly {
    status: string;
    assertionResults: readonly { status: string }[];
  }[];
}

const browsers = ['chromium', 'firefox'] as const;
/** A browser's tests keep one core busy; `THREELO_BROWSERS_AT_ONCE=1` runs them one after the other. */
const browsersAtOnce = Number(
  process.env['THREELO_BROWSERS_AT_ONCE'] ?? Math.min(2, availableParallelism()),
);
const results = 'test-results';

function sum(counts: readonly Count[]): Count {
  return counts.reduce(
    (all, { passed, failed }) => ({ passed: all.passed + passed, failed: all.failed + failed }),
    {
      passed: 0,
      failed: 0,
    },
  );
}

/** What vitest reported; a file that did not load, or a run that ended badly otherwise, is one failure. */
function countOf(file: string, isOk: boolean): Count {
  let report: VitestReport;
  try {
    report = JSON.parse(readFileSync(file, 'utf8')) as VitestReport;
  } catch {
    return { passed: 0, failed: 1 }; // vitest died before it could report
  }
  const unloaded = report.testResults.filter(
    ({ status, assertionResults }) =>
      status === 'failed' && !assertionResults.some((assertion) => assertion.status === 'failed'),
  ).length;
  const failed = report.numFailedTests + unloaded;
  return { passed: report.numPassedTests, failed: failed === 0 && !isOk ? 1 : failed };
}

async function runVitest(
  name: string,
  args: readonly string[],
  options: { isLive?: boolean; env?: Record<string, string> } = {},
): Promise<Outcome & Count> {
  const file = `${results}/${name}.json`;
  const outcome = await runStep(
    {
      name,
      command: 'vitest',
      args: ['run', ...args, '--reporter=default', '--reporter=json', `--outputFile.json=${file}`],
      ...(options.env && { env: options.env }),
    },
    options.isLive,
  );
  return { ...outcome, ...countOf(file, outcome.isOk) };
}

async function check(): Promise<Count> {
  const outcomes = await runCheck();
  const passed = outcomes.filter(({ isOk }) => isOk).length;
  return { passed, failed: outcomes.length - passed };
}

function runNode(): Promise<Count> {
  return runVitest('node', [], { isLive: true });
}

/** What waits for half a minute that a browser does something by itself; it runs beside the others. */
const waiting = 'idle-death';

function runBrowser(browser: string, part: 'busy' | 'waiting'): Promise<Outcome & Count> {
  const files = part === 'waiting' ? [waiting] : ['--exclude', `**/${waiting}.e2e.ts`];
  const name = part === 'waiting' ? `${browser}-${waiting}` : browser;
  return runVitest(name, ['--config', 'vitest.e2e.config.ts', ...files], {
    env: { THREELO_BROWSER: browser },
  });
}

async function runBrowsers(): Promise<Count> {
  if (globSync('test/e2e/**/*.e2e.ts').length === 0)
    throw new Error('There is no test in test/e2e.');
  ensureBrowsers();
  const counts: Count[] = [];
  const runs = browsers.flatMap((browser) => [
    { browser, part: 'busy' } as const,
    { browser, part: 'waiting' } as const,
  ]);
  const started =
    browsersAtOnce > 1 ? runs.map(({ browser, part }) => runBrowser(browser, part)) : [];
  for (const [at, { browser, part }] of runs.entries()) {
    const { output, durationMs, ...count } = await (started[at] ?? runBrowser(browser, part));
    console.log(`\n--- ${browser}, ${part} (${seconds(durationMs)})\n${output.trim()}`);
    counts.push(count);
  }
  return sum(counts);
}

const phases: readonly (readonly [name: string, run: () => Promise<Count>])[] = [
  ['check', check],
  ['unit, stand-in, architecture and integration', runNode],
  ['browsers', runBrowsers],
];

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const counts: Count[] = [];
const times: string[] = [];
for (const [name, run] of phases) {
  console.log(`\n=== ${name}\n`);
  const startMs = performance.now();
  const count = await run().catch((error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    return { passed: 0, failed: 1 };
  });
  counts.push(count);
  times.push(
    `${name}: ${seconds(performance.now() - startMs)}, ${count.passed} passed, ${count.failed} failed`,
  );
}

const { passed, failed } = sum(counts);
console.log(`\n=== times\n\n${times.join('\n')}\n\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
