import type { KeyStore } from '../../extension/browser/storage/key-store.ts';

/** A key store whose RSA keys can be looked at. */
export interface MemoryKeyStore extends KeyStore {
  readonly privateKeys: ReadonlyMap<string, CryptoKey>;
  /** Remembers all of it; returns what brings it back. */
  snapshot(): () => void;
}

/** A key store in memory; hand the same one to a second background to "restart" over it. */
export function memoryKeyStore(): MemoryKeyStore {
  let key: Promise<CryptoKey> | undefined;
  const revisions = new Map<string, number>();
  const privateKeys = new Map<string, CryptoKey>();
  return {
    privateKeys,
    snapshot: () => {
      const kept = { key, revisions: new Map(revisions), privateKeys: new Map(privateKeys) };
      return () => {
        ({ key } = kept);
        revisions.clear();
        privateKeys.clear();
        for (const [name, revision] of kept.revisions) revisions.set(name, revision);
        for (const [id, privateKey] of kept.privateKeys) privateKeys.set(id, privateKey);
      };
    },
    encryptionKey: () =>
      // Extractable, unlike the product's, for the cryptography of tests that gives its results at once.
      (key ??= crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, [
        'encrypt',
        'decrypt',
      ])),
    privateKey: (id) => Promise.resolve(privateKeys.get(id)),
    savePrivateKey: (id, privateKey) => {
      privateKeys.set(id, privateKey);
      return Promise.resolve();
    },
    deleteOtherPrivateKeys: (ids) => {
      for (const id of privateKeys.keys()) if (!ids.includes(id)) privateKeys.delete(id);
      return Promise.resolve();
    },
    lowestRevision: (name) => Promise.resolve(revisions.get(name) ?? 0),
    raiseRevision: (name, revision) => {
      revisions.set(name, revision);
      return Promise.resolve();
    },
    erase: () => {
      revisions.clear();
      privateKeys.clear();
      key = undefined;
      return Promise.resolve();
    },
  };
}
