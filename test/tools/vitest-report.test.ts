import { describe, expect, it } from 'vitest';
import { readReport, resultOf, skippedLines, type RunResult } from './vitest-report.ts';

const passedFile = {
  name: '/somewhere/project/extension/core/time.test.ts',
  status: 'passed',
  assertionResults: [{ fullName: 'adds', status: 'passed', failureMessages: [] }],
};

function report(...testResults: readonly unknown[]): string {
  return JSON.stringify({ testResults });
}

function read(run: string, json: string | undefined, isOk: boolean, output?: string): RunResult {
  return resultOf(run, readReport(json, isOk, output));
}

describe('readReport', () => {
  it('counts passed tests', () => {
    expect(read('node', report(passedFile), true)).toEqual({
      passed: 1,
      failed: 0,
      failures: [],
    });
  });

  it('names a failed test, its file in the project, and its message', () => {
    const file = {
      name: '/somewhere/test-runs/project/test/e2e/kills.e2e.ts',
      status: 'failed',
      assertionResults: [
        { fullName: 'loses nothing', status: 'failed', failureMessages: ['Error: lost\n at here'] },
        { fullName: 'ends', status: 'passed' },
      ],
    };
    expect(read('chromium', report(passedFile, file), false)).toEqual({
      passed: 2,
      failed: 1,
      failures: ['chromium: test/e2e/kills.e2e.ts: loses nothing\n  Error: lost\n   at here'],
    });
  });

  it('gives the number of lines that it leaves out of a long message', () => {
    const lines = Array.from({ length: 32 }, (_, at) => `line ${at}`);
    const file = {
      name: '/p/test/a.test.ts',
      status: 'failed',
      assertionResults: [{ fullName: 'a', status: 'failed', failureMessages: [lines.join('\n')] }],
    };
    const [failure] = read('node', report(file), false).failures;
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
    expect(read('node', report(file), false).failures).toEqual([
      'node: test/integration/a.test.ts\n  no such module',
    ]);
  });

  it('counts a file whose process crashed as one failure', () => {
    const file = {
      name: '/p/test/e2e/kills.e2e.ts',
      status: 'failed',
      message: '',
      assertionResults: [
        { fullName: 'one', status: 'passed' },
        { fullName: 'two', status: 'pending' },
      ],
    };
    const summary = '\n     \u001B[31mErrors\u001B[39m  1 error\n';
    expect(read('chromium', report(file), false, summary)).toEqual({
      passed: 1,
      failed: 1,
      failures: ['chromium: test/e2e/kills.e2e.ts\n  ended before all its tests had run'],
    });
  });

  it('counts an error outside of tests with the file that has a failed test, which can be run again', () => {
    const file = {
      name: '/p/test/e2e/kills.e2e.ts',
      status: 'failed',
      assertionResults: [{ fullName: 'one', status: 'failed', failureMessages: ['no'] }],
    };
    const errors = (...origins: readonly string[]): string =>
      [
        ...origins.map((one) => `\u001B[31mThis error originated in "${one}" test file. It`),
        `  Errors  ${String(origins.length)} errors\n`,
      ].join('\n');
    const output = errors('test/e2e/kills.e2e.ts', 'test/e2e/kills.e2e.ts');
    expect(readReport(report(passedFile, file), false, output).problems).toEqual([]);
    expect(read('chromium', report(passedFile, file), false, output)).toEqual({
      passed: 1,
      failed: 2,
      failures: [
        'chromium: test/e2e/kills.e2e.ts: one\n  no',
        'chromium: test/e2e/kills.e2e.ts\n  ended with an error outside of its tests; see what it printed above',
      ],
    });
    // That of a file that passed is not explained by one that failed.
    for (const other of [
      errors('extension/core/time.test.ts', 'test/e2e/kills.e2e.ts'),
      '\n  Errors  1 error\n',
    ])
      expect(readReport(report(passedFile, file), false, other).problems).toHaveLength(1);
  });

  it.each([
    ['no report', undefined, 'ended before it could report'],
    ['half a report', '{"numPassed', 'left a report that is not JSON'],
    [
      'a clean report of a run that ended badly',
      report(passedFile),
      'ended with an error outside of its tests',
    ],
  ])('counts %s as one failure', (_what, json, why) => {
    const { failed, failures } = read('firefox', json, false);
    expect(failed).toBe(1);
    expect(failures).toEqual([expect.stringContaining(`firefox: ${why}`)]);
  });
});

it('finds what a run left out among what it printed', () => {
  const line = 'SKIPPED: policy.e2e.ts: no mount namespace of its own';
  const output = `\u001B[90mstderr\u001B[2m | test/e2e/policy.e2e.ts\n\u001B[22m\u001B[39m${line}\n\n1 passed\n`;
  expect(skippedLines(output)).toEqual([line]);
  expect(skippedLines('1 passed\n')).toEqual([]);
});
