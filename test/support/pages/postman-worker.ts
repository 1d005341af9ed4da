import { previewPostman } from '../../../background/clients/import-preview.ts';
import { importPostman } from '../../../extension/core/import/postman/import-postman.ts';
import type { ImportPreview } from '../../../extension/wire/views.ts';
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

interface Body {
  readonly json: string;
  readonly environment?: string;
}

/** Lets a fake worker read collections as the real one does; it saves what it is told to. */
export function readsPostman(worker: FakeWorker): FakeWorker {
  return worker
    .answer('client.import-preview', ({ json, environment: values }: Body): ImportPreview =>
      previewPostman(importPostman(json, values), []),
    )
    .answer('client.import-postman', ({ entries }: { entries: readonly number[] }) => ({
      created: entries.map((at) => aClient({ name: `Entry ${at}` })),
    }));
}
