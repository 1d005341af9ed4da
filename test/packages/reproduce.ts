/**
 * `npm run test:packages`: packs this commit in two clones, in folders of other names and depths, under another time zone, umask and language, and
 * builds Firefox's package from the source archive without git; ends with 0 when all have the same hashes. The installed packages are this folder's, copied.
 */
import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cleanCommit, fileName, git } from './contents.ts';
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

/** Runs a command there, under its conditions. */
function runIn({ folder, umask, env }: Place, ...command: readonly string[]): void {
  execFileSync('sh', ['-c', `umask ${umask}; exec "$@"`, 'sh', ...command], {
    cwd: folder,
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
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

try {
  const commit = cleanCommit() ?? git('rev-parse', 'HEAD').toString();
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
  const isWhole = expected.size === 5 && fromSource.has(fileName('firefox'));
  console.log(
    `${expected.size} files of commit ${commit}, from two clones; ${fromSource.size} of them from the source archive.`,
  );
  process.exitCode = isWhole && differing.length === 0 ? 0 : 1;
} finally {
  rmSync(work, { recursive: true, force: true });
}
