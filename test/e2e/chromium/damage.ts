import { appendFileSync, globSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';

const blockBytes = 32_768;
/** A checksum that is wrong, a length of 256 bytes, and the type of a record that is whole. */
const header = Buffer.from([0x74, 0x68, 0x72, 0x65, 0x00, 0x01, 0x01]);

/**
 * Leaves the header of a record without its content at the end of the log of the extension's IndexedDB, as a kill between the two
 * writes does that Chromium makes of a record. The next start appends to it; the start after that deletes the database.
 * @returns whether Chromium has kept the header in the database
 * @see https://github.com/google/leveldb/blob/main/doc/log_format.md
 */
export function cutRecord(profileDir: string): () => boolean {
  const database = 'IndexedDB/chrome-extension_*';
  const logs = globSync(`${profileDir}/Default/${database}/*.log`).sort();
  const log = logs.at(-1);
  if (log === undefined) throw new Error('Chromium has no IndexedDB of the extension');
  // No record begins in the last bytes of a block.
  if (blockBytes - (statSync(log).size % blockBytes) <= header.length) return () => false;
  appendFileSync(log, header);
  const { dir } = path.parse(log);
  return () => globSync(`${dir}/*.log`).some((file) => readFileSync(file).includes(header));
}

/** Deletes the extension's IndexedDB, as Chromium does when it is damaged. */
export function deleteKeys(profileDir: string): void {
  const [database, ...others] = globSync(`${profileDir}/Default/IndexedDB/chrome-extension_*`);
  if (database === undefined || others.length > 0)
    throw new Error('not one IndexedDB of an extension');
  rmSync(database, { recursive: true });
}
