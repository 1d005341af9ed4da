import { audienceOf, type Addressee } from '../../extension/core/client/audience.ts';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import { toFault } from '../../extension/core/values/fault.ts';
import { secret, type Secret } from '../../extension/core/values/secret.ts';
import type { StoredClient } from '../../extension/storage/schema.ts';
import type { Sealed } from '../../extension/storage/sealed.ts';
import { unopenable, type Binding, type Vault } from './vault.ts';

/** Seals and opens client secrets, each bound to its configuration and to where that sends it. */
export interface ClientSecrets {
  seal(id: ClientId, addressee: Addressee, clientSecret: string): Promise<Sealed>;
  /** Undefined when the client has none. @throws BrokerError `locked`, `seal_broken` */
  open(client: StoredClient): Promise<Secret | undefined>;
  /**
   * The secret that a client has, sealed for the client as it is after an edit; what cannot be opened stays as it is.
   * @throws BrokerError `locked`, `storage_failed`
   */
  rebound(before: StoredClient, after: Addressee): Promise<Sealed | undefined>;
  /** Whether the key is there and does not fit; not when it cannot be had now. */
  isUnopenable(client: StoredClient): Promise<boolean>;
}

/** See {@link ClientSecrets}. */
export function createClientSecrets(vault: Vault): ClientSecrets {
  const open: ClientSecrets['open'] = async (client) =>
    client.sealedClientSecret &&
    vault.open(client.sealedClientSecret, binding(client.id, audienceOf(client)));
  const faultOf = (client: StoredClient) =>
    open(client).then(
      () => undefined,
      (thrown: unknown) => toFault(thrown).code,
    );
  return {
    seal: (id, addressee, clientSecret) =>
      vault.seal(secret(clientSecret), binding(id, audienceOf(addressee))),
    open,
    rebound: async (before, after) => {
      const { id, sealedClientSecret } = before;
      const opened = await open(before).catch(unopenable);
      return opened ? vault.seal(opened, binding(id, audienceOf(after))) : sealedClientSecret;
    },
    isUnopenable: async (client) => (await faultOf(client)) === 'seal_broken',
  };
}

function binding(id: ClientId, audience: string): Binding {
  return { entity: `client:${id}`, field: 'clientSecret', generation: 0, audience };
}
