import { crc32, deflateSync } from 'node:zlib';

const SIGNATURE = Buffer.from([0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a]);
const EDGE_PIXELS = 48;

/** A small picture (PNG, RGB) whose colour and pattern come from the name. */
export function avatarPng(name: string): Buffer {
  const seed = crc32(name);
  const colour = [seed & 0xff, (seed >> 8) & 0xff, (seed >> 16) & 0xff].map((part) => part % 160);
  const rows = Array.from({ length: EDGE_PIXELS }, (_, y) => {
    const pixels = Array.from({ length: EDGE_PIXELS }, (_, x) => pixel(seed, colour, x, y));
    return Buffer.from([0, ...pixels.flat()]);
  });
  const header = Buffer.alloc(13);
  header.writeUInt32BE(EDGE_PIXELS, 0);
  header.writeUInt32BE(EDGE_PIXELS, 4);
  header.set([8, 2, 0, 0, 0], 8);
  return Buffer.concat([
    SIGNATURE,
    chunk('IHDR', header),
    chunk('IDAT', deflateSync(Buffer.concat(rows))),
    chunk('IEND', Buffer.alloc(0)),
  ]);
}

/** A five by five pattern of blocks, mirrored, inside a margin. */
function pixel(seed: number, colour: readonly number[], x: number, y: number): readonly number[] {
  const column = Math.floor((x - 4) / 8);
  const row = Math.floor((y - 4) / 8);
  const isInside = column >= 0 && column < 5 && row >= 0 && row < 5;
  const bit = row * 3 + Math.min(column, 4 - column);
  return isInside && (seed >>> bit) & 1 ? [255, 255, 255] : colour;
}

function chunk(type: string, data: Buffer): Buffer {
  const body = Buffer.concat([Buffer.from(type, 'latin1'), data]);
  const out = Buffer.alloc(body.length + 8);
  out.writeUInt32BE(data.length, 0);
  body.copy(out, 4);
  out.writeUInt32BE(crc32(body), body.length + 4);
  return out;
}
