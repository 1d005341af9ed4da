import { describe, expect, test } from 'vitest';
import { dataCenterFacts } from '../provider/data-center.ts';
import { profileOf } from '../provider/provider-profile.ts';
import { providerTypes } from '../provider/provider-type.ts';
import { draftOfProduct, draftOfType } from './change-provider-type.ts';
import { blankDraft, draftProblems, type ClientDraft } from './client-configuration.ts';

const common = { name: 'Team', description: 'Ours', clientId: 'abc', clientSecret: 'hidden' };
const draftFor = (type: ClientDraft['type'], part: Partial<ClientDraft> = {}): ClientDraft => ({
  ...blankDraft(type),
  ...common,
  ...part,
});

describe('another type', () => {
  const pairs = providerTypes.flatMap((from) => providerTypes.map((to) => [from, to] as const));

  test.each(pairs)('from %s to %s keeps the common members and has the new presets', (from, to) => {
    const parameters = { authorizationParameters: { a: '1' }, tokenParameters: { b: '2' } };
    const draft = draftOfType(draftFor(from, parameters), to);
    expect(draft).toEqual({ ...draftFor(to), ...parameters });
  });

  test('restores the values that the form had when it last had that type', () => {
    const typed = draftFor('data-center', { baseUrl: 'https://example.com/jira' });
    const between = draftOfType(typed, 'generic');
    expect(between.baseUrl).toBeUndefined();
    const back = draftOfType({ ...between, name: 'Renamed' }, 'data-center', typed);
    expect(back).toEqual({ ...typed, name: 'Renamed' });
  });

  test('keeps the product and its base URL between the two protocols of Data Center', () => {
    const place = { baseUrl: 'https://example.com/wiki', product: 'confluence' } as const;
    const link = draftOfType(
      draftFor('data-center', { ...place, isHttpAllowed: true }),
      'application-link',
    );
    expect(link).toMatchObject({ ...place, scopes: [] });
    expect(link.isHttpAllowed).toBeUndefined();
    expect(draftOfType(link, 'data-center')).toMatchObject({ ...place, scopes: ['READ'] });
  });

  test('keeps typed values that the new type allows', () => {
    const typed = draftFor('generic', {
      authorizationEndpoint: 'https://accounts.google.com/o/oauth2/auth',
      tokenEndpoint: 'https://id.example/token',
      apiBase: 'https://api.example',
      clientAuthentication: 'basic',
      scopes: ['mail'],
    });
    const google = draftOfType(typed, 'google');
    expect(google).toMatchObject({
      authorizationEndpoint: typed.authorizationEndpoint,
      tokenEndpoint: profileOf('google').tokenEndpoint,
      apiBase: 'https://api.example',
      scopes: ['openid', 'email', 'profile', 'mail'],
    });
    expect(google.clientAuthentication).toBeUndefined();
    expect(draftOfType(typed, 'data-center').clientAuthentication).toBe('basic');
    expect(draftOfType(google, 'generic').scopes).toEqual(['mail']);
  });

  test('keeps neither the hosts nor the http permission of another provider', () => {
    const isolated = draftFor('atlassian-gov-cloud', {
      authorizationEndpoint: 'https://auth.isolated.example/authorize',
      tokenEndpoint: 'https://auth.isolated.example/oauth/token',
      apiBase: 'https://api.isolated.example',
    });
    expect(draftOfType(isolated, 'atlassian-cloud')).toEqual(draftFor('atlassian-cloud'));
    const plain = draftFor('data-center', { baseUrl: 'http://jira.local', isHttpAllowed: true });
    expect(draftOfType(plain, 'generic')).toEqual(draftFor('generic'));
  });

  test('keeps the scopes of a cloud in the other cloud', () => {
    const draft = draftOfType(draftFor('atlassian-cloud', { scopes: ['read:me'] }), 'generic');
    expect(draft.scopes).toEqual([]);
    const gov = draftOfType(
      draftFor('atlassian-cloud', { scopes: ['read:me'] }),
      'atlassian-gov-cloud',
    );
    expect(gov.scopes).toEqual(['read:me']);
    expect(draftProblems(gov, { takenNames: [], hasSecret: false })).toEqual([]);
  });
});

test('another product keeps the scopes if it has all of them, else it has its default scope', () => {
  const jira = draftFor('data-center', { scopes: ['WRITE'] });
  expect(draftOfProduct(jira, 'confluence')).toEqual({ ...jira, product: 'confluence' });
  expect(draftOfProduct(jira, 'bitbucket').scopes).toEqual([
    dataCenterFacts.bitbucket.defaultScope,
  ]);
  expect(draftOfProduct({ ...jira, scopes: [] }, 'bamboo').scopes).toEqual(['READ']);
});
