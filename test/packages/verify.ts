/** `npm run verify -- <package>`: builds this commit and says which files of the package differ. 0 when there is none. */
import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import project from '../../package.json' with { type: 'json' };
import type { Target } from '../tools/package-graph.ts';
import { differencesOf, type Files } from './compare.ts';
import { buildFiles, commitToCompare } from './contents.ts';
import { NoPackageError, readZip, withoutCrxHeader } from './read-zip.ts';

/** The build that a package is of: Firefox's has its add-on id. Throws when it is of another version. */
function targetOf(files: Files): Target {
  const manifest = files.get('manifest.json');
  if (manifest === undefined) throw new NoPackageError('It has no manifest.json.');
  const parsed = JSON.parse(Buffer.from(manifest).toString('utf8')) as { version?: unknown };
  if (typeof parsed.version !== 'string')
    throw new NoPackageError('It is not a built package: its manifest.json has no version.');
  if (parsed.version !== project.version)
    throw new Error(
      `The package is of version ${parsed.version}, this source of ${project.version}. Check out the tag of that version.`,
    );
  return 'browser_specific_settings' in parsed ? 'firefox' : 'chrome';
}

async function verify(file: string): Promise<boolean> {
  const given = readZip(withoutCrxHeader(readFileSync(file)));
  const target = targetOf(given);
  const commit = commitToCompare();
  const differences = differencesOf(await buildFiles(target), given);
  for (const difference of differences) console.log(difference);
  console.log(
    `${basename(file)}: ${differences.length} of ${given.size} files differ from the ${target} build of ${commit ?? 'this source'}.`,
  );
  return differences.length === 0;
}

const [file, ...more] = process.argv.slice(2);
try {
  if (file === undefined || more.length > 0)
    throw new Error('npm run verify -- <file.zip, file.crx or file.xpi>');
  if (!(await verify(file))) process.exitCode = 1;
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 2;
}
