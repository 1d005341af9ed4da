/**
 * `npm run test:packages`: packs this commit in two clones, in folders of other names and depths, under another time zone, umask and language, and
 * builds Firefox's package from the source archive without git; then runs `npm run verify` on packages as stores serve them. Ends with 0 when all
 * packages have the same hashes and `verify` tells which were changed. The installed packages are this folder's, copied.
 */
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { zipFiles } from '../e2e/machine/stored-zip.ts';
import { commitToPack, fileName } from './contents.ts';
import { readZip } from './read-zip.ts';

const root = join(import.meta.dirname, '../..');
const work = mkdtempSync(join(tmpdir(), 'threelo-packages-'));

interface Place {
  readonly folder: string;
  readonly umask: string;
  readonly env: Readonly<Record<string, string>>;
}

const places = {
  first: {
    folder: join(work, 'a'),
    umask: '077',
    env: { TZ: 'Pacific/Kiritimati', LC_ALL: 'C', NODE_ENV: 'development' },
  },
  second: {
    folder: join(work, 'another place/deeper/threelo'),
    umask: '002',
    env: { TZ: 'America/St_Johns', LC_ALL: 'tr_TR.UTF-8' },
  },
  unpacked: {
    folder: join(work, 'source'),
    umask: '027',
    env: { TZ: 'Asia/Kathmandu', LC_ALL: 'C.UTF-8' },
  },
} as const satisfies Record<string, Place>;

/** Runs a command there, under its conditions; returns its exit status and what it printed. */
function statusIn(
  { folder, umask, env }: Place,
  ...command: readonly string[]
): [number | null, string] {
  const { status, stdout, stderr } = spawnSync(
    'sh',
    ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command],
    { cwd: folder, env: { ...process.env, ...env }, encoding: 'utf8' },
  );
  return [status, `${stdout}${stderr}`];
}

/** Runs a command there that has to succeed. */
function runIn(place: Place, ...command: readonly string[]): void {
  const [status, output] = statusIn(place, ...command);
  if (status !== 0) throw new Error(`${command.join(' ')}: ${String(status)}\n${output}`);
}

/** Hard links where that is possible: an installation is half a gigabyte. */
function copyInstalled(place: Place): void {
  const from = join(root, 'node_modules');
  runIn(place, 'sh', '-c', 'cp -al "$1" . 2>/dev/null || cp -a "$1" .', 'sh', from);
}

function clone(place: Place, commit: string): void {
  mkdirSync(place.folder, { recursive: true });
  runIn(place, 'git', 'clone', '--quiet', '--no-checkout', root, '.');
  runIn(place, 'git', 'checkout', '--quiet', commit);
  copyInstalled(place);
}

function unpack(place: Place, archive: string): void {
  for (const [name, content] of readZip(readFileSync(archive))) {
    mkdirSync(dirname(join(place.folder, name)), { recursive: true });
    writeFileSync(join(place.folder, name), content);
  }
  copyInstalled(place);
}

/** The checksums that a place came to, by file. */
function sumsOf({ folder }: Place): Map<string, string> {
  const lines = readFileSync(join(folder, 'dist/packages/SHA256SUMS'), 'utf8').trim().split('\n');
  return new Map(
    lines.map((line) => {
      const [hash = '', name = ''] = line.split('  ');
      return [name, hash];
    }),
  );
}

/** A built package as a store serves it: with other members of the manifest, and with more files. */
function served(built: Buffer, members: object, more: Readonly<Record<string, Buffer>>): Buffer {
  const files = readZip(built);
  const manifest = JSON.parse(String(files.get('manifest.json'))) as object;
  files.set('manifest.json', Buffer.from(JSON.stringify({ ...manifest, ...members })));
  for (const [name, content] of Object.entries(more)) files.set(name, content);
  return zipFiles(files);
}

/** A CRX: the zip behind a header, whose content is not read. */
function asCrx(zip: Buffer): Buffer {
  const header = Buffer.from('signatures');
  const lengths = Buffer.alloc(8);
  lengths.writeUInt32LE(3, 0);
  lengths.writeUInt32LE(header.length, 4);
  return Buffer.concat([Buffer.from('Cr24'), lengths, header, zip]);
}

/** Runs `npm run verify` there on files that lie in its folder; returns the names of those that end with another status than expected. */
function wronglyVerified(place: Place): string[] {
  const builtFile = (part: string): Buffer =>
    readFileSync(join(place.folder, 'dist/packages', fileName(part)));
  const update_url = 'https://clients2.google.com/service/update2/crx';
  const crx = served(
    builtFile('chrome'),
    { key: 'k', update_url },
    { '_metadata/verified_contents.json': Buffer.from('[]') },
  );
  const xpi = served(
    builtFile('firefox'),
    {},
    { 'META-INF/mozilla.rsa': Buffer.from('signature') },
  );
  const worker = readZip(builtFile('chrome')).get('service-worker-loader.js') ?? Buffer.alloc(1);
  worker.writeUInt8(worker.readUInt8(0) ^ 1, 0);
  const changed = served(builtFile('chrome'), {}, { 'service-worker-loader.js': worker });
  const cases: readonly (readonly [name: string, content: Buffer, status: number, says: string])[] =
    [
      ['threelo.crx', asCrx(crx), 0, '0 of '],
      ['threelo.xpi', xpi, 0, '0 of '],
      ['changed.zip', changed, 1, 'service-worker-loader.js differs.'],
      ['source.zip', builtFile('source'), 2, 'not a built package'],
    ];
  return cases.flatMap(([name, content, status, says]) => {
    writeFileSync(join(place.folder, name), content);
    const [given, output] = statusIn(place, 'npm', 'run', '--silent', 'verify', '--', name);
    console.log(`verify ${name}: ${String(given)}\n${output.trim()}`);
    return given === status && output.includes(says) ? [] : [name];
  });
}

try {
  const commit = commitToPack();
  const { first, second, unpacked } = places;
  for (const place of [first, second]) {
    clone(place, commit);
    runIn(place, 'npm', 'run', '--silent', 'package');
  }
  unpack(unpacked, join(first.folder, 'dist/packages', fileName('source')));
  runIn(unpacked, 'npm', 'run', '--silent', 'build-for-amo');
  const [expected, again, fromSource] = [sumsOf(first), sumsOf(second), sumsOf(unpacked)];
  const differing = [...expected].filter(
    ([name, hash]) => again.get(name) !== hash || (fromSource.get(name) ?? hash) !== hash,
  );
  for (const [name, hash] of expected) console.log(`${hash}  ${name}`);
  for (const [name] of differing) console.error(`${name} is not the same everywhere.`);
  const wrong = wronglyVerified(first);
  for (const name of wrong) console.error(`verify says something else of ${name} than it should.`);
  const isWhole = expected.size === 5 && fromSource.has(fileName('firefox'));
  console.log(
    `${expected.size} files of commit ${commit}, from two clones; ${fromSource.size} of them from the source archive.`,
  );
  process.exitCode = isWhole && differing.length === 0 && wrong.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
