/** Mozilla's linter over the Firefox package. A warning is an error, apart from the one that we know. */
import { packagedText } from './package-graph.ts';
import { runStep } from './step.ts';

interface Finding {
  readonly code: string;
  readonly message: string;
  readonly file?: string;
  readonly line?: number;
}

interface Report {
  readonly errors: readonly Finding[];
  readonly warnings: readonly Finding[];
}

/** Preact assigns innerHTML for a property that `test/architecture/lint-plugin.ts` forbids us to use. */
function isPreact({ code, file }: Finding): boolean {
  return (
    code === 'UNSAFE_VAR_ASSIGNMENT' &&
    file !== undefined &&
    packagedText('firefox', file).includes('dangerouslySetInnerHTML')
  );
}

const { output } = await runStep({
  name: 'web-ext lint',
  command: 'web-ext',
  args: [
    'lint',
    '--source-dir',
    'dist/firefox',
    '--output',
    'json',
    '--no-config-discovery',
    '--no-input',
  ],
});
const json = output.split('\n').find((line) => line.startsWith('{'));
if (json === undefined) throw new Error(`web-ext lint told nothing: ${output}`);

const { errors, warnings } = JSON.parse(json) as Report;
const known = warnings.filter(isPreact);
const findings = [...errors, ...warnings.filter((finding) => !known.includes(finding))];
for (const { code, message, file = 'manifest.json', line = 1 } of findings) {
  console.error(`${file}:${line} ${code}: ${message}`);
}
if (known.length > 1) console.error('innerHTML is assigned more often than Preact does it.');
if (findings.length > 0 || known.length > 1) process.exitCode = 1;
