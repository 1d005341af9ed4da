import type { ClientConfiguration } from '../../../extension/core/client/client-configuration.ts';
import { profileOf } from '../../../extension/core/provider/provider-profile.ts';
import { issuerTuple } from '../../../extension/oauth/oauth2/authorization-server.ts';

/** A saved configuration of Atlassian Cloud. */
export const client: ClientConfiguration = {
  id: '11111111-1111-4111-8111-111111111111' as ClientConfiguration['id'],
  name: 'Team',
  description: '',
  type: 'atlassian-cloud',
  clientId: 'team-client',
  clientAuthentication: 'post',
  authorizationEndpoint: profileOf('atlassian-cloud').authorizationEndpoint,
  tokenEndpoint: profileOf('atlassian-cloud').tokenEndpoint,
  scopes: ['offline_access', 'read:me'],
  removedScopes: [],
  redirectUriSuffix: 'c2Nzb21lc3VmZml4MTI',
  createdAtMs: 1,
  updatedAtMs: 1,
};
/** Its issuer and endpoints. */
export const tuple = issuerTuple(client);
/** Its callback in some browser. */
export const redirectUri = `https://abcdefghijklmnop.chromiumapp.org/${client.redirectUriSuffix}`;
