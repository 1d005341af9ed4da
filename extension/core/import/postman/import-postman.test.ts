import { inspect } from 'node:util';
import { describe, expect, test } from 'vitest';
import {
  cloud,
  imported,
  info,
  oauth1,
  oauth2,
  only,
  opened,
  schema,
} from '../../../../test/support/samples/postman-samples.ts';
import type { Secret } from '../../values/secret.ts';
import { importPostman } from './import-postman.ts';

const cloudFields = {
  authorizationEndpoint: 'https://auth.atlassian.com/authorize',
  tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
  clientId: 'cloud-id',
  clientAuthentication: 'post',
  scopes: ['read:jira-work', 'offline_access'],
  redirectUri: 'https://oauth.pstmn.io/v1/callback',
  usesPkce: false,
  extra: {
    authorization: [
      ['audience', 'api.atlassian.com'],
      ['prompt', 'consent'],
    ],
    token: [],
    refresh: [],
  },
};
const clean = { warnings: [], unknownFields: [], missing: [] };

describe('a collection', () => {
  test.each<[string, unknown]>([
    ['version 2.1', { info, item: [], auth: oauth2(cloud) }],
    [
      'version 2.0',
      {
        info: { ...info, schema: schema('2.0.0') },
        item: [],
        auth: { type: 'oauth2', oauth2: cloud },
      },
    ],
    ...[
      'https://schema.getpostman.com/json/collection/v2.1.0',
      'https://schema.postman.com/collection/json/v2.2/',
      ' https://schema.getpostman.com/json/collection/v2.3.0/draft-07/collection.json',
    ].map(
      (written) =>
        [written, { info: { ...info, schema: written }, auth: oauth2(cloud) }] as [string, unknown],
    ),
    ["Postman's API", { collection: { info, item: [], auth: oauth2(cloud) } }],
  ])('of %s contains its client', (_, collection) => {
    const client = only(collection);
    expect(client).toMatchObject({
      ...clean,
      kind: 'oauth2',
      name: 'Cloud',
      places: [['Atlassian']],
    });
    const { clientSecret: _secret, ...fields } = client.fields as { clientSecret?: Secret };
    expect(fields).toEqual(cloudFields);
    expect(opened(client.fields)).toEqual({ clientSecret: 'canary-secret' });
    expect(inspect(client, { depth: 9, showHidden: true })).not.toContain('canary');
    expect(JSON.stringify(client)).not.toContain('canary');
  });

  test('contains the clients of folders and requests, equal ones once', () => {
    const other = { ...cloud, clientId: 'other', tokenName: '' };
    const clients = imported({
      info,
      auth: oauth2(cloud),
      item: [
        {
          name: 'Jira',
          auth: oauth2({ ...cloud, tokenName: 'Again', surprise: 1 }),
          item: [
            { name: 'Inherits', request: { method: 'GET', url: 'https://x.test' } },
            { name: 'Own', request: { auth: oauth2(other), method: 'GET' } },
            { name: 'None', request: { auth: { type: 'noauth' } } },
            { name: 'Basic', request: { auth: { type: 'basic', basic: [] } } },
            { name: 'Text only', request: 'https://x.test' },
          ],
        },
        null,
      ],
    });
    expect(clients).toHaveLength(2);
    expect(clients[0]).toMatchObject({
      name: 'Cloud',
      places: [['Atlassian'], ['Atlassian', 'Jira']],
      unknownFields: ['surprise'],
    });
    expect(clients[1]).toMatchObject({ name: 'Own', places: [['Atlassian', 'Jira', 'Own']] });
  });

  test('contains two clients that differ only in their secrets', () => {
    const request = { auth: oauth2({ ...cloud, clientSecret: 'another' }) };
    expect(imported({ info, auth: oauth2(cloud), item: [{ name: 'R', request }] })).toHaveLength(2);
  });

  test('keeps additional parameters, except disabled ones, headers and secrets', () => {
    const entry = (key: string, value: unknown, more = {}) => ({
      key,
      value,
      enabled: true,
      ...more,
    });
    const client = only({
      info,
      auth: oauth2({
        ...cloud,
        authUrl: 'https://as.test/authorize',
        grant_type: 'authorization_code_with_pkce',
        client_authentication: 'header',
        audience: 'api',
        resource: 7,
        refreshTokenUrl: 'https://as.test/refresh',
        authRequestParams: [
          entry('access_type', 'offline', { send_as: 'request_url' }),
          entry('off', '1', { enabled: false }),
          entry('', 'nameless'),
        ],
        tokenRequestParams: [
          entry('X-Tenant', 'a', { send_as: 'request_header' }),
          entry('client_assertion', 'canary', { send_as: 'request_body' }),
          entry('tenant', '{{tenant}}', { send_as: 'request_body' }),
        ],
        refreshRequestParams: 'a=b',
      }),
      variable: [{ key: 'tenant', value: 'acme' }],
    });
    expect(client).toMatchObject({
      fields: {
        usesPkce: true,
        clientAuthentication: 'basic',
        refreshEndpoint: 'https://as.test/refresh',
        extra: {
          authorization: [
            ['audience', 'api'],
            ['resource', '7'],
            ['access_type', 'offline'],
          ],
          token: [['tenant', 'acme']],
          refresh: [],
        },
      },
      warnings: [
        { warning: 'header_parameter_left_out', subject: 'X-Tenant' },
        { warning: 'secret_parameter_left_out', subject: 'client_assertion' },
        { warning: 'parameter_unreadable', subject: 'refreshRequestParams' },
      ],
    });
    expect(JSON.stringify(client)).not.toContain('canary');
  });

  test.each([
    ['accessToken', 'canary', { warning: 'token_left_out', subject: 'accessToken' }],
    [
      'grant_type',
      'client_credentials',
      { warning: 'grant_type_unsupported', subject: 'client_credentials' },
    ],
    ['challengeAlgorithm', 'plain', { warning: 'plain_challenge', subject: 'challengeAlgorithm' }],
  ])('warns of %s %s', (key, value, warning) => {
    const client = only({ info, auth: oauth2({ ...cloud, [key]: value }) });
    expect(client.warnings).toEqual([warning]);
    expect(JSON.stringify(client)).not.toContain('canary');
  });

  test('reports missing members', () => {
    expect(only({ info, auth: oauth2({}) })).toMatchObject({
      name: 'Atlassian',
      missing: ['authorizationEndpoint', 'tokenEndpoint', 'clientId'],
    });
  });
});

