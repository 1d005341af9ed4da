import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { pageClientFolder, packageFolder, targets } from '../tools/package-graph.ts';
import { runStep } from '../tools/step.ts';

const root = join(import.meta.dirname, '../..');
const sources = [
  'manifest.json',
  'package.json',
  'LICENSE',
  'vite.config.ts',
  'package-lock.json',
  'test/packages/licenses.ts',
  'vite.page-client.config.ts',
  '{background,extension,options,popup}/**/*.*',
];

function newestSourceMs(): number {
  const files = globSync(sources, { cwd: root, exclude: (name) => name.includes('.test.') });
  return Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs));
}

/** Each package: the file that is written at the end of its build, and the arguments of the build. */
const packages: readonly (readonly [last: string, args: readonly string[]])[] = [
  ...targets.map((target) => {
    const mode = target === 'firefox' ? 'firefox' : 'production';
    return [join(packageFolder(target), 'manifest.json'), ['--mode', mode]] as const;
  }),
  [join(pageClientFolder, 'package.json'), ['--config', 'vite.page-client.config.ts']],
];

function isCurrent(file: string, newestMs: number): boolean {
  return existsSync(file) && statSync(file).mtimeMs >= newestMs;
}

/** Builds the packages whose sources changed since; runs once before the tests that read them. */
export async function setup(): Promise<void> {
  const newestMs = newestSourceMs();
  for (const [file, args] of packages.filter(([file]) => !isCurrent(file, newestMs))) {
    const { isOk, output } = await runStep({
      name: file,
      command: 'vite',
      args: ['build', ...args, '--logLevel', 'error'],
      env: { NODE_ENV: 'production' },
    });
    if (!isOk) throw new Error(`${file} cannot be built: ${output}`);
  }
}
