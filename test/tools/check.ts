/** `npm run check`: everything that needs no test and no network. */
import { runStep, seconds, type Outcome, type Step } from './step.ts';

const build = (target: string): Step => ({
  name: `build dist/${target}`,
  command: 'vite',
  args: ['build', '--mode', target === 'firefox' ? 'firefox' : 'production', '--logLevel', 'error'],
});

const pageClient: Step = {
  name: 'build dist/page-client',
  command: 'vite',
  args: ['build', '--config', 'vite.page-client.config.ts', '--logLevel', 'error'],
};

/** Two lanes for two cores, of about the same length; within a lane a step may use what an earlier one made. */
const lanes: readonly (readonly Step[])[] = [
  [
    { name: 'lint', command: 'oxlint' },
    // One thread takes less time of the processor than several, and the other lane has the other core.
    { name: 'types', command: 'tsc', args: ['--build', '--singleThreaded'] },
    { name: 'unused files, exports and packages', command: 'knip', args: ['--no-progress'] },
  ],
  [
    { name: 'format', command: 'prettier', args: ['--check', '--log-level', 'warn', '.'] },
    { name: 'licences', command: 'node', args: ['test/packages/check-licenses.ts'] },
    build('chrome'),
    build('firefox'),
    pageClient,
    { name: 'Firefox package', command: 'node', args: ['test/tools/lint-firefox.ts'] },
    { name: 'size', command: 'size-limit' },
  ],
];

function report({ name, isOk, output, durationMs }: Outcome): void {
  console.log(`${isOk ? '✓' : '✗'} ${name} (${seconds(durationMs)})`);
  if (!isOk) console.log(output.trim());
}

async function runLane(lane: readonly Step[]): Promise<Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const step of lane) {
    const outcome = await runStep(step);
    report(outcome);
    outcomes.push(outcome);
    // The steps that read the package would otherwise check an old one.
    if (!outcome.isOk && step.command === 'vite') break;
  }
  return outcomes;
}

/** Runs every step, also after one failed, unless it needs what that one makes. */
export async function runCheck(): Promise<Outcome[]> {
  return (await Promise.all(lanes.map(runLane))).flat();
}

if (import.meta.main) {
  const failed = (await runCheck()).filter(({ isOk }) => !isOk);
  if (failed.length > 0) {
    console.error(`\nFailed: ${failed.map(({ name }) => name).join(', ')}.`);
    process.exitCode = 1;
  }
}
