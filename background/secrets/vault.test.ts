import { expect, test } from 'vitest';
import { reveal, secret } from '#core/values/secret.ts';
import type { Sealed } from '#storage/sealed.ts';
import { rejection } from '../../test/support/faults.ts';
import { memoryKeyStore } from '../../test/support/memory-key-store.ts';
import { boundFormat, createVault, type Binding } from './vault.ts';

const vault = createVault(memoryKeyStore(), crypto);
const binding: Binding = { entity: 'session:1', field: 'refreshToken', generation: 3 };
const flipped = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

test.each(['token', '', 'ä→🙂', 'x'.repeat(100_000)])(
  'an encrypted secret is decrypted in its place',
  async (text) => {
    expect(reveal(await vault.decrypt(await vault.encrypt(secret(text), binding), binding))).toBe(
      text,
    );
  },
);

test('a ciphertext does not contain the secret, and each one has a new initialization vector', async () => {
  const ciphertexts = await Promise.all(
    Array.from({ length: 50 }, () => vault.encrypt(secret('canary'), binding)),
  );
  expect(JSON.stringify(ciphertexts)).not.toContain('canary');
  expect(new Set(ciphertexts.map(({ iv }) => iv)).size).toBe(50);
  for (const { iv } of ciphertexts) expect(Buffer.from(iv, 'base64url')).toHaveLength(12);
});

test.each<[string, Partial<Binding>]>([
  ['another entity', { entity: 'session:2' }],
  ['another field', { field: 'accessToken' }],
  ['an earlier generation', { generation: 2 }],
  ['a later generation', { generation: 4 }],
  ['joined members', { entity: 'session:1,refreshToken', field: '' }],
])('it cannot be decrypted for %s', async (_, other) => {
  const sealed = await vault.encrypt(secret('token'), binding);
  expect((await rejection(vault.decrypt(sealed, { ...binding, ...other }))).code).toBe(
    'seal_broken',
  );
});

test('X', async () => {
  const sealed = await vault.encrypt(secret('token'), { ...binding, destination: 'a' });
  expect(sealed.k).toBe(2);
  expect(reveal(await vault.decrypt(sealed, { ...binding, destination: 'a' }))).toBe('token');
  for (const other of [{ ...binding, destination: 'b' }, binding]) {
    expect((await rejection(vault.decrypt(sealed, other))).code).toBe('seal_broken');
    expect((await rejection(vault.decrypt({ ...sealed, k: 1 }, other))).code).toBe('seal_broken');
  }
});

test('a secret that is bound to no destination is decrypted until the key store records that the old format is refused', async () => {
  const keyStore = memoryKeyStore();
  const former = createVault(keyStore, crypto);
  const sealed = await former.encrypt(secret('token'), binding);
  const decrypted = () => former.decrypt(sealed, { ...binding, destination: 'a' });
  expect(reveal(await decrypted())).toBe('token');
  await keyStore.raiseRevision(boundFormat.name, boundFormat.revision);
  expect((await rejection(decrypted())).code).toBe('locked');
  // A binding without a destination, as of page grants, is not affected.
  expect(reveal(await former.decrypt(sealed, binding))).toBe('token');
});

test.each<[string, (sealed: Sealed) => Sealed]>([
  ['the first byte', (sealed) => ({ ...sealed, ct: flipped(sealed.ct, 0) })],
  ['the tag', (sealed) => ({ ...sealed, ct: flipped(sealed.ct, sealed.ct.length - 4) })],
  ['the initialization vector', (sealed) => ({ ...sealed, iv: flipped(sealed.iv, 3) })],
  ['the length', (sealed) => ({ ...sealed, ct: sealed.ct.slice(0, 8) })],
  ['the whole ciphertext', (sealed) => ({ ...sealed, ct: '' })],
  ['the alphabet', (sealed) => ({ ...sealed, ct: '?' })],
])('it cannot be decrypted after a change of %s', async (_, tamper) => {
  const sealed = await vault.encrypt(secret('token'), binding);
  expect((await rejection(vault.decrypt(tamper(sealed), binding))).code).toBe('seal_broken');
});

test('another key does not decrypt it', async () => {
  const sealed = await vault.encrypt(secret('token'), binding);
  const other = createVault(memoryKeyStore(), crypto);
  expect((await rejection(other.decrypt(sealed, binding))).code).toBe('seal_broken');
});

test('a key store that cannot be opened is reported, without its message', async () => {
  const broken = createVault(
    { ...memoryKeyStore(), encryptionKey: () => Promise.reject(new Error('canary')) },
    crypto,
  );
  const failure = await rejection(broken.encrypt(secret('token'), binding));
  expect(failure).toMatchObject({ code: 'storage_failed', subject: 'key store' });
  expect(JSON.stringify(failure)).not.toContain('canary');
  expect((await rejection(broken.decrypt({ k: 1, iv: 'AAAA', ct: 'AAAA' }, binding))).code).toBe(
    'locked',
  );
});
