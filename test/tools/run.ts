/** `npm test`: every phase in order, each also after an earlier one failed; the last line is the sum. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { ensureBrowsers } from '../e2e/machine/requirements.ts';
import { runCheck } from './check.ts';
import { runStep, seconds, type Outcome } from './step.ts';
import { readReport, type RunResult } from './vitest-report.ts';

const browsers = ['chromium', 'firefox'] as const;
/** A browser's tests keep one core busy; `THREELO_BROWSERS_AT_ONCE=1` runs them one after the other. */
const browsersAtOnce = Number(
  process.env['THREELO_BROWSERS_AT_ONCE'] ?? Math.min(2, availableParallelism()),
);
const results = 'test-results';

function sum(results: readonly RunResult[]): RunResult {
  return results.reduce((all, { passed, failed, failures }) => ({
    passed: all.passed + passed,
    failed: all.failed + failed,
    failures: [...all.failures, ...failures],
  }));
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function runVitest(
  name: string,
  args: readonly string[],
  options: { isLive?: boolean; env?: Record<string, string> } = {},
): Promise<Outcome & RunResult> {
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
  return { ...outcome, ...readReport(name, readIfThere(file), outcome.isOk) };
}

async function check(): Promise<RunResult> {
  const outcomes = await runCheck();
  const failures = outcomes.filter(({ isOk }) => !isOk).map(({ name }) => `check: ${name}`);
  return { passed: outcomes.length - failures.length, failed: failures.length, failures };
}

function runNode(): Promise<RunResult> {
  return runVitest('node', [], { isLive: true });
}

/** What waits for half a minute that a browser does something by itself; it runs beside the others. */
const waiting = 'idle-death';

function runBrowser(browser: string, part: 'busy' | 'waiting'): Promise<Outcome & RunResult> {
  const files = part === 'waiting' ? [waiting] : ['--exclude', `**/${waiting}.e2e.ts`];
  const name = part === 'waiting' ? `${browser}-${waiting}` : browser;
  return runVitest(name, ['--config', 'vitest.e2e.config.ts', ...files], {
    env: { THREELO_BROWSER: browser },
  });
}

async function runBrowsers(): Promise<RunResult> {
  if (globSync('test/e2e/**/*.e2e.ts').length === 0)
    throw new Error('There is no test in test/e2e.');
  ensureBrowsers();
  const ended: RunResult[] = [];
  const runs = browsers.flatMap((browser) => [
    { browser, part: 'busy' } as const,
    { browser, part: 'waiting' } as const,
  ]);
  const started =
    browsersAtOnce > 1 ? runs.map(({ browser, part }) => runBrowser(browser, part)) : [];
  for (const [at, { browser, part }] of runs.entries()) {
    const { output, durationMs, ...result } = await (started[at] ?? runBrowser(browser, part));
    console.log(`\n--- ${browser}, ${part} (${seconds(durationMs)})\n${output.trim()}`);
    ended.push(result);
  }
  return sum(ended);
}

const phases: readonly (readonly [name: string, run: () => Promise<RunResult>])[] = [
  ['check', check],
  ['unit, stand-in, architecture and integration', runNode],
  ['browsers', runBrowsers],
];

rmSync(results, { recursive: true, force: true });
mkdirSync(results, { recursive: true });

const ended: RunResult[] = [];
const times: string[] = [];
for (const [name, run] of phases) {
  console.log(`\n=== ${name}\n`);
  const startMs = performance.now();
  const result = await run().catch((error: unknown): RunResult => {
    const why = error instanceof Error ? error.message : String(error);
    return { passed: 0, failed: 1, failures: [`${name}: ${why}`] };
  });
  ended.push(result);
  times.push(
    `${name}: ${seconds(performance.now() - startMs)}, ${result.passed} passed, ${result.failed} failed`,
  );
}

// Last, for who sees only the end of what was printed.
const { passed, failed, failures } = sum(ended);
console.log(`\n=== times\n\n${times.join('\n')}`);
if (failures.length > 0) console.log(`\n=== failed\n\n${failures.join('\n\n')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
