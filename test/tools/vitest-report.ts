/** What one run of tests came to, and what to read first when something in it failed. */
export interface RunResult {
  readonly passed: number;
  readonly failed: number;
  /** One entry for each failure: which test it was, then the first lines of what it said. */
  readonly failures: readonly string[];
}

/** The part of vitest's JSON report (its reporter `json`) that is read here. */
interface VitestReport {
  readonly numPassedTests: number;
  readonly testResults: readonly {
    readonly name: string;
    readonly status: string;
    readonly message?: string;
    readonly assertionResults: readonly {
      readonly fullName: string;
      readonly status: string;
      readonly failureMessages?: readonly string[] | null;
    }[];
  }[];
}

const MAX_LINES = 30;

function failure(title: string, text: string): string {
  const lines = text.trim().split('\n');
  const shown = lines.slice(0, MAX_LINES);
  if (lines.length > shown.length) shown.push(`(${lines.length - shown.length} more lines)`);
  return [title, ...shown].join('\n  ').trim();
}

function failuresOf(run: string, { testResults }: VitestReport): string[] {
  return testResults.flatMap(({ name, status, message = '', assertionResults }) => {
    const file = name.replace(/^.*?\/(?=(?:background|extension|options|popup|test)\/)/, '');
    const failed = assertionResults.filter((assertion) => assertion.status === 'failed');
    // A file that did not load has no test to blame.
    if (failed.length === 0)
      return status === 'failed' ? [failure(`${run}: ${file}`, message)] : [];
    return failed.map(({ fullName, failureMessages }) =>
      failure(`${run}: ${file}: ${fullName}`, (failureMessages ?? []).join('\n')),
    );
  });
}

/** Reads the report of the run called `run`; one that cannot be read, or hides why the run ended badly, is one failure. */
export function readReport(run: string, json: string | undefined, isOk: boolean): RunResult {
  const died = (why: string): RunResult => ({
    passed: 0,
    failed: 1,
    failures: [`${run}: ${why}`],
  });
  if (json === undefined) return died('ended before it could report');
  let report: VitestReport;
  try {
    report = JSON.parse(json) as VitestReport;
  } catch {
    return died('left a report that is not JSON');
  }
  const failures = failuresOf(run, report);
  if (failures.length === 0 && !isOk)
    failures.push(`${run}: ended badly though no test failed; see what it printed above`);
  return { passed: report.numPassedTests, failed: failures.length, failures };
}
