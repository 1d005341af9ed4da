import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { crc32 } from 'node:zlib';

const LOCAL_HEADER = 0x04034b50;
const CENTRAL_HEADER = 0x02014b50;
const END_OF_CENTRAL = 0x06054b50;
const VERSION = 20;
const UTF8_NAMES = 0x0800;
/** 1 January 1980, the first day a zip can name: the same files give the same bytes. */
const DOS_DATE = 0x0021;

/** Packs a directory into a zip without compression, which is all that an XPI needs. */
export function zipDirectory(directory: string): Buffer {
  const names = readdirSync(directory, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) =>
      path.relative(directory, path.join(entry.parentPath, entry.name)).split(path.sep).join('/'),
    );
  return zipFiles(new Map(names.map((name) => [name, readFileSync(path.join(directory, name))])));
}

/** Packs files, by their names with `/`, into a zip without compression: the same bytes for the same files, in whatever order they come. */
export function zipFiles(files: ReadonlyMap<string, Uint8Array>): Buffer {
  const bodies: Uint8Array[] = [];
  const central: Buffer[] = [];
  let offset = 0;
  for (const name of [...files.keys()].sort()) {
    const data = files.get(name) ?? Buffer.of();
    const nameBytes = Buffer.from(name, 'utf8');
    const common = Buffer.alloc(26); // what both headers share: version needed … length of the extra field
    common.writeUInt16LE(VERSION, 0);
    common.writeUInt16LE(UTF8_NAMES, 2);
    common.writeUInt16LE(DOS_DATE, 8);
    common.writeUInt32LE(crc32(data), 10);
    common.writeUInt32LE(data.length, 14);
    common.writeUInt32LE(data.length, 18);
    common.writeUInt16LE(nameBytes.length, 22);
    bodies.push(uint32(LOCAL_HEADER), common, nameBytes, data);
    const tail = Buffer.alloc(14); // comment, disk, attributes: all zero; then where the local header stands
    tail.writeUInt32LE(offset, 10);
    central.push(uint32(CENTRAL_HEADER), uint16(VERSION), common, tail, nameBytes);
    offset += 4 + common.length + nameBytes.length + data.length;
  }
  const directoryBytes = Buffer.concat(central);
  const end = Buffer.alloc(18);
  end.writeUInt16LE(files.size, 4);
  end.writeUInt16LE(files.size, 6);
  end.writeUInt32LE(directoryBytes.length, 8);
  end.writeUInt32LE(offset, 12);
  return Buffer.concat([...bodies, directoryBytes, uint32(END_OF_CENTRAL), end]);
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4);
  bytes.writeUInt32LE(value);
  return bytes;
}

function uint16(value: number): Buffer {
  const bytes = Buffer.alloc(2);
  bytes.writeUInt16LE(value);
  return bytes;
}
