import { quickCrypto } from '../quick-crypto.ts';
import { createCipheriv, createDecipheriv, createHash, KeyObject, sign } from 'node:crypto';

const tagBytes = 16;

/**
 * The platform's cryptography with its results at once: a thread pool would give them in an order that no
 * seed decides. AES-256-GCM, SHA-256 and RSA-SHA1; RSA keys are
 * made by the platform.
 */
export function instantCrypto(): Crypto {
  const subtle = {
    encrypt: (parameters: AesGcmParams, key: CryptoKey, plain: Uint8Array) => {
      const cipher = createCipheriv('aes-256-gcm', KeyObject.from(key), bytesOf(parameters.iv));
      cipher.setAAD(bytesOf(parameters.additionalData));
      const sealed = [cipher.update(plain), cipher.final(), cipher.getAuthTag()];
      return Promise.resolve(Buffer.concat(sealed));
    },
    decrypt: async (parameters: AesGcmParams, key: CryptoKey, sealed: Uint8Array) => {
      await Promise.resolve();
      const cipher = createDecipheriv('aes-256-gcm', KeyObject.from(key), bytesOf(parameters.iv));
      cipher.setAAD(bytesOf(parameters.additionalData));
      cipher.setAuthTag(sealed.subarray(-tagBytes));
      return Buffer.concat([cipher.update(sealed.subarray(0, -tagBytes)), cipher.final()]);
    },
    digest: (_: string, plain: Uint8Array) =>
      Promise.resolve(new Uint8Array(createHash('sha256').update(plain).digest()).buffer),
    sign: (_: string, key: CryptoKey, plain: Uint8Array) =>
      Promise.resolve(new Uint8Array(sign('sha1', plain, KeyObject.from(key))).buffer),
    // Extractable, unlike the product's, as the other cryptography here wants it.
    generateKey: (parameters: RsaHashedKeyGenParams, _: boolean, usages: KeyUsage[]) =>
      crypto.subtle.generateKey(parameters, true, usages),
    exportKey: crypto.subtle.exportKey.bind(crypto.subtle),
    // Of export files. As for generated keys, these are extractable.
    importKey: crypto.subtle.importKey.bind(crypto.subtle),
    deriveBits: quickCrypto().subtle.deriveBits,
    deriveKey: (
      parameters: HkdfParams,
      key: CryptoKey,
      kind: AesKeyGenParams,
      _: boolean,
      usages: KeyUsage[],
    ) => crypto.subtle.deriveKey(parameters, key, kind, true, usages),
    verify: crypto.subtle.verify.bind(crypto.subtle),
  };
  return {
    subtle: subtle as unknown as SubtleCrypto,
    getRandomValues: (array) => crypto.getRandomValues(array),
    randomUUID: () => crypto.randomUUID(),
  };
}

function bytesOf(source: BufferSource | undefined): Uint8Array {
  return source === undefined ? new Uint8Array() : new Uint8Array(source as ArrayBuffer);
}
