import { describe, expect, test } from 'vitest';
import {
  cloud,
  imported,
  info,
  oauth2,
  only,
  opened,
} from '../../../../test/support/samples/postman-samples.ts';

describe('variables', () => {
  const auth = oauth2({
    ...cloud,
    authUrl: '{{ base }}/authorize',
    accessTokenUrl: '{{base}}/token',
    clientId: '{{client_id}}',
    clientSecret: '{{client_secret}}',
    tokenName: '{{who}}',
  });
  const variable = [
    { key: 'base', value: 'https://{{host}}' },
    { key: 'host', value: 'collection.test' },
    { key: 'client_id', value: 'from-collection' },
    { key: 'client_secret', value: 'canary', disabled: true },
  ];
  const environment = {
    name: 'Production',
    values: [
      { key: 'host', value: 'environment.test', enabled: true },
      { key: 'client_id', value: 'off', enabled: false },
      { key: 'client_secret', value: 'from-environment', type: 'secret', enabled: true },
      { key: 'who', value: '' },
    ],
    _postman_variable_scope: 'environment',
  };
  test('of the environment have precedence over those of the collection', () => {
    const client = only({ info, auth, variable }, environment);
    expect(client).toMatchObject({
      fields: {
        authorizationEndpoint: 'https://environment.test/authorize',
        tokenEndpoint: 'https://environment.test/token',
        clientId: 'from-collection',
      },
      warnings: [],
      missing: [],
    });
    expect(opened(client.fields)).toEqual({ clientSecret: 'from-environment' });
  });
  test('that are not defined stay, are reported, and leave a secret out', () => {
    const client = only({ info, auth, variable: variable.slice(1, 2) });
    expect(client).toMatchObject({
      fields: { tokenEndpoint: '{{base}}/token', clientId: '{{client_id}}' },
      missing: ['authorizationEndpoint', 'tokenEndpoint', 'clientId'],
    });
    expect(client.fields).not.toHaveProperty('clientSecret');
    const names = client.warnings.map(({ subject }) => subject).sort();
    expect(names).toEqual(['base', 'client_id', 'client_secret']);
  });
  test('that expand exponentially are not resolved', () => {
    const laughs = Array.from({ length: 60 }, (_, at) => ({
      key: `v${at}`,
      value: `{{v${at + 1}}}`.repeat(200),
    }));
    const last = { key: 'v60', value: 'ha' };
    const grown = oauth2({ ...cloud, clientId: '{{v0}}' });
    const client = only({ info, auth: grown, variable: [...laughs, last] });
    expect(client.missing).toEqual(['clientId']);
    expect(JSON.stringify(client).length).toBeLessThan(1_000_000);
  });
  test('of folders and requests have precedence over those outside, and may be named by their id', () => {
    const item = [
      {
        name: 'Folder',
        variable: [
          { id: 'host', value: 'folder.test' },
          { id: 'f00-1', key: 'who', value: 'by key' },
          { value: 'nameless' },
        ],
        item: [
          { name: 'Inner', request: { auth } },
          { name: 'Own', variable: { host: 'request.test' }, request: { auth } },
        ],
      },
      { name: 'Outside', request: { auth } },
    ];
    const clients = imported({ info, item, variable });
    expect(
      clients.map(({ name, fields }) => [
        name,
        (fields as { tokenEndpoint: string }).tokenEndpoint,
      ]),
    ).toEqual([
      ['by key', 'https://folder.test/token'],
      ['by key', 'https://request.test/token'],
      ['{{who}}', 'https://collection.test/token'],
    ]);
  });
  test('that refer to one another without end are not resolved', () => {
    const chain = Array.from({ length: 20_000 }, (_, at) => ({
      key: `v${at}`,
      value: `{{v${at + 1}}}`,
    }));
    const client = only({ info, auth: oauth2({ ...cloud, clientId: '{{v0}}' }), variable: chain });
    expect(client.missing).toEqual(['clientId']);
  });
  test('that are defined by themselves are not resolved', () => {
    const circle = [
      { key: 'client_id', value: '{{a}}' },
      { key: 'a', value: '{{client_id}}{{client_id}}' },
    ];
    const client = only({
      info,
      auth: oauth2({ ...cloud, clientId: '{{client_id}}' }),
      variable: circle,
    });
    expect(client.missing).toEqual(['clientId']);
  });
});
