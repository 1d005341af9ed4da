import { describe, expect, it } from 'vitest';
import { judge, nextRerun } from './rerun.ts';
import type { FileReport, RunReport } from './vitest-report.ts';

const kills = 'test/e2e/kills.e2e.ts';
const idleDeath = 'test/e2e/idle-death.e2e.ts';
const passed = (file: string): FileReport => ({ file, passed: 3, failures: [] });
const failed = (file: string): FileReport => ({
  file,
  passed: 2,
  failures: [{ test: 'loses nothing', message: 'Error: lost\n at here' }],
});
const crashed = (file: string): FileReport => ({
  file,
  passed: 0,
  failures: [{ test: '', message: 'ended before all its tests had run' }],
});
const run = (...files: FileReport[]): RunReport => ({ files, problems: [] });
const reruns = (...files: FileReport[]) => new Map(files.map((file) => [file.file, run(file)]));
const others = passed('test/e2e/main-job.e2e.ts');

describe('a browser file', () => {
  it('that passes is not run again', () => {
    expect(nextRerun(run(others), new Map())).toBeUndefined();
    expect(judge('chromium', run(others), new Map())).toEqual({
      passed: 3,
      failed: 0,
      failures: [],
    });
  });

  it('that fails and then passes is flaky: the run passes, and its tests are counted once', () => {
    const first = run(others, failed(kills));
    expect(nextRerun(first, new Map())).toBe(kills);
    expect(nextRerun(first, reruns(passed(kills)))).toBeUndefined();
    expect(judge('chromium', first, reruns(passed(kills)))).toEqual({
      passed: 6,
      failed: 0,
      failures: [],
      flaky: [`FLAKY: ${kills} (chromium), loses nothing, Error: lost`],
    });
  });

  it('that fails twice has failed, and is reported as in its first run', () => {
    const first = run(others, failed(kills));
    const again = reruns({ ...failed(kills), passed: 0 });
    expect(nextRerun(first, again)).toBeUndefined();
    expect(judge('chromium', first, again)).toEqual({
      passed: 5,
      failed: 1,
      failures: [`chromium: ${kills}: loses nothing\n  Error: lost\n   at here`],
    });
  });

  it('that crashes is run again as one with a failed test is', () => {
    const first = run(others, crashed(kills));
    expect(nextRerun(first, new Map())).toBe(kills);
    expect(judge('firefox', first, reruns(passed(kills))).flaky).toEqual([
      `FLAKY: ${kills} (firefox), the whole file, ended before all its tests had run`,
    ]);
    expect(judge('firefox', first, reruns(crashed(kills)))).toMatchObject({ passed: 3, failed: 1 });
  });

  it.each<[string, RunReport]>([
    ['reports nothing', { files: [], problems: ['ended before it could report'] }],
    ['reports no test', run({ file: kills, passed: 0, failures: [] })],
    ['ends with an error outside of its tests', { files: [passed(kills)], problems: ['error'] }],
  ])('has failed when its second run %s', (_what, again) => {
    const first = run(others, failed(kills));
    const result = judge('firefox', first, new Map([[kills, again]]));
    expect(result).toMatchObject({ passed: 5, failed: 1 });
    expect(result.flaky).toBeUndefined();
  });
});

describe('two failed files of a browser', () => {
  const first = run(failed(kills), others, failed(idleDeath));

  it('are both reported as failures when both pass in their second run', () => {
    expect(nextRerun(first, reruns(passed(kills)))).toBe(idleDeath);
    const again = reruns(passed(kills), passed(idleDeath));
    expect(nextRerun(first, again)).toBeUndefined();
    const result = judge('chromium', first, again);
    expect(result).toMatchObject({ passed: 7, failed: 2 });
    expect(result.failures).toHaveLength(2);
    expect(result.flaky).toBeUndefined();
  });

  it('fail the run when one of them fails twice; the flaky one is named', () => {
    const again = reruns(passed(kills), failed(idleDeath));
    expect(judge('chromium', first, again)).toMatchObject({
      passed: 8,
      failed: 1,
      flaky: [`FLAKY: ${kills} (chromium), loses nothing, Error: lost`],
    });
  });

  it('are not run again after one that failed twice, which has failed the run', () => {
    expect(nextRerun(first, reruns(failed(kills)))).toBeUndefined();
  });
});

it('no file is run again when the run failed for a reason that no file explains', () => {
  const first = { files: [failed(kills)], problems: ['error'] };
  expect(nextRerun(first, new Map())).toBeUndefined();
});
