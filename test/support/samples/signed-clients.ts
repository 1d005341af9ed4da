import {
  blankDraft,
  type ClientDraft,
} from '../../../extension/core/client/client-configuration.ts';
import type { ClientView } from '../../../extension/wire/views.ts';
import type { Standin } from '../../standin/standin.ts';
import { allowHosts, type Harness } from '../harness.ts';

/** What clients of OAuth 1.0a are made of. */
interface Place {
  readonly standin: Standin;
  readonly harness: Pick<Harness, 'ui' | 'world'>;
}

/** Saves a client that no server knows yet, and lets the worker reach its hosts. */
export async function signedClient(
  { harness }: Place,
  changes: Partial<ClientDraft> & Pick<ClientDraft, 'type'>,
): Promise<ClientView> {
  const draft = { ...blankDraft(changes.type), name: 'Link', clientId: 'ext-key', ...changes };
  const client = await harness.ui('client.create', { client: draft });
  await allowHosts(harness, client);
  return client;
}

/** A client of the old Jira, known there. */
export async function applicationLink(
  place: Place,
  changes: Partial<ClientDraft> = {},
): Promise<ClientView> {
  const { baseUrl, consumers } = place.standin.oauth1.jira;
  const draft = { type: 'application-link', product: 'jira', baseUrl, ...changes } as const;
  const client = await signedClient(place, draft);
  consumers.add({ key: 'ext-key', name: 'Threelo', publicKeyPem: client.publicKeyPem ?? '' });
  return client;
}

/** What a person knows of the third party. */
export function thirdPartyDraft({ standin }: Pick<Place, 'standin'>) {
  const { baseUrl, endpoints } = standin.oauth1.thirdParty;
  return {
    type: 'oauth1',
    requestTokenEndpoint: endpoints.requestToken,
    authorizationEndpoint: endpoints.authorize,
    tokenEndpoint: endpoints.accessToken,
    apiBase: baseUrl,
    clientSecret: 'shared-secret',
  } as const;
}

/** A client of the third party, known there. */
export function thirdPartyClient(place: Place): Promise<ClientView> {
  const { consumers } = place.standin.oauth1.thirdParty;
  consumers.add({ key: 'ext-key', name: 'Threelo', secret: 'shared-secret' });
  return signedClient(place, thirdPartyDraft(place));
}
