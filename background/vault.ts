import { fromBase64url, toBase64url } from '../extension/core/base64url.ts';
import { BrokerError } from '../extension/core/fault.ts';
import { reveal, secret, type Secret } from '../extension/core/secret.ts';
import type { KeyStore } from '../extension/browser/key-store.ts';
import type { Sealed } from '../extension/storage/sealed.ts';

/** Seals secrets before they touch the disk, each bound to the place where it belongs. */
export interface Vault {
  /** @throws BrokerError `storage_failed` when the key store does not open */
  seal(plain: Secret, binding: Binding): Promise<Sealed>;
  /**
   * @throws BrokerError `locked` when the key store does not open now, `seal_broken` when the key is there and
   * does not fit: sealed elsewhere, changed, or with another key
   */
  open(sealed: Sealed, binding: Binding): Promise<Secret>;
}

/** Where a sealed text belongs: moving it to another entity, field or generation makes it unreadable. */
export interface Binding {
  readonly entity: string;
  readonly field: string;
  readonly generation: number;
}

const ivBytes = 12;

/** A vault over the sealing key. AES-256-GCM, a fresh random initialisation vector each time. */
export function createVault(keyStore: KeyStore, crypto: Crypto): Vault {
  return {
    seal: async (plain, binding) => {
      try {
        const key = await keyStore.sealingKey();
        const iv = crypto.getRandomValues(new Uint8Array(ivBytes));
        const bytes = new TextEncoder().encode(reveal(plain));
        const sealed = await crypto.subtle.encrypt(parameters(iv, binding), key, bytes);
        return { k: 1, iv: toBase64url(iv), ct: toBase64url(new Uint8Array(sealed)) };
      } catch (thrown) {
        throw new BrokerError('storage_failed', { subject: 'key store' }, { cause: thrown });
      }
    },
    open: async (sealed, binding) => {
      const key = await keyStore.sealingKey().catch((thrown: unknown) => {
        throw new BrokerError('locked', {}, { cause: thrown });
      });
      try {
        const iv = fromBase64url(sealed.iv);
        const bytes = await crypto.subtle.decrypt(
          parameters(iv, binding),
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

function parameters(iv: Uint8Array<ArrayBuffer>, binding: Binding): AesGcmParams {
  const { entity, field, generation } = binding;
  const bound = JSON.stringify(['threelo', 1, entity, field, generation]);
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(bound) };
}
