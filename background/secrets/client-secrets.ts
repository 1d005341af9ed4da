import type { ClientId } from '#core/client/client-configuration.ts';
import { destinationOf, type Destination } from '#core/client/secret-destination.ts';
import { BrokerError, toFault } from '#core/values/fault.ts';
import { secret, type Secret } from '#core/values/secret.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { Sealed } from '#storage/sealed.ts';
import { ignoreUnreadable, isUnreadableForGood, type Binding, type Vault } from './vault.ts';

/** Encrypts and decrypts client secrets. Each is bound to its configuration and to where that may send it. */
export interface ClientSecrets {
  encrypt(id: ClientId, destination: Destination, clientSecret: string): Promise<Sealed>;
  /** Undefined when the client has no secret. @throws BrokerError `locked`, `seal_broken` */
  decrypt(client: StoredClient): Promise<Secret | undefined>;
  /**
   * The client's secret encrypted for its destination after an edit. What cannot be decrypted is returned unchanged.
   * @throws BrokerError `locked`, `storage_failed`
   */
  reencrypt(before: StoredClient, after: Destination): Promise<Sealed | undefined>;
  /** Whether decryption fails with the key at hand. False when the key cannot be read now. */
  isUndecryptable(client: StoredClient): Promise<boolean>;
}

export function createClientSecrets(vault: Vault): ClientSecrets {
  const decrypt: ClientSecrets['decrypt'] = async (client) =>
    client.sealedClientSecret &&
    vault
      .decrypt(client.sealedClientSecret, binding(client.id, destinationOf(client)))
      .catch(sealBrokenIfForGood);
  const errorOf = (client: StoredClient) =>
    decrypt(client).then(
      () => undefined,
      (thrown: unknown) => toFault(thrown).code,
    );
  return {
    encrypt: (id, destination, clientSecret) =>
      vault.encrypt(secret(clientSecret), binding(id, destinationOf(destination))),
    decrypt,
    reencrypt: async (before, after) => {
      const { id, sealedClientSecret } = before;
      const plain = await decrypt(before).catch(ignoreUnreadable);
      return plain ? vault.encrypt(plain, binding(id, destinationOf(after))) : sealedClientSecret;
    },
    isUndecryptable: async (client) => (await errorOf(client)) === 'seal_broken',
  };
}

/** An outdated format too is `seal_broken`, which makes the person enter the secret again and ends no session. */
function sealBrokenIfForGood(thrown: unknown): never {
  throw isUnreadableForGood(thrown)
    ? new BrokerError('seal_broken', {}, { cause: thrown })
    : thrown;
}

function binding(id: ClientId, destination: string): Binding {
  return { entity: `client:${id}`, field: 'clientSecret', generation: 0, destination };
}
