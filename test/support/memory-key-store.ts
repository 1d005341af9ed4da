import type { KeyStore } from '../../extension/browser/key-store.ts';

/** A key store in memory; hand the same one to a second background to "restart" over it. */
export function memoryKeyStore(): KeyStore {
  let key: Promise<CryptoKey> | undefined;
  const revisions = new Map<string, number>();
  return {
    sealingKey: () =>
      // Extractable, unlike the product's, for the cryptography of tests that gives its results at once.
      (key ??= crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, true, [
        'encrypt',
        'decrypt',
      ])),
    lowestRevision: (name) => Promise.resolve(revisions.get(name) ?? 0),
    raiseRevision: (name, revision) => {
      revisions.set(name, revision);
      return Promise.resolve();
    },
  };
}
