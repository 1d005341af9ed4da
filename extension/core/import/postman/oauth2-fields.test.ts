import { describe, expect, test } from 'vitest';
import { cloud, info, oauth2, only } from '../../../../test/support/samples/postman-samples.ts';

const scopes = ['read:jira-work', 'offline_access'];

describe('a client of a collection', () => {
  const query =
    'audience=api.atlassian.com&client_id=in-url&scope=read%3Ajira-work%20offline_access&redirect_uri=https%3A%2F%2Fapp.test%2Fcb&state=${X}&response_type=code&prompt=consent#top';
  const { clientId: _id, scope: _scope, redirect_uri: _uri, ...rest } = cloud;
  test('reads what stands only in the query of the authorization URL', () => {
    const authUrl = `https://auth.atlassian.com/authorize?${query}`;
    const client = only({ info, auth: oauth2({ ...rest, authUrl }) });
    expect(client).toMatchObject({
      warnings: [],
      missing: [],
      fields: {
        authorizationEndpoint: 'https://auth.atlassian.com/authorize',
        scopes,
        clientId: 'in-url',
        redirectUri: 'https://app.test/cb',
      },
    });
    const both = only({ info, auth: oauth2({ ...cloud, authUrl }) });
    expect(both.fields).toMatchObject({
      clientId: 'cloud-id',
      redirectUri: 'https://oauth.pstmn.io/v1/callback',
      scopes,
    });
  });
  test('reads the query of an authorization URL whose host is not known', () => {
    const authUrl = `{{base}}/authorize?${query}`;
    expect(only({ info, auth: oauth2({ ...rest, authUrl }) })).toMatchObject({
      fields: {
        authorizationEndpoint: '{{base}}/authorize',
        clientId: 'in-url',
        scopes: scopes,
      },
      missing: ['authorizationEndpoint'],
    });
  });
  test.each([
    ['read%3Ajira-work%20offline_access', scopes],
    ['read%3Ajira-work+offline_access', scopes],
    ['read:jira-work,offline_access', scopes],
    ['a+b 100%', ['a+b', '100%']],
    ['a%20%FF', ['a%20%FF']],
  ])('reads the scopes %s', (scope, expected) => {
    expect(only({ info, auth: oauth2({ ...cloud, scope }) }).fields).toMatchObject({
      scopes: expected,
    });
  });
});