describe('OAuth 1.0a', () => {
  const fields = {
    consumerKey: 'jira-key',
    signatureMethod: 'RSA-SHA1',
    privateKey: '-----BEGIN canary-----',
    token: 'canary-token',
    tokenSecret: 'canary-token-secret',
    version: '1.0',
    realm: 'https://jira.example.com',
    timestamp: '',
    nonce: '',
    addParamsToHeader: true,
    addEmptyParamsToSign: false,
  };
  const endpoints = [
    'temporaryCredentialsEndpoint',
    'authorizationEndpoint',
    'tokenCredentialsEndpoint',
  ];
  test('is read with its private key, but without its tokens', () => {
    const client = only({ info, item: [{ name: 'Server', request: { auth: oauth1(fields) } }] });
    expect(client).toMatchObject({
      kind: 'oauth1',
      name: 'Server',
      fields: {
        consumerKey: 'jira-key',
        signatureMethod: 'RSA-SHA1',
        realm: 'https://jira.example.com',
        sendsVersion: true,
      },
      warnings: [
        { warning: 'token_left_out', subject: 'token' },
        { warning: 'token_left_out', subject: 'tokenSecret' },
      ],
      unknownFields: [],
      missing: endpoints,
    });
    expect(opened(client.fields)).toEqual({ privateKeyPem: '-----BEGIN canary-----' });
    expect(JSON.stringify(client)).not.toContain('canary');
  });
  test.each([
    [{ consumerKey: 'k', consumerSecret: 's' }, 'HMAC-SHA1', [], []],
    [{ consumerKey: 'k' }, 'HMAC-SHA1', ['consumerSecret'], []],
    [{ signatureMethod: 'RSA-SHA1' }, 'RSA-SHA1', ['consumerKey', 'privateKeyPem'], []],
    [
      { consumerKey: 'k', consumerSecret: 's', signatureMethod: 'HMAC-SHA256' },
      'HMAC-SHA1',
      [],
      [{ warning: 'signature_method_unsupported', subject: 'HMAC-SHA256' }],
    ],
  ])('with %j signs by %s', (given, signatureMethod, missing, warnings) => {
    expect(only({ info, auth: oauth1(given) })).toMatchObject({
      fields: { signatureMethod, sendsVersion: false },
      missing: [...missing, ...endpoints],
      warnings,
    });
  });
});

test.each<[string, string, string | undefined, string]>([
  ['no JSON', '{"canary', undefined, 'json_invalid'],
  ['nothing', '', undefined, 'json_invalid'],
  ['a list', '[]', undefined, 'not_a_collection'],
  ['null', 'null', undefined, 'not_a_collection'],
  ['another object', '{"openapi":"3.1.0","info":{"title":"x"}}', undefined, 'not_a_collection'],
  ['an environment', '{"name":"e","values":[]}', undefined, 'is_environment'],
  ['version 1', '{"id":"1","name":"c","requests":[]}', undefined, 'version_unsupported'],
  [
    'version 3',
    JSON.stringify({ info: { ...info, schema: schema('3.0.0') } }),
    undefined,
    'version_unsupported',
  ],
  ['no OAuth', JSON.stringify({ info, item: [] }), undefined, 'nothing_found'],
  [
    'a broken environment',
    JSON.stringify({ info, auth: oauth2(cloud) }),
    '{',
    'environment_invalid',
  ],
  [
    'a collection instead of an environment',
    JSON.stringify({ info, auth: oauth2(cloud) }),
    JSON.stringify({ info }),
    'environment_invalid',
  ],
  [
    'too many nested folders',
    JSON.stringify({ info, item: Array.from({ length: 60 }).reduce((item) => [{ item }], []) }),
    undefined,
    'too_large',
  ],
])('%s is rejected', (_, json, environment, problem) => {
  expect(importPostman(json, environment)).toEqual({ problem });
});

test('a file with a byte order mark is read', () => {
  const json = `\uFEFF${JSON.stringify({ info, auth: oauth2(cloud) })}`;
  expect(importPostman(json)).toMatchObject({ name: 'Atlassian' });
});
