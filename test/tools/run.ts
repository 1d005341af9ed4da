/** `npm test`: every phase in order, each also after an earlier one failed; the last line is the sum. */
import { existsSync, globSync, mkdirSync, readFileSync, rmSync } from 'node:fs';
import { availableParallelism } from 'node:os';
import { basename } from 'node:path';
import { ensureBrowsers } from '../e2e/machine/requirements.ts';
import { runCheck } from './check.ts';
import { judge, nextRerun } from './rerun.ts';
import { firefoxStartupCache, runStep, seconds, type Outcome } from './step.ts';
import {
  readReport,
  resultOf,
  skippedLines,
  type RunReport,
  type RunResult,
} from './vitest-report.ts';

const browsers = ['chromium', 'firefox'] as const;
/** A browser that runs tests waits for a third of the time, so three keep two cores busy; more only slow each other down. `THREELO_BROWSERS_AT_ONCE=1` runs one at a time. */
const browsersAtOnce = Number(
  process.env['THREELO_BROWSERS_AT_ONCE'] ?? (availableParallelism() > 1 ? 3 : 1),
);
const results = 'test-results';
/** Both browsers leave the same out for the same reason. */
const skipped = new Set<string>();

function sum(results: readonly RunResult[]): Required<RunResult> {
  return {
    passed: results.reduce((all, { passed }) => all + passed, 0),
    failed: results.reduce((all, { failed }) => all + failed, 0),
    failures: results.flatMap(({ failures }) => failures),
    flaky: results.flatMap(({ flaky = [] }) => flaky),
  };
}

function readIfThere(file: string): string | undefined {
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

async function runVitest(
  name: string,
  args: readonly string[],
  options: { isLive?: boolean; env?: Record<string, string> } = {},
): Promise<Outcome & { report: RunReport }> {
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
  return { ...outcome, report: readReport(readIfThere(file), outcome.isOk, outcome.output) };
}

async function check(): Promise<RunResult> {
  const outcomes = await runCheck();
  const failures = outcomes.filter(({ isOk }) => !isOk).map(({ name }) => `check: ${name}`);
  return { passed: outcomes.length - failures.length, failed: failures.length, failures };
}

async function runNode(): Promise<RunResult> {
  return resultOf('node', (await runVitest('node', [], { isLive: true })).report);
}

/** The file that waits for half a minute until the browser ends an idle worker; it runs beside the others. */
const waiting = 'idle-death';
/** Files that run in one process after the other, the longest first; `others` are all that no part names. */
const parts: Readonly<Record<string, readonly string[]>> = {
  views: ['accessibility', 'tasks', 'main-job'],
  others: [],
  windows: ['sign-in-failures', 'questions', 'stealth'],
  systems: ['systems'],
  pages: ['connected-page'],
  kills: ['kills', 'mid-refresh'],
};

async function runBrowser(
  browser: string,
  part: string,
  files: readonly string[],
): Promise<RunReport> {
  const args = ['--config', 'vitest.e2e.config.ts', ...files];
  const { report, durationMs, output } = await runVitest(`${browser}-${part}`, args, {
    env: { THREELO_BROWSER: browser },
  });
  for (const line of skippedLines(output)) skipped.add(line);
  console.log(`\n--- ${browser}, ${part} (${seconds(durationMs)})\n${output.trim()}`);
  return report;
}

/** Runs failed files of one browser again, one after the other. */
async function rerun(browser: string, first: RunReport): Promise<RunResult> {
  const reruns = new Map<string, RunReport>();
  for (let file = nextRerun(first, reruns); file; file = nextRerun(first, reruns)) {
    reruns.set(file, await runBrowser(browser, `again-${basename(file)}`, [file]));
  }
  return judge(browser, first, reruns);
}

interface Ended {
  readonly browser: string;
  readonly report: RunReport;
}

async function runBrowsers(): Promise<RunResult> {
  if (globSync('test/e2e/**/*.e2e.ts').length === 0)
    throw new Error('There is no test in test/e2e.');
  ensureBrowsers();
  await runStep(firefoxStartupCache);
  const named = [waiting, ...Object.values(parts).flat()];
  const rest = named.flatMap((name) => ['--exclude', `**/${name}.e2e.ts`]);
  const ended: Ended[] = [];
  const run = async (browser: string, part: string, files: readonly string[]): Promise<void> => {
    const wanted = files.map((name) => `/${name}.e2e.ts`);
    const report = await runBrowser(browser, part, files.length > 0 ? wanted : rest);
    ended.push({ browser, report });
  };
  // Firefox takes longer than Chromium, so each of its parts begins first.
  const busy = Object.entries(parts).flatMap(([part, files]) =>
    [...browsers].reverse().map((browser) => ({ browser, part, files })),
  );
  const inTurn = async (lane: typeof busy): Promise<void> => {
    for (let next = lane.shift(); next; next = lane.shift())
      await run(next.browser, next.part, next.files);
  };
  const idle = browsers.map((browser) => ({ browser, part: 'waiting', files: [waiting] }));
  if (browsersAtOnce === 1) await inTurn([...idle, ...busy]);
  else
    await Promise.all([
      inTurn(idle),
      ...Array.from({ length: browsersAtOnce }, () => inTurn(busy)),
    ]);
  const judged: RunResult[] = [];
  // A second run has the machine to itself, so it begins after all first runs have ended.
  for (const browser of browsers) {
    const reports = ended.filter((one) => one.browser === browser).map(({ report }) => report);
    const first = {
      files: reports.flatMap(({ files }) => files),
      problems: reports.flatMap(({ problems }) => problems),
    };
    judged.push(await rerun(browser, first));
  }
  return sum(judged);
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

// The sum is last: a reader may see only the end of the output.
const { passed, failed, failures, flaky } = sum(ended);
console.log(`\n=== times\n\n${times.join('\n')}`);
if (failures.length > 0) console.log(`\n=== failed\n\n${failures.join('\n\n')}`);
if (skipped.size > 0) console.log(`\n${[...skipped].join('\n')}`);
if (flaky.length > 0) console.log(`\n${flaky.join('\n')}`);
console.log(`\n${passed} passed, ${failed} failed`);
process.exitCode = failed === 0 ? 0 : 1;
