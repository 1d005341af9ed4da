import { describe, expect, test } from 'vitest';
import { info, oauth1, oauth2, only } from '../../../../test/support/samples/postman-samples.ts';
import { secret } from '../../values/secret.ts';
import type { ConsumerServer } from '../consumer-server.ts';
import { draftOfConsumer } from './oauth1-draft.ts';
import { draftOfPostman } from './oauth2-draft.ts';

const hmac = {
  consumerKey: 'key',
  signatureMethod: 'HMAC-SHA1',
  consumerSecret: secret('shared'),
  privateKeyPem: secret('unused key'),
} as const;
const rsa = { ...hmac, signatureMethod: 'RSA-SHA1' } as const;
const jira: ConsumerServer = {
  type: 'application-link',
  product: 'jira',
  baseUrl: 'https://jira.example/jira/browse/A-1',
};
const provider: ConsumerServer = {
  type: 'oauth1',
  requestTokenEndpoint: 'https://as.example/request',
  authorizationEndpoint: 'https://as.example/authorize',
  tokenEndpoint: 'https://as.example/access',
};
const problems = (...args: Parameters<typeof draftOfConsumer>) =>
  draftOfConsumer(...args).problems.map(({ field, problem }) => `${field} ${problem}`);

describe('a consumer of a Postman collection', () => {
  test('with RSA becomes an application link at the base URL of a product, with its key', () => {
    const { draft, problems: found, leftOut } = draftOfConsumer('Link', rsa, jira);
    expect(draft).toEqual({
      name: 'Link',
      description: '',
      type: 'application-link',
      clientId: 'key',
      product: 'jira',
      baseUrl: 'https://jira.example/jira',
      scopes: [],
      authorizationEndpoint: 'https://jira.example/jira/plugins/servlet/oauth/authorize',
      tokenEndpoint: 'https://jira.example/jira/plugins/servlet/oauth/access-token',
      privateKeyPem: 'unused key',
    });
    expect([found, leftOut]).toEqual([[], []]);
  });

  test('becomes a client of a provider with three endpoints, with the secret that its method needs', () => {
    const apiBase = 'https://api.example/';
    const { draft, problems: found } = draftOfConsumer('Photos', hmac, { ...provider, apiBase });
    expect(draft).toEqual({
      ...provider,
      name: 'Photos',
      description: '',
      clientId: 'key',
      scopes: [],
      apiBase: 'https://api.example',
      signatureMethod: 'HMAC-SHA1',
      clientSecret: 'shared',
    });
    expect(found).toEqual([]);
    const signed = draftOfConsumer('Photos', rsa, provider).draft;
    expect(signed).toMatchObject({ signatureMethod: 'RSA-SHA1', privateKeyPem: 'unused key' });
    expect(signed.clientSecret).toBeUndefined();
  });

  test('without a server lacks its endpoints', () => {
    const required = ['requestTokenEndpoint', 'authorizationEndpoint', 'tokenEndpoint'];
    expect(problems('Link', hmac)).toEqual(required.map((field) => `${field} required`));
    expect(problems('Link', rsa, { ...jira, baseUrl: '' })).toEqual([
      expect.stringMatching(/^baseUrl /u),
    ]);
  });

  test.each([
    [{ ...provider, tokenEndpoint: 'http://as.example' }, 'tokenEndpoint url_not_https'],
    [{ ...provider, apiBase: 'nowhere' }, 'apiBase url_invalid'],
    [
      { ...provider, requestTokenEndpoint: 'https://api.atlassian.com/x' },
      'requestTokenEndpoint url_of_cloud',
    ],
    [jira, 'signatureMethod choice_invalid'],
  ] as const)('cannot be saved at %o', (server, problem) => {
    expect(problems('Link', hmac, server)).toEqual([problem]);
  });

  test('reports what is left out', () => {
    expect(draftOfConsumer('Link', { ...hmac, realm: 'x' }, provider).leftOut).toEqual(['realm']);
  });
});

describe('a variable that is not defined', () => {
  const fields = (part: object) => ({
    clientId: 'id',
    authUrl: 'https://as.example/a',
    accessTokenUrl: 'https://as.example/t',
    scope: 'openid',
    ...part,
  });
  const problemsOf = (part: object) => {
    const client = only({ info, auth: oauth2(fields(part)) });
    if (client.kind !== 'oauth2') throw new Error(client.kind);
    return draftOfPostman('Other', client.fields).problems;
  };

  test.each([
    [{ clientId: '{{id}}' }, 'clientId'],
    [{ clientId: 'a-{{id}}' }, 'clientId'],
    [{ authUrl: '{{base}}/authorize' }, 'authorizationEndpoint'],
    [{ accessTokenUrl: 'https://as.example/{{path}}' }, 'tokenEndpoint'],
    [{ scope: '{{scopes}}' }, 'scopes'],
  ])('makes %o invalid, and no other problem of its member is reported', (part, field) => {
    expect(problemsOf(part)).toEqual([{ field, problem: 'variable_unresolved' }]);
    expect(problemsOf({})).toEqual([]);
  });

  test('makes a consumer invalid', () => {
    const client = only({ info, auth: oauth1({ consumerKey: '{{key}}', consumerSecret: 's' }) });
    if (client.kind !== 'oauth1') throw new Error(client.kind);
    expect(problems('Link', client.fields, provider)).toEqual(['clientId variable_unresolved']);
  });
});
