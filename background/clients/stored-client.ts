import {
  clientAuthenticationOf,
  draftOf,
  normaliseDraft,
  removedScopes,
  signatureMethodOf,
  type ClientDraft,
  type ClientId,
  type ConsumerKeys,
} from '#core/client/client-configuration.ts';
import { destinationOf } from '#core/client/secret-destination.ts';
import { redirectUriSuffix } from '#oauth/redirect-uri.ts';
import type { StoredClient } from '#storage/schema.ts';
import type { Sealed } from '#storage/sealed.ts';
import type { ClientView } from '#wire/views.ts';
import type { World } from '../platform/world.ts';
import type { ClientSecrets } from '../secrets/client-secrets.ts';
import type { ConsumerKeyChain } from '../secrets/consumer-keys.ts';
import type { ManagedDraft } from './policy-clients.ts';

interface StoringDependencies {
  readonly clientSecrets: ClientSecrets;
  readonly keys: ConsumerKeyChain;
  readonly world: Pick<World, 'crypto' | 'nowMs'>;
}

/**
 * A draft as it is stored.
 * @param earlier - the stored configuration that it replaces: a draft without a secret or a key keeps its own. Or, of a new one
 *   of the organization's policy, its id and its mark
 * @throws BrokerError `invalid_client`, `locked`, `storage_failed`
 */
export async function storedClient(
  draft: ClientDraft,
  earlier: StoredClient | Pick<ManagedDraft, 'id' | 'policy'> | undefined,
  { clientSecrets, keys, world }: StoringDependencies,
): Promise<StoredClient> {
  const normalised = normaliseDraft(draft);
  const before = earlier && 'createdAtMs' in earlier ? earlier : undefined;
  const id = earlier?.id ?? (world.crypto.randomUUID() as ClientId);
  const configured = draftOf(normalised);
  const isDestinationChanged =
    before !== undefined && destinationOf(before) !== destinationOf(configured);
  const storedSecret = (): Promise<Sealed | undefined> =>
    isDestinationChanged
      ? clientSecrets.reencrypt(before, configured)
      : Promise.resolve(before?.sealedClientSecret);
  const sealed = await (normalised.clientSecret
    ? clientSecrets.encrypt(id, configured, normalised.clientSecret)
    : storedSecret());
  const keyPair = await keyPairOf(normalised, before, keys);
  return {
    ...configured,
    id,
    clientAuthentication: clientAuthenticationOf(normalised),
    removedScopes: before ? removedScopes(before, normalised.scopes) : [],
    redirectUriSuffix: await redirectUriSuffix(normalised.authorizationEndpoint, world.crypto),
    createdAtMs: before?.createdAtMs ?? world.nowMs(),
    // Later than before also when the clock was set back: of two copies the later one is used.
    updatedAtMs: Math.max(world.nowMs(), (before?.updatedAtMs ?? 0) + 1),
    ...(sealed === undefined ? {} : { sealedClientSecret: sealed }),
    ...(keyPair === undefined ? {} : { keyPair }),
    ...(earlier?.policy === undefined ? {} : { policy: earlier.policy }),
  };
}

/** The RSA keys that a client signs with: the draft's, the stored ones, or new ones. Undefined for other methods. */
async function keyPairOf(
  draft: ClientDraft,
  before: StoredClient | undefined,
  keys: ConsumerKeyChain,
): Promise<ConsumerKeys | undefined> {
  if (signatureMethodOf(draft) !== 'RSA-SHA1') return undefined;
  if (draft.privateKeyPem !== undefined) return keys.importPem(draft.privateKeyPem);
  return before?.keyPair ?? keys.generate();
}

/** The client without a record that its ID or secret was rejected. */
export function accepted(client: StoredClient): StoredClient {
  if (client.rejectedAtMs === undefined) return client;
  const { rejectedAtMs: _rejected, ...rest } = client;
  return rest;
}

/** The members of its view that need nothing but the client. */
export function shownClient(
  client: StoredClient,
  redirectUri: string,
): Omit<ClientView, 'hasSecret'> {
  return {
    ...draftOf(client),
    id: client.id,
    redirectUri,
    ...(client.rejectedAtMs === undefined ? {} : { rejectedAtMs: client.rejectedAtMs }),
    ...(client.keyPair === undefined ? {} : { publicKeyPem: client.keyPair.publicKeyPem }),
  };
}
