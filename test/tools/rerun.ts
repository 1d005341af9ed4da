/* A failed browser file is run once more. With its first run failed and its second passed it is flaky; a browser may have one. */
import { resultOf, type FileReport, type RunReport, type RunResult } from './vitest-report.ts';

/** The reports of second runs, by file. */
export type Reruns = ReadonlyMap<string, RunReport>;

const hasFailed = ({ failures }: FileReport): boolean => failures.length > 0;

function rerunOf(file: string, reruns: Reruns): FileReport | undefined {
  return reruns.get(file)?.files.find((report) => report.file === file);
}

function isFlaky(file: string, reruns: Reruns): boolean {
  const again = rerunOf(file, reruns);
  const { problems = [] } = reruns.get(file) ?? {};
  return again !== undefined && !hasFailed(again) && again.passed > 0 && problems.length === 0;
}

/** The next failed file to run again; undefined if there is none, or if no second run can make the run pass. */
export function nextRerun({ files, problems }: RunReport, reruns: Reruns): string | undefined {
  const isLost =
    problems.length > 0 ||
    reruns.size > 1 ||
    [...reruns.keys()].some((file) => !isFlaky(file, reruns));
  return isLost
    ? undefined
    : files.find((report) => hasFailed(report) && !reruns.has(report.file))?.file;
}

/** The result of one browser: one flaky file counts as in its second run; with two of them, both have failed. */
export function judge(browser: string, first: RunReport, reruns: Reruns): RunResult {
  const flaky = first.files.filter((report) => hasFailed(report) && isFlaky(report.file, reruns));
  if (flaky.length !== 1) return resultOf(browser, first);
  const files = first.files.map((report) =>
    flaky.includes(report) ? (rerunOf(report.file, reruns) ?? report) : report,
  );
  const lines = flaky.flatMap(({ file, failures }) =>
    failures.map(({ test, message }) => {
      const [firstLine = ''] = message.trim().split('\n');
      return `FLAKY: ${file} (${browser}), ${test || 'the whole file'}, ${firstLine}`;
    }),
  );
  return { ...resultOf(browser, { ...first, files }), flaky: lines };
}
