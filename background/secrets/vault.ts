import type { KeyStore } from '#browser/storage/key-store.ts';
import { fromBase64url, toBase64url } from '#core/values/bytes-as-text.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import { reveal, secret, type Secret } from '#core/values/secret.ts';
import type { Sealed } from '#storage/sealed.ts';

/** Encrypts secrets before they are stored. Each ciphertext is bound to the place where it is stored. */
export interface Vault {
  /** @throws BrokerError `storage_failed` when the key store cannot be opened */
  encrypt(plain: Secret, binding: Binding): Promise<Sealed>;
  /**
   * @throws BrokerError `locked` when the key store cannot be opened now, or no longer accepts the format; `seal_broken`
   * when decryption fails: another place, destination or holder, a changed ciphertext, or another key
   */
  decrypt(sealed: Sealed, binding: Binding): Promise<Secret>;
}

/** The last format, and the name under which the key store records that older ones are refused where a newer one is due. */
export const boundFormat = { name: 'seals', revision: 3 } as const;

/** Where a ciphertext is stored. It cannot be decrypted for another entity, field, generation, destination or holder. */
export interface Binding {
  readonly entity: string;
  readonly field: string;
  readonly generation: number;
  /** Where the secret may be sent, see `destinationOf`; absent for what is never sent. */
  readonly destination?: string;
  /** Whose session the secret belongs to, see `holderOf`; absent for what belongs to no session. */
  readonly holder?: string;
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
        const k = formatOf(binding);
        const ciphertext = await crypto.subtle.encrypt(parameters(iv, k, binding), key, bytes);
        return { k, iv: toBase64url(iv), ct: toBase64url(new Uint8Array(ciphertext)) };
      } catch (thrown) {
        throw new BrokerError('storage_failed', { subject: 'key store' }, { cause: thrown });
      }
    },
    decrypt: async (sealed, binding) => {
      const key = await keyStore.encryptionKey().catch(locked);
      const isOld = sealed.k < formatOf(binding);
      // Every old secret that could be decrypted was encrypted again. This one could not, or was put back, or a newer worker
      // encrypted it just now: not `seal_broken`, for which a refresh would end the session.
      if (isOld && (await keyStore.lowestRevision(boundFormat.name).catch(locked)) > sealed.k)
        throw new OutdatedSeal('locked');
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

/** `locked` for a ciphertext in a format that the key store no longer accepts. */
class OutdatedSeal extends BrokerError {}

/** Whether no later start can decrypt the ciphertext: `seal_broken`, or a format that is no longer accepted. */
export function isUnreadableForGood(thrown: unknown): boolean {
  return thrown instanceof OutdatedSeal || toFault(thrown).code === 'seal_broken';
}

/** Returns undefined for what no later start can decrypt, as if there were no secret; throws any other error again. */
export function ignoreUnreadable(thrown: unknown): undefined {
  if (!isUnreadableForGood(thrown)) throw thrown;
}

/** Throws `locked`: a secret may be readable later. */
export function locked(thrown: unknown): never {
  throw new BrokerError('locked', {}, { cause: thrown });
}

/** The format of ciphertexts with such a binding: each has one member more. */
function formatOf({ destination, holder }: Binding): Sealed['k'] {
  if (holder !== undefined) return 3;
  return destination === undefined ? 1 : 2;
}

function parameters(iv: Uint8Array<ArrayBuffer>, k: Sealed['k'], binding: Binding): AesGcmParams {
  const { entity, field, generation, destination, holder } = binding;
  const bindings = [entity, field, generation, destination, holder].slice(0, k + 2);
  const bound = JSON.stringify(['threelo', k, ...bindings]);
  return { name: 'AES-GCM', iv, additionalData: new TextEncoder().encode(bound) };
}
