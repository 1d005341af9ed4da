import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { crc32 } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { maxBodyBytes } from '#core/transfer/export-file.ts';
import { reveal, secret } from '#core/values/secret.ts';
import { rejection } from '../../test/support/faults.ts';
import { quickCrypto } from '../../test/support/quick-crypto.ts';
import { openExport, sealExport } from './sealed-export.ts';

type Bytes = Uint8Array<ArrayBuffer>;

const document = readFileSync(join(import.meta.dirname, '../../docs/export-file.md'), 'utf8');
const [, hex = ''] = /```hex\n([^`]+)```/u.exec(document) ?? [];
const [, contents = ''] = /contents `(\{"format":1,"madeAtMs".+\})`/u.exec(document) ?? [];
const vector = Uint8Array.from(Buffer.from(hex.replaceAll('\n', ''), 'hex'));
const passphrase = secret('correct horse battery staple');
const quick = quickCrypto();
const open = (file: Bytes, typed = passphrase) => openExport(file, typed, quick);
const failure = async (file: Bytes, typed = passphrase) =>
  (await rejection(open(file, typed))).code;

/** A copy with one bit changed, whose checksums fit. */
function forged(file: Bytes, at: number): Bytes {
  const bytes = Uint8Array.from(file);
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  const view = new DataView(bytes.buffer);
  view.setUint32(84, crc32(bytes.subarray(0, 84)));
  view.setUint32(bytes.length - 4, crc32(bytes.subarray(88, -4)));
  return bytes;
}

/** Cryptography whose random bytes are counted upwards from a number for each length. */
function withFixedBytes(from: Readonly<Record<number, number>>): Crypto {
  const getRandomValues = (bytes: Uint8Array): Uint8Array => {
    bytes.forEach((_, index) => (bytes[index] = (from[bytes.length] ?? 0) + index));
    return bytes;
  };
  return { subtle: crypto.subtle, getRandomValues } as unknown as Crypto;
}

test('the test vector of the document is opened, and made again byte by byte', async () => {
  expect(reveal(await openExport(vector, passphrase, crypto))).toBe(contents);
  const fixed = withFixedBytes({ 16: 0, 12: 32 });
  expect(await sealExport(secret(contents), passphrase, fixed)).toEqual(vector);
});

test('what is sealed is opened, and has another salt and initialization vector each time', async () => {
  const text = 'ä→🙂'.repeat(1000);
  const [one, other] = await Promise.all(
    [1, 2].map(() => sealExport(secret(text), passphrase, quick)),
  );
  expect(reveal(await open(one ?? vector))).toBe(text);
  expect(one?.slice(20, 48)).not.toEqual(other?.slice(20, 48));
  expect(Buffer.from(one ?? vector).includes('→')).toBe(false);
});

test('what is larger than a file may be is not made', async () => {
  const tagBytes = 16;
  const text = secret('a'.repeat(maxBodyBytes - tagBytes + 1));
  const length = sealExport(text, passphrase, quick).then((file) => file.length);
  expect((await rejection(length)).code).toBe('export_too_large');
});

describe('told apart', () => {
  const made = sealExport(secret(contents), passphrase, quick);

  test.each(['correct horse battery stapl', 'Correct horse battery staple', ''])(
    'the passphrase %j is wrong',
    async (typed) => {
      expect(await failure(await made, secret(typed))).toBe('passphrase_wrong');
    },
  );

  // A header that is changed on purpose gives other keys, or is not what the key check was made of.
  test.each([
    ['the salt', 20, 'passphrase_wrong'],
    ['the initialization vector', 36, 'passphrase_wrong'],
    ['the key check', 52, 'passphrase_wrong'],
    ['the encrypted part', 88, 'file_damaged'],
    ['the tag', 88 + 106, 'file_damaged'],
  ])('%s was changed by somebody who made the checksums fit', async (_, at, code) => {
    expect(await failure(forged(await made, at))).toBe(code);
  });

  test('a changed file is damaged, whatever passphrase is typed', async () => {
    const changed = vector.with(100, (vector[100] ?? 0) ^ 8);
    expect(await failure(changed, secret('wrong passphrase'))).toBe('file_damaged');
  });
});
