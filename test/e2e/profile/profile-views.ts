import { existsSync, readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { brotliDecompressSync, gunzipSync, zstdDecompressSync } from 'node:zlib';
import {
  decodeFramedSnappy,
  decodeLevelDbTable,
  decodeMozLz4,
  decodeSnappy,
} from './block-decoders.ts';

/** One way to read a file of a profile. */
export interface ProfileView {
  /** Path within the profile. */
  readonly file: string;
  readonly as:
    'bytes' | 'leveldb' | 'lz4' | 'gzip' | 'zstd' | 'brotli' | 'sqlite' | 'sqlite, snappy';
  readonly bytes: Uint8Array;
}

/**
 * Reads every file of a profile that no browser uses any more, as its bytes and, where a browser compresses, decoded:
 *
 * - LevelDB: logs are plain; tables (`.ldb`) block by block, Snappy included;
 * - SQLite: every value of every row, as it is and, where it is one, as the Snappy block it holds (values of Firefox's IndexedDB,
 *   which `storage.local` lies in). Deleted rows and older pages are read as bytes only: Snappy keeps random text whole there, but
 *   may break up text of two bytes per character;
 * - Firefox's session files (mozLz4), its large IndexedDB values (framed Snappy), and whatever begins as gzip or zstd does;
 * - cached bodies in Brotli, which has no magic: tried on every file of a cache.
 *
 * A file of a known kind that cannot be read is an error, because a search of it would find nothing.
 */
export function* profileViews(profileDir: string): Generator<ProfileView> {
  const files = readdirSync(profileDir, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(profileDir, path.join(entry.parentPath, entry.name)));
  // All bytes first: opening a database folds its write-ahead log into it.
  for (const file of files)
    yield { file, as: 'bytes', bytes: readFileSync(path.join(profileDir, file)) };
  for (const file of files) {
    const absolute = path.join(profileDir, file);
    if (!existsSync(absolute)) continue; // a write-ahead log that is folded in by now
    try {
      for (const view of decodedViews(absolute, readFileSync(absolute))) yield { file, ...view };
    } catch (error) {
      throw new Error(`${file} cannot be read`, { cause: error });
    }
  }
}

function* decodedViews(absolute: string, bytes: Buffer): Generator<Omit<ProfileView, 'file'>> {
  const begins = (...magic: number[]): boolean =>
    bytes.subarray(0, magic.length).equals(Buffer.from(magic));
  if (absolute.endsWith('.ldb') && bytes.length > 0)
    yield { as: 'leveldb', bytes: decodeLevelDbTable(bytes) };
  if (bytes.subarray(0, 8).toString('latin1') === 'mozLz40\0')
    yield { as: 'lz4', bytes: decodeMozLz4(bytes) };
  if (begins(0xff, 6, 0, 0, 0x73)) yield { as: 'sqlite, snappy', bytes: decodeFramedSnappy(bytes) };
  if (begins(0x1f, 0x8b)) yield { as: 'gzip', bytes: gunzipSync(bytes) };
  if (begins(0x28, 0xb5, 0x2f, 0xfd)) yield { as: 'zstd', bytes: zstdDecompressSync(bytes) };
  if (/cache/iu.test(absolute)) {
    const plain = tried(() => brotliDecompressSync(bytes, { maxOutputLength: 1 << 26 }));
    if (plain) yield { as: 'brotli', bytes: plain };
  }
  if (bytes.subarray(0, 15).toString('latin1') === 'SQLite format 3') yield* rowViews(absolute);
}

function* rowViews(absolute: string): Generator<Omit<ProfileView, 'file'>> {
  const database = new DatabaseSync(absolute, { readOnly: false });
  const plain: Uint8Array[] = [];
  const unpacked: Uint8Array[] = [];
  try {
    const tables = database
      .prepare(
        "select name from sqlite_schema where type = 'table' and sql not like 'create virtual%'",
      )
      .all();
    for (const { name } of tables) {
      const rows = database.prepare(`select * from "${String(name)}"`);
      rows.setReadBigInts(true);
      for (const row of rows.iterate()) {
        for (const value of Object.values(row)) {
          if (typeof value === 'string') plain.push(Buffer.from(value, 'utf8'));
          if (!(value instanceof Uint8Array)) continue;
          plain.push(value);
          const text = tried(() => decodeSnappy(value));
          if (text) unpacked.push(text);
        }
      }
    }
  } finally {
    database.close();
  }
  yield { as: 'sqlite', bytes: Buffer.concat(plain) };
  yield { as: 'sqlite, snappy', bytes: Buffer.concat(unpacked) };
}

/** What a guess came to, undefined when the guess was wrong. */
function tried(decode: () => Uint8Array): Uint8Array | undefined {
  try {
    return decode();
  } catch {
    // It was not of that format, which is what the guess was to find out.
    return undefined;
  }
}
