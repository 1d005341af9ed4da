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

const toDestination: Binding = { ...binding, destination: 'a' };
const toHolder: Binding = { ...toDestination, holder: 'ada' };

test.each<[string, Sealed['k'], Binding, Binding[]]>([
  ['destination', 2, toDestination, [{ ...toDestination, destination: 'b' }, binding]],
  [
    'holder',
    3,
    toHolder,
    [{ ...toHolder, holder: 'bo' }, { ...toHolder, destination: 'b' }, toDestination, binding],
  ],
])('it cannot be decrypted for another %s, whatever format it names', async (_, k, own, others) => {
  const sealed = await vault.encrypt(secret('token'), own);
  expect(sealed.k).toBe(k);
  expect(reveal(await vault.decrypt(sealed, own))).toBe('token');
  for (const other of others) {
    for (const format of [1, 2, 3] as const) {
      const failure = await rejection(vault.decrypt({ ...sealed, k: format }, other));
      expect(failure.code).toBe('seal_broken');
    }
  }
});

test.each<[string, number, Binding, Binding]>([
  ['no destination', 2, binding, toDestination],
  ['no destination', 3, binding, toHolder],
  ['no holder', 3, toDestination, toHolder],
])(
  'a secret that is bound to %s is decrypted until the key store records format %i',
  async (_, format, former, wanted) => {
    const keyStore = memoryKeyStore();
    const old = createVault(keyStore, crypto);
    const sealed = await old.encrypt(secret('token'), former);
    for (let floor = 0; floor < format; floor += 1) {
      await keyStore.raiseRevision(boundFormat.name, floor);
      const isAccepted = floor <= sealed.k;
      if (isAccepted) expect(reveal(await old.decrypt(sealed, wanted))).toBe('token');
    }
    await keyStore.raiseRevision(boundFormat.name, format);
    expect((await rejection(old.decrypt(sealed, wanted))).code).toBe('locked');
    // The same binding as before, as of client secrets and page grants, is not affected.
    expect(reveal(await old.decrypt(sealed, former))).toBe('token');
  },
);

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
