import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { storeManifest, type Manifest } from '../../extension/manifest-for.ts';
import project from '../../package.json' with { type: 'json' };
import { buildExtension } from '../tools/build.ts';
import { packageFolder, packagedFiles, type Target } from '../tools/package-graph.ts';
import type { Files } from './compare.ts';

const root = join(import.meta.dirname, '../..');

/** Where the packages are written. */
export const folder = join(root, 'dist/packages');

/** The stores, each with the build that it takes. */
export const stores = { chrome: 'chrome', edge: 'chrome', firefox: 'firefox' } as const;
export type Store = keyof typeof stores;

/** `threelo-chrome-1.2.3.zip` */
export function fileName(part: string, extension = 'zip'): string {
  return `${project.name}-${part}-${project.version}.${extension}`;
}

/** Builds for a browser, and resolves to the files that its stores take. */
export async function buildFiles(target: Target): Promise<Files> {
  await buildExtension(target === 'firefox' ? 'firefox' : 'chromium');
  return new Map(
    packagedFiles(target).map((name) => {
      const bytes = readFileSync(join(packageFolder(target), name));
      return [name, name === 'manifest.json' ? stored(bytes) : bytes];
    }),
  );
}

function stored(bytes: Buffer): Buffer {
  const manifest = storeManifest(JSON.parse(bytes.toString('utf8')) as Manifest);
  return Buffer.from(`${JSON.stringify(manifest, null, 2)}\n`);
}

/** What git prints, as bytes. Throws its standard error. */
export function git(...args: readonly string[]): Buffer {
  const { status, stdout, stderr } = spawnSync('git', args, {
    cwd: root,
    // Times in a zip are local ones.
    env: { ...process.env, TZ: 'UTC' },
    maxBuffer: 1 << 30,
  });
  if (status !== 0) throw new Error(`git ${args.join(' ')}: ${stderr.toString()}`);
  return stdout;
}

/** The commit; undefined in the unpacked source archive. Throws, with what to do, when `git status` lists files. */
function commitWhenUnchanged(whatToDo: string, ...options: readonly string[]): string | undefined {
  if (!existsSync(join(root, '.git'))) return undefined;
  const changed = git('status', '--porcelain', ...options).toString();
  if (changed !== '') throw new Error(`${whatToDo}\n${changed}`);
  return git('rev-parse', 'HEAD').toString().trim();
}

/** The commit to pack. Throws in the unpacked source archive, and when files differ from the commit or are in none. */
export function commitToPack(): string {
  const commit = commitWhenUnchanged('Commit first: what is packed has to be what the commit has.');
  if (commit !== undefined) return commit;
  throw new Error('The source archive is made from a clone: npm run build-for-amo, or clone it.');
}

/**
 * The commit to compare a package with; undefined in the unpacked source archive. Throws when files differ from it. Files that are in
 * no commit may be there, such as the package itself: one that the build reads makes a difference.
 */
export function commitToCompare(): string | undefined {
  return commitWhenUnchanged(
    'Commit or restore these files first: a package is compared with what the commit has.',
    '--untracked-files=no',
  );
}
