import { expect } from 'vitest';
import {
  importPostman,
  type PostmanClient,
} from '../../../extension/core/import/postman/import-postman.ts';
import { reveal, type Secret } from '../../../extension/core/values/secret.ts';

/** The schema that a collection of a version names. */
export const schema = (version: string): string =>
  `https://schema.getpostman.com/json/collection/v${version}/collection.json`;
/** The head of a collection of version 2.1. */
export const info = { _postman_id: 'f00', name: 'Atlassian', schema: schema('2.1.0') };
const list = (fields: Record<string, unknown>) =>
  Object.entries(fields).map(([key, value]) => ({ key, value, type: 'any' }));
/** An authorization in the form of version 2.1. */
export const oauth2 = (fields: Record<string, unknown>) => ({
  type: 'oauth2',
  oauth2: list(fields),
});
/** See {@link oauth2}. */
export const oauth1 = (fields: Record<string, unknown>) => ({
  type: 'oauth1',
  oauth1: list(fields),
});

/** As Postman exports a client of Atlassian Cloud. */
export const cloud = {
  clientSecret: 'canary-secret',
  clientId: 'cloud-id',
  authUrl: 'https://auth.atlassian.com/authorize?audience=api.atlassian.com&prompt=consent&state=1',
  accessTokenUrl: 'https://auth.atlassian.com/oauth/token',
  scope: 'read:jira-work offline_access',
  redirect_uri: 'https://oauth.pstmn.io/v1/callback',
  grant_type: 'authorization_code',
  client_authentication: 'body',
  tokenName: 'Cloud',
  addTokenTo: 'header',
  headerPrefix: 'Bearer',
  useBrowser: true,
  state: 'x',
  challengeAlgorithm: 'S256',
};
/** A client of a provider that no preset describes. */
export const generic = {
  clientId: '{{id}}',
  clientSecret: 'generic-canary',
  authUrl: 'https://as.example/authorize?resource=wiki',
  accessTokenUrl: 'https://as.example/token',
  refreshTokenUrl: 'https://as.example/refresh',
  scope: 'openid',
  client_authentication: 'header',
  tokenName: 'Cloud',
  novelty: 1,
  authRequestParams: [{ key: 'nonce', value: 'n', enabled: true }],
};
const consumer = {
  consumerKey: 'link',
  consumerSecret: 'link-canary',
  signatureMethod: 'HMAC-SHA1',
};
/** The text of a collection with a client of Atlassian Cloud, one of another provider, and one of OAuth 1.0a. */
export const collectionJson = JSON.stringify({
  info,
  auth: oauth2(cloud),
  item: [
    { name: 'Other', request: { auth: oauth2(generic) } },
    { name: 'Link', request: { auth: oauth1(consumer) } },
  ],
});
/** The text of the environment that gives the second one its client ID. */
export const environmentJson = JSON.stringify({ values: [{ key: 'id', value: 'generic-id' }] });
/** What the secrets in the collection contain. */
export const canaries = /canary/u;
/** The clients in a collection. */
export function imported(collection: unknown, environment?: unknown): readonly PostmanClient[] {
  const result = importPostman(
    JSON.stringify(collection),
    environment === undefined ? undefined : JSON.stringify(environment),
  );
  if ('problem' in result) throw new Error(result.problem);
  return result.clients;
}
/** The one client in a collection. */
export function only(collection: unknown, environment?: unknown): PostmanClient {
  const [client, ...others] = imported(collection, environment);
  expect(others).toEqual([]);
  return client!;
}
/** A client's secrets as text. */
export const opened = (fields: PostmanClient['fields']): Record<string, string> =>
  Object.fromEntries(
    Object.entries(fields).flatMap(([key, value]: [string, unknown]) =>
      ['clientSecret', 'consumerSecret', 'privateKeyPem'].includes(key)
        ? [[key, reveal(value as Secret)]]
        : [],
    ),
  );
