import type { KeyStore } from '../../extension/browser/storage/key-store.ts';
import { fromBase64url, toBase64url } from '../../extension/core/values/base64url.ts';
import { BrokerError, toFault } from '../../extension/core/values/fault.ts';
import { reveal, secret, type Secret } from '../../extension/core/values/secret.ts';
import type { Sealed } from '../../extension/storage/sealed.ts';

/** Seals secrets before they touch the disk, each bound to the place where it belongs. */
export interface Vault {
  /** @throws BrokerError `storage_failed` when the key store does not open */
  seal(plain: Secret, binding: Binding): Promise<Sealed>;
  /**
   * @throws BrokerError `locked` when the key store does not open now, or no longer believes the format; `seal_broken`
   * when the key is there and does not fit: sealed elsewhere, for another audience, changed, or with another key
   */
  open(sealed: Sealed, binding: Binding): Promise<Secret>;
}

/** From which format on the key store says that a secret of an audience is believed. */
export const boundSeals = { name: 'seals', revision: 2 } as const;

/** Where a sealed text belongs: moving it to another entity, field or generation makes it unreadable. */
export interface Binding {
  readonly entity: string;
  readonly field: string;
  readonly generation: number;
  /** What decides where the secret may be sent, see `audienceOf`; absent for what is sent nowhere. */
  readonly audience?: string;
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
        const k = binding.audience === undefined ? 1 : 2;
        const sealed = await crypto.subtle.encrypt(parameters(iv, k, binding), key, bytes);
        return { k, iv: toBase64url(iv), ct: toBase64url(new Uint8Array(sealed)) };
      } catch (thrown) {
        throw new BrokerError('storage_failed', { subject: 'key store' }, { cause: thrown });
      }
    },
    open: async (sealed, binding) => {
      const key = await keyStore.sealingKey().catch(locked);
      const isUnbound = sealed.k === 1 && binding.audience !== undefined;
      // All were sealed anew: somebody put it back, or another worker is ahead of this one, which is no verdict.
      if (isUnbound && (await keyStore.lowestRevision(boundSeals.name).catch(locked)) > 1)
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

/** What is sealed for another place or with a key that is gone counts as not there; anything else is thrown on. */
export function unopenable(thrown: unknown): undefined {
  if (toFault(thrown).code !== 'seal_broken') throw thrown;
}

function locked(thrown: unknown): never {
  throw new BrokerError('locked', {}, { cause: thrown });
}

function parameters(iv: Uint8Array<ArrayBuffer>, k: Sealed['k'], binding: Binding): AesGcmParams {
  const { entity, field, generation, audience } = binding;
  const place = ['threelo', k, entity, field, generation];
  const bound = JSON.stringify(k === 1 ? place : [...place, audience]);
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(bound) };
}
