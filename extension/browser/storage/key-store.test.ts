import { IDBFactory } from 'fake-indexeddb';
import { beforeEach, expect, test, vi } from 'vitest';
import { databaseOpener, done } from './database.ts';
import { createKeyStore, type KeyStore } from './key-store.ts';

let factory: IDBFactory;
let copies: IDBFactory;
/** The next worker. */
const start = (): KeyStore => createKeyStore(factory, () => Promise.resolve(copies), crypto);
const parameters = { name: 'AES-GCM', iv: new Uint8Array(12) };
const encrypted = async (store: KeyStore): Promise<ArrayBuffer> =>
  crypto.subtle.encrypt(parameters, await store.encryptionKey(), new Uint8Array(1));
const decrypted = async (store: KeyStore, ciphertext: ArrayBuffer): Promise<number> =>
  (await crypto.subtle.decrypt(parameters, await store.encryptionKey(), ciphertext)).byteLength;
const rsa = {
  name: 'RSASSA-PKCS1-v1_5',
  hash: 'SHA-256',
  modulusLength: 2048,
  publicExponent: Uint8Array.of(1, 0, 1),
};
const { privateKey } = await crypto.subtle.generateKey(rsa, false, ['sign', 'verify']);
/** What the browser says of a database that it cannot open. */
const broken = Object.assign(new IDBFactory(), {
  open: () => {
    throw new DOMException('Internal error opening backing store', 'UnknownError');
  },
});

/** Waits until the copy has the key and the revision: it is written after the promise of a change has resolved. */
async function waitForCopy(ciphertext: ArrayBuffer, revision: number): Promise<void> {
  const open = databaseOpener(() => Promise.resolve(copies), 'threelo-keys', ['keys', 'revisions']);
  const read = async (store: string, key: string): Promise<unknown> =>
    done((await open()).transaction(store).objectStore(store).get(key));
  await vi.waitFor(async () => {
    const key = (await read('keys', 'sealing-1')) as CryptoKey;
    await crypto.subtle.decrypt(parameters, key, ciphertext);
    expect(await read('revisions', 'grant')).toBe(revision);
  });
}

/** A key store with all kinds of entries, and with a copy of them. */
async function filled(): Promise<ArrayBuffer> {
  const store = start();
  const ciphertext = await encrypted(store);
  await store.savePrivateKey('consumer', privateKey);
  await store.raiseRevision('grant', 7);
  await waitForCopy(ciphertext, 7);
  return ciphertext;
}

beforeEach(() => {
  factory = new IDBFactory();
  copies = new IDBFactory();
});

test('keys and revisions are there for the next worker; RSA keys of other ids are deleted', async () => {
  const ciphertext = await filled();
  const store = start();
  expect(await decrypted(store, ciphertext)).toBe(1);
  expect(await store.privateKey('consumer')).toBeInstanceOf(CryptoKey);
  expect([await store.lowestRevision('grant'), await store.lowestRevision('none')]).toEqual([7, 0]);
  await store.deleteOtherPrivateKeys([]);
  expect(await store.privateKey('consumer')).toBeUndefined();
  expect(await decrypted(store, ciphertext)).toBe(1);
});

test('a database that the browser deleted is restored from its copy', async () => {
  const ciphertext = await filled();
  factory = new IDBFactory();
  const store = start();
  // Read before the key.
  expect(await store.lowestRevision('grant')).toBe(7);
  expect(await store.privateKey('consumer')).toBeInstanceOf(CryptoKey);
  expect(await decrypted(store, ciphertext)).toBe(1);
  copies = broken;
  expect(await decrypted(start(), ciphertext)).toBe(1);
});

test('the copy is read while the database cannot be opened, and nothing is changed then', async () => {
  const ciphertext = await filled();
  factory = broken;
  const store = start();
  expect(await decrypted(store, ciphertext)).toBe(1);
  expect(await store.lowestRevision('grant')).toBe(7);
  await expect(store.raiseRevision('grant', 8)).rejects.toThrow('Internal error');
});

test('without both, there is no key', async () => {
  factory = broken;
  await expect(start().encryptionKey()).rejects.toThrow('Internal error');
  copies = broken;
  await expect(start().encryptionKey()).rejects.toThrow('Internal error');
  factory = new IDBFactory();
  expect(await decrypted(start(), await encrypted(start()))).toBe(1);
});

test.each<[string, () => Promise<unknown>, number]>([
  ['was deleted', () => Promise.resolve((copies = new IDBFactory())), 7],
  ['missed a change', missAChange, 8],
  ['has another key', copyOtherKey, 7],
])('a copy that %s is made anew at the next start', async (_, damage, revision) => {
  const ciphertext = await filled();
  await damage();
  await start().encryptionKey();
  await waitForCopy(ciphertext, revision);
});

test('erasing deletes all keys and revisions in both', async () => {
  const ciphertext = await filled();
  const store = start();
  await store.encryptionKey();
  await store.erase();
  const next = start();
  expect(await next.lowestRevision('grant')).toBe(0);
  expect(await next.privateKey('consumer')).toBeUndefined();
  await expect(decrypted(next, ciphertext)).rejects.toThrow();
  await expect(decrypted(store, ciphertext)).rejects.toThrow();
});

test('nothing is erased when the copy cannot be opened', async () => {
  const ciphertext = await filled();
  copies = broken;
  await expect(start().erase()).rejects.toThrow('Internal error');
  expect(await decrypted(start(), ciphertext)).toBe(1);
});

/** A change while the copy could not be opened. */
async function missAChange(): Promise<void> {
  const kept = copies;
  copies = broken;
  await start().raiseRevision('grant', 8);
  copies = kept;
}

/** The copy of another key, with the same revision. */
async function copyOtherKey(): Promise<void> {
  const kept = factory;
  [factory, copies] = [new IDBFactory(), new IDBFactory()];
  await filled();
  factory = kept;
}
