/**
 * `npm run package`: the packages of all stores, the source archive, the bill of materials and the checksums, in `dist/packages/`. With names
 * of stores after `--`, those packages alone; that works in the unpacked source archive too.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import project from '../../package.json' with { type: 'json' };
import { zipFiles } from '../e2e/machine/stored-zip.ts';
import { namedOrAll, refuseUnknown } from '../tools/named-arguments.ts';
import { targets } from '../tools/package-graph.ts';
import type { Files } from './compare.ts';
import { buildFiles, commitToPack, fileName, folder, git, stores, type Store } from './contents.ts';
import { containedPackages } from './licenses.ts';
import { readZip } from './read-zip.ts';
import { makeBom } from './sbom.ts';

const storeNames = Object.keys(stores) as Store[];
const args = process.argv.slice(2);
const wanted = namedOrAll(storeNames, args);
const isWhole = args.length === 0;

const written: [name: string, hash: string][] = [];

function write(name: string, content: Uint8Array): void {
  writeFileSync(join(folder, name), content);
  written.push([name, createHash('sha256').update(content).digest('hex')]);
}

/** Every file of the commit, without the times and modes that git gives them. */
function sourceFiles(): Files {
  return readZip(git('archive', '--format=zip', '-0', 'HEAD'));
}

async function packAll(): Promise<void> {
  const commit = isWhole ? commitToPack() : undefined;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  const contained = new Set<string>();
  for (const target of targets.filter((one) => wanted.some((store) => stores[store] === one))) {
    const files = await buildFiles(target);
    containedPackages(String(files.get('licenses.txt'))).forEach((name) => contained.add(name));
    const zip = zipFiles(files);
    for (const store of wanted) if (stores[store] === target) write(fileName(store), zip);
  }
  if (isWhole) {
    write(fileName('source'), zipFiles(sourceFiles()));
    write(`${project.name}-${project.version}.cdx.json`, Buffer.from(await makeBom(contained)));
  }
  const sums = written
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([name, hash]) => `${hash}  ${name}\n`)
    .join('');
  writeFileSync(join(folder, 'SHA256SUMS'), sums);
  console.log(
    `${relative('', folder)}${commit === undefined ? '' : `, of commit ${commit}`}\n${sums}`,
  );
}

try {
  refuseUnknown(args, storeNames, { script: 'package', kinds: 'Not a store' });
  await packAll();
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exitCode = 1;
}
