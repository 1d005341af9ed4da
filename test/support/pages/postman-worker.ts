import type { ClientDraft } from '../../../extension/core/client/client-configuration.ts';
import { cloud, info, oauth1, oauth2 } from '../samples/postman-samples.ts';
import { aClient, type FakeWorker } from '../samples/ui-views.ts';

/** A client of another provider: it needs an environment, and has what cannot be taken over. */
const generic = {
  clientId: '{{client_id}}',
  clientSecret: 'generic-canary',
  authUrl: '{{base}}/authorize?resource=wiki',
  accessTokenUrl: 'https://as.example/token',
  refreshTokenUrl: 'https://as.example/refresh',
  scope: 'openid email',
  client_authentication: 'header',
  tokenName: 'Other',
  accessToken: 'token-canary',
  novelty: 1,
  authRequestParams: [
    { key: 'nonce', value: 'n', enabled: true },
    { key: 'login_hint', value: 'ada', enabled: true },
  ],
  tokenRequestParams: [{ key: 'tenant', value: 'acme', enabled: true }],
};

/** A collection with all that a preview tells: a whole client, one that lacks values, one of OAuth 1.0a. */
export const collection = JSON.stringify({
  info,
  auth: oauth2(cloud),
  item: [
    { name: 'Wiki', item: [{ name: 'Search', request: { auth: oauth2(generic) } }] },
    { name: 'Link', request: { auth: oauth1({ consumerKey: 'link', consumerSecret: 'canary' }) } },
  ],
});

/** What the collection's variables stand for. */
export const environment = JSON.stringify({
  values: [
    { key: 'client_id', value: 'generic-id' },
    { key: 'base', value: 'https://as.example' },
  ],
});

/** Lets a fake worker save the clients that it is sent. */
export function savesImports(worker: FakeWorker): FakeWorker {
  return worker.answer(
    'client.import',
    ({ clients }: { readonly clients: readonly ClientDraft[] }) => ({
      created: clients.map(({ name }) => aClient({ name })),
    }),
  );
}
