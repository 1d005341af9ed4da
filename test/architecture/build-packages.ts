import { existsSync, globSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { packageFolder, targets, type Target } from '../tools/package-graph.ts';
import { runStep } from '../tools/step.ts';

const root = join(import.meta.dirname, '../..');
const sources = [
  'manifest.json',
  'package.json',
  'vite.config.ts',
  '{background,extension,options,popup}/**/*.*',
];

function newestSourceMs(): number {
  const files = globSync(sources, { cwd: root, exclude: (name) => name.includes('.test.') });
  return Math.max(...files.map((file) => statSync(join(root, file)).mtimeMs));
}

function isCurrent(target: Target, newestMs: number): boolean {
  const manifest = join(packageFolder(target), 'manifest.json');
  return existsSync(manifest) && statSync(manifest).mtimeMs >= newestMs;
}

/** Builds the packages whose sources changed since; runs once before the tests that read them. */
export async function setup(): Promise<void> {
  const newestMs = newestSourceMs();
  for (const target of targets.filter((target) => !isCurrent(target, newestMs))) {
    const mode = target === 'firefox' ? 'firefox' : 'production';
    const { isOk, output } = await runStep({
      name: target,
      command: 'vite',
      args: ['build', '--mode', mode, '--logLevel', 'error'],
      env: { NODE_ENV: 'production' },
    });
    if (!isOk) throw new Error(`The ${target} package cannot be built: ${output}`);
  }
}
