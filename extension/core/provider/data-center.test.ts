import { describe, expect, test } from 'vitest';
import {
  dataCenterFacts,
  dataCenterProducts,
  impliedScopes,
  minimalScopes,
  type DataCenterProduct,
} from './data-center.ts';
import { endpointsAt } from './derived-endpoints.ts';

test('the endpoints are under the context path of the base URL', () => {
  expect(endpointsAt('data-center', 'https://example.com/jira')).toEqual({
    authorizationEndpoint: 'https://example.com/jira/rest/oauth2/latest/authorize',
    tokenEndpoint: 'https://example.com/jira/rest/oauth2/latest/token',
    revocationEndpoint: 'https://example.com/jira/rest/oauth2/latest/revoke',
  });
});

describe('scopes', () => {
  test.each(dataCenterProducts)('of %s imply only weaker ones', (product) => {
    const { scopes, defaultScope } = dataCenterFacts[product];
    const names = scopes.map(({ scope }) => scope);
    expect(names).toContain(defaultScope);
    scopes.forEach(({ implies }, at) => {
      implies.forEach((implied) => expect(names.slice(0, at)).toContain(implied));
    });
    expect(impliedScopes(product, [names.at(-1)!])).toEqual(names);
  });
  test.each<[DataCenterProduct, string[], string[], string[]]>([
    ['jira', ['WRITE'], ['READ', 'WRITE'], ['WRITE']],
    ['confluence', ['READ', 'ADMIN', 'READ'], ['READ', 'WRITE', 'ADMIN'], ['ADMIN']],
    [
      'bitbucket',
      ['ACCOUNT_WRITE', 'REPO_WRITE'],
      ['PUBLIC_REPOS', 'ACCOUNT_WRITE', 'REPO_READ', 'REPO_WRITE'],
      ['ACCOUNT_WRITE', 'REPO_WRITE'],
    ],
    ['bamboo', ['TRIGGER', 'WRITE'], ['READ', 'TRIGGER', 'WRITE'], ['TRIGGER', 'WRITE']],
    ['jira', [], [], []],
  ])('of %s: %j include %j, and %j have to be requested', (product, scopes, implied, minimal) => {
    expect(impliedScopes(product, scopes)).toEqual(implied);
    expect(minimalScopes(product, scopes)).toEqual(minimal);
  });
});
