import { stripVTControlCharacters } from 'node:util';

/** What one run of tests came to, and what to read first when something in it failed. */
export interface RunResult {
  readonly passed: number;
  readonly failed: number;
  /** One entry for each failure: the test, then the first lines of its message. */
  readonly failures: readonly string[];
  /** One line for each failed test of a file that passed when it was run again. */
  readonly flaky?: readonly string[];
}

/** One failed test; `test` is empty when the file failed as a whole: it did not load, its process crashed, or an error came from outside of its tests. */
interface Failure {
  readonly test: string;
  readonly message: string;
}

/** The outcome of one test file. */
export interface FileReport {
  readonly file: string;
  readonly passed: number;
  readonly failures: readonly Failure[];
}

/** The outcome of one run. */
export interface RunReport {
  readonly files: readonly FileReport[];
  /** Why the run failed, if no file explains it. */
  readonly problems: readonly string[];
}

/** The part of vitest's JSON report (its reporter `json`) that is read here. */
interface VitestReport {
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

const CRASHED = 'ended before all its tests had run';
const OUTSIDE = 'ended with an error outside of its tests; see what it printed above';

function fileReport(result: VitestReport['testResults'][number]): FileReport {
  const { name, status, message = '', assertionResults } = result;
  const failures = assertionResults
    .filter((assertion) => assertion.status === 'failed')
    .map(({ fullName, failureMessages }) => ({
      test: fullName,
      message: (failureMessages ?? []).join('\n'),
    }));
  if (failures.length === 0 && status === 'failed')
    failures.push({ test: '', message: message || CRASHED });
  return {
    file: name.replace(/^.*?\/(?=(?:background|extension|options|popup|test)\/)/, ''),
    passed: assertionResults.filter((assertion) => assertion.status === 'passed').length,
    failures,
  };
}

/** The number of errors outside of tests, from vitest's summary: its JSON report leaves them out. */
function unhandledErrors(output: string): number {
  return Number(/^ *Errors +(\d+) errors?$/m.exec(stripVTControlCharacters(output))?.[1] ?? 0);
}

/** The files in which errors outside of tests originated, as vitest prints it. */
function originsOfErrors(output: string): readonly string[] {
  const text = stripVTControlCharacters(output);
  const found = text.matchAll(/^This error originated in "(.+)" test file\./gm);
  return [...found].map(([, file = '']) => file);
}

/** What a run left out and why: the lines of its output that begin with `SKIPPED: `. */
export function skippedLines(output: string): readonly string[] {
  return stripVTControlCharacters(output).match(/^SKIPPED: .+$/gm) ?? [];
}

/** Reads the report of one run. `output` is what the run printed, if that was kept. */
export function readReport(json: string | undefined, isOk: boolean, output = ''): RunReport {
  if (json === undefined) return { files: [], problems: ['ended before it could report'] };
  let report: VitestReport;
  try {
    report = JSON.parse(json) as VitestReport;
  } catch {
    return { files: [], problems: ['left a report that is not JSON'] };
  }
  const files = report.testResults.map(fileReport);
  // A crash is one unhandled error, and the file that it ended is one of the failed files.
  const crashes = files.filter(({ failures }) => failures[0]?.message === CRASHED).length;
  const failed = files.filter(({ failures }) => failures.length > 0);
  const isExplained = failed.length > 0 && unhandledErrors(output) <= crashes;
  if (isOk || isExplained) return { files, problems: [] };
  // What a failed test left behind may cause it, so it counts with the file, and a second run of the file decides about both.
  const origins = originsOfErrors(output);
  const origin = failed.find(({ file }) => origins.includes(file));
  if (origin === undefined || !origins.every((one) => failed.some(({ file }) => file === one)))
    return { files, problems: [OUTSIDE] };
  const failures = [...origin.failures, { test: '', message: OUTSIDE }];
  return {
    files: files.map((file) => (file === origin ? { ...origin, failures } : file)),
    problems: [],
  };
}

const MAX_LINES = 30;

function failureText(title: string, text: string): string {
  const lines = text.trim().split('\n');
  const shown = lines.slice(0, MAX_LINES);
  if (lines.length > shown.length) shown.push(`(${lines.length - shown.length} more lines)`);
  return [title, ...shown].join('\n  ').trim();
}

/** Counts a report, and words its failures; `run` is how they name the run. */
export function resultOf(run: string, { files, problems }: RunReport): RunResult {
  const failures = files.flatMap(({ file, failures }) =>
    failures.map(({ test, message }) =>
      failureText([run, file, test].filter(Boolean).join(': '), message),
    ),
  );
  failures.push(...problems.map((problem) => `${run}: ${problem}`));
  const passed = files.reduce((sum, file) => sum + file.passed, 0);
  return { passed, failed: failures.length, failures };
}
