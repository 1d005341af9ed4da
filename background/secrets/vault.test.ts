import { expect, test } from 'vitest';
import { reveal, secret } from '../../extension/core/values/secret.ts';
import type { Sealed } from '../../extension/storage/sealed.ts';
import { rejection } from '../../test/support/faults.ts';
import { memoryKeyStore } from '../../test/support/memory-key-store.ts';
import { boundSeals, createVault, type Binding } from './vault.ts';

const vault = createVault(memoryKeyStore(), crypto);
const binding: Binding = { entity: 'session:1', field: 'refreshToken', generation: 3 };
const flipped = (text: string, at: number): string =>
  `${text.slice(0, at)}${text[at] === 'A' ? 'B' : 'A'}${text.slice(at + 1)}`;

test.each(['token', '', 'ä→🙂', 'x'.repeat(100_000)])(
  'what was sealed opens in its place',
  async (text) => {
    expect(reveal(await vault.open(await vault.seal(secret(text), binding), binding))).toBe(text);
  },
);

test('a seal shows nothing, and never looks the same twice', async () => {
  const seals = await Promise.all(
    Array.from({ length: 50 }, () => vault.seal(secret('canary'), binding)),
  );
  expect(JSON.stringify(seals)).not.toContain('canary');
  expect(new Set(seals.map(({ iv }) => iv)).size).toBe(50);
  for (const { iv } of seals) expect(Buffer.from(iv, 'base64url')).toHaveLength(12);
});

test.each<[string, Partial<Binding>]>([
  ['another entity', { entity: 'session:2' }],
  ['another field', { field: 'accessToken' }],
  ['an earlier generation', { generation: 2 }],
  ['a later generation', { generation: 4 }],
  ['members that run together', { entity: 'session:1,refreshToken', field: '' }],
])('moved to %s it stays closed', async (_, elsewhere) => {
  const sealed = await vault.seal(secret('token'), binding);
  expect((await rejection(vault.open(sealed, { ...binding, ...elsewhere }))).code).toBe(
    'seal_broken',
  );
});

test('what is sealed for an audience opens for no other, and without it for nobody', async () => {
  const sealed = await vault.seal(secret('token'), { ...binding, audience: 'a' });
  expect(sealed.k).toBe(2);
  expect(reveal(await vault.open(sealed, { ...binding, audience: 'a' }))).toBe('token');
  for (const other of [{ ...binding, audience: 'b' }, binding]) {
    expect((await rejection(vault.open(sealed, other))).code).toBe('seal_broken');
    expect((await rejection(vault.open({ ...sealed, k: 1 }, other))).code).toBe('seal_broken');
  }
});

test('what was sealed before audiences counted opens until the key store says that none is left', async () => {
  const keyStore = memoryKeyStore();
  const former = createVault(keyStore, crypto);
  const sealed = await former.seal(secret('token'), binding);
  const opened = () => former.open(sealed, { ...binding, audience: 'a' });
  expect(reveal(await opened())).toBe('token');
  await keyStore.raiseRevision(boundSeals.name, boundSeals.revision);
  expect((await rejection(opened())).code).toBe('locked');
  // What is bound to no audience, as page grants are, is not concerned.
  expect(reveal(await former.open(sealed, binding))).toBe('token');
});

test.each<[string, (sealed: Sealed) => Sealed]>([
  ['the first byte', (sealed) => ({ ...sealed, ct: flipped(sealed.ct, 0) })],
  ['the tag', (sealed) => ({ ...sealed, ct: flipped(sealed.ct, sealed.ct.length - 4) })],
  ['the initialisation vector', (sealed) => ({ ...sealed, iv: flipped(sealed.iv, 3) })],
  ['the length', (sealed) => ({ ...sealed, ct: sealed.ct.slice(0, 8) })],
  ['everything', (sealed) => ({ ...sealed, ct: '' })],
  ['the alphabet', (sealed) => ({ ...sealed, ct: '?' })],
])('changed in %s it stays closed', async (_, tamper) => {
  const sealed = await vault.seal(secret('token'), binding);
  expect((await rejection(vault.open(tamper(sealed), binding))).code).toBe('seal_broken');
});

test('another key does not open it', async () => {
  const sealed = await vault.seal(secret('token'), binding);
  const other = createVault(memoryKeyStore(), crypto);
  expect((await rejection(other.open(sealed, binding))).code).toBe('seal_broken');
});

test('a key store that does not open is told, without its words', async () => {
  const broken = createVault(
    { ...memoryKeyStore(), sealingKey: () => Promise.reject(new Error('canary')) },
    crypto,
  );
  const sealing = await rejection(broken.seal(secret('token'), binding));
  expect(sealing).toMatchObject({ code: 'storage_failed', subject: 'key store' });
  expect(JSON.stringify(sealing)).not.toContain('canary');
  expect((await rejection(broken.open({ k: 1, iv: 'AAAA', ct: 'AAAA' }, binding))).code).toBe(
    'locked',
  );
});
