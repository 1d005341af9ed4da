import { describe, expect, it } from 'vitest';
import { readReport } from './vitest-report.ts';

const passedFile = {
  name: '/somewhere/project/extension/core/time.test.ts',
  status: 'passed',
  assertionResults: [{ fullName: 'adds', status: 'passed', failureMessages: [] }],
};

function report(...testResults: readonly unknown[]): string {
  return JSON.stringify({ numPassedTests: 1, testResults });
}

describe('readReport', () => {
  it('counts what passed', () => {
    expect(readReport('node', report(passedFile), true)).toEqual({
      passed: 1,
      failed: 0,
      failures: [],
    });
  });

  it('names a test that failed, its file in the project, and what it said', () => {
    const file = {
      name: '/somewhere/test-runs/project/test/e2e/kills.e2e.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'loses nothing', status: 'failed', failureMessages: ['Error: lost\n at here'] },
        { fullName: 'ends', status: 'passed' },
      ],
    };
    expect(readReport('chromium', report(passedFile, file), false)).toEqual({
      passed: 1,
      failed: 1,
      failures: ['chromium: test/e2e/kills.e2e.ts: loses nothing\n  Error: lost\n   at here'],
    });
  });

  it('says how much of a long message it left out', () => {
    const lines = Array.from({ length: 32 }, (_, at) => `line ${at}`);
    const file = {
      name: '/p/test/a.test.ts',
      status: 'failed',
      assertionResults: [{ fullName: 'a', status: 'failed', failureMessages: [lines.join('\n')] }],
    };
    const [failure] = readReport('node', report(file), false).failures;
    expect(failure).toContain('line 29\n  (2 more lines)');
    expect(failure).not.toContain('line 30');
  });

  it('counts a file that did not load as one failure', () => {
    const file = {
      name: '/p/test/integration/a.test.ts',
      status: 'failed',
      message: 'no such module',
      assertionResults: [],
    };
    expect(readReport('node', report(file), false).failures).toEqual([
      'node: test/integration/a.test.ts\n  no such module',
    ]);
  });

  it.each([
    ['no report', undefined, 'ended before it could report'],
    ['half a report', '{"numPassed', 'left a report that is not JSON'],
    ['a clean report of a run that ended badly', report(passedFile), 'ended badly'],
  ])('counts %s as one failure', (_what, json, why) => {
    const { failed, failures } = readReport('firefox', json, false);
    expect(failed).toBe(1);
    expect(failures).toEqual([expect.stringContaining(`firefox: ${why}`)]);
  });
});
