import type { KeyStore } from '#browser/storage/key-store.ts';
import { fromBase64url, toBase64url } from '#core/values/base64url.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';
import type { Sealed } from '#storage/sealed.ts';

/** Encrypts secrets before they are stored. Each ciphertext is bound to the place where it is stored. */
export interface Vault {
  /** @throws BrokerError `storage_failed` when the key store cannot be opened */
  encrypt(plain: Secret, binding: Binding): Promise<Sealed>;
  /**
   * @throws BrokerError `locked` when the key store cannot be opened now, or no longer accepts the format; `seal_broken`
   * when decryption fails: another place, another destination, a changed ciphertext, or another key
   */
  decrypt(sealed: Sealed, binding: Binding): Promise<Secret>;
}

/** The first format that is bound to a destination, and the name under which the key store records that older ones are refused. */
export const boundFormat = { name: 'seals', revision: 2 } as const;

/** Where a ciphertext is stored. It cannot be decrypted for another entity, field, generation or destination. */
export interface Binding {
  readonly entity: string;
  readonly field: string;
  readonly generation: number;
  /** Where the secret may be sent, see `destinationOf`; absent for what is never sent. */
  readonly destination?: string;
}

const ivBytes = 12;

/** A vault that encrypts with AES-256-GCM, with a new random initialization vector each time. */
export function createVault(keyStore: KeyStore, crypto: Crypto): Vault {
  return {
    encrypt: async (plain, binding) => {
      try {
        const key = await keyStore.encryptionKey();
        const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
        const bytes = new TextEncoder().encode(reveal(plain));
        const k = binding.destination === undefined ? 1 : 2;
        const ciphertext = await crypto.subtle.encrypt(parameters(iv, k, binding), key, bytes);
        return { k, iv: toBase64url(iv), ct: toBase64url(new Uint8Array(ciphertext)) };
      } catch (thrown) {
        throw new BrokerError('storage_failed', { subject: 'key store' }, { cause: thrown });
      }
    },
    decrypt: async (sealed, binding) => {
      const key = await keyStore.encryptionKey().catch(locked);
      const isUnbound = sealed.k === 1 && binding.destination !== undefined;
      // Every old secret was encrypted again. This one was put back, or a newer worker did that just now: not `seal_broken`,
      // which would end the session.
      if (isUnbound && (await keyStore.lowestRevision(boundFormat.name).catch(locked)) > 1)
        throw new BrokerError('locked');
      try {
        const iv = fromBase64url(sealed.iv);
        const bytes = await crypto.subtle.decrypt(
          parameters(iv, sealed.k, binding),
          key,
          fromBase64url(sealed.ct),
        );
        return secret(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
      } catch (thrown) {
        throw new BrokerError('seal_broken', {}, { cause: thrown });
      }
    },
  };
}

/** Turns `seal_broken` into undefined, as if there were no secret; throws any other error again. */
export function ignoreSealBroken(thrown: unknown): undefined {
  if (toFault(thrown).code !== 'seal_broken') throw thrown;
}

/** Throws `locked`: a secret may be readable later. */
export function locked(thrown: unknown): never {
  throw new BrokerError('locked', {}, { cause: thrown });
}

function parameters(iv: Uint8Array<ArrayBuffer>, k: Sealed['k'], binding: Binding): AesGcmParams {
  const { entity, field, generation, destination } = binding;
  const place = ['threelo', k, entity, field, generation];
  const bound = JSON.stringify(k === 1 ? place : [...place, destination]);
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(bound) };
}
