import type { KeyStore } from '#browser/storage/key-store.ts';
import type { ConsumerKeys } from '#core/client/client-configuration.ts';
import { BrokerError } from '#core/values/fault.ts';
import {
  generateConsumerKeyPair,
  importConsumerKeyPair,
  type ConsumerKeyPair,
} from '#oauth/oauth1/keys/key-pair.ts';
import type { World } from '../platform/world.ts';
import { locked } from './vault.ts';

/** The RSA key pairs of OAuth 1.0a consumers. A private key is stored in the key store and cannot be exported. */
export interface ConsumerKeyChain {
  /** A new pair. @throws BrokerError `storage_failed` */
  generate(): Promise<ConsumerKeys>;
  /** Imports a private key, PKCS#8 in PEM. @throws BrokerError `invalid_client` when it is not a usable key, `storage_failed` */
  importPem(privateKeyPem: string): Promise<ConsumerKeys>;
  /** @throws BrokerError `seal_broken` when the key is missing, `locked` when the key store cannot be read now */
  privateKeyOf(keys: ConsumerKeys | undefined): Promise<CryptoKey>;
  /** Whether the private key is missing. False when the key store cannot be read now. */
  isLost(keys: ConsumerKeys): Promise<boolean>;
  /** Deletes all other key pairs. Never rejects: the next start deletes what is left. */
  deleteOthers(ids: readonly string[]): Promise<void>;
}

export function createConsumerKeys({
  keyStore,
  crypto,
}: {
  readonly keyStore: KeyStore;
  readonly crypto: World['crypto'];
}): ConsumerKeyChain {
  const stored = async ({ privateKey, publicKeyPem }: ConsumerKeyPair): Promise<ConsumerKeys> => {
    const id = crypto.randomUUID();
    try {
      await keyStore.savePrivateKey(id, privateKey);
    } catch (thrown) {
      throw new BrokerError('storage_failed', { subject: 'key store' }, { cause: thrown });
    }
    return { id, publicKeyPem };
  };
  return {
    generate: async () => stored(await generateConsumerKeyPair(crypto.subtle)),
    importPem: async (privateKeyPem) => {
      const read = await importConsumerKeyPair(crypto.subtle, privateKeyPem);
      if ('pair' in read) return stored(read.pair);
      const fields = [{ field: 'privateKeyPem', problem: `key_${read.problem}` as const }];
      throw new BrokerError('invalid_client', { fields });
    },
    privateKeyOf: async (keys) => {
      const key = keys && (await keyStore.privateKey(keys.id).catch(locked));
      if (key === undefined) throw new BrokerError('seal_broken', { subject: 'RSA key' });
      return key;
    },
    isLost: ({ id }) =>
      keyStore.privateKey(id).then(
        (key) => key === undefined,
        () => false,
      ),
    deleteOthers: (ids) => keyStore.deleteOtherPrivateKeys(ids).catch(() => undefined),
  };
}
