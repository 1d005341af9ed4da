import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ImportEntryView } from '../../extension/wire/views.ts';
import { startStandin, type Standin } from '../standin/standin.ts';
import { rejection } from '../support/faults.ts';
import { aDraft, startHarness, type Harness } from '../support/harness.ts';
import { cloud, info, oauth1, oauth2 } from '../support/postman-samples.ts';

let standin: Standin;
let harness: Harness;
beforeEach(async () => {
  standin = await startStandin();
  harness = await startHarness(standin);
});
afterEach(() => standin.close());

const generic = {
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
const json = JSON.stringify({
  info,
  auth: oauth2(cloud),
  item: [
    { name: 'Other', request: { auth: oauth2(generic) } },
    { name: 'Link', request: { auth: oauth1(consumer) } },
  ],
});
const environment = JSON.stringify({ values: [{ key: 'id', value: 'generic-id' }] });
const canaries = /canary/u;

async function preview(body: { json: string; environment?: string }) {
  const found = await harness.ui('client.import-preview', body);
  if ('problem' in found) throw new Error(found.problem);
  return found;
}
const listed = async () => (await harness.ui('client.list', {})).map(({ name }) => name);

describe('the preview', () => {
  test('tells of each configuration what it is, and saves nothing', async () => {
    const before = harness.world.local.dump();
    const { name, entries } = await preview({ json, environment });
    expect(name).toBe('Atlassian');
    expect(entries).toMatchObject([
      {
        kind: 'oauth2',
        name: 'Cloud',
        client: {
          type: 'atlassian-cloud',
          clientId: 'cloud-id',
          scopes: ['read:jira-work', 'offline_access'],
        },
        hasSecret: true,
        problems: [],
        leftOut: [],
      },
      {
        kind: 'oauth2',
        name: 'Cloud (2)',
        client: {
          type: 'generic',
          clientId: 'generic-id',
          clientAuthentication: 'basic',
          authorizationParameters: { resource: 'wiki' },
        },
        leftOut: ['nonce', 'refreshTokenUrl'],
        unknownFields: ['novelty'],
        places: [['Atlassian', 'Other']],
      },
      {
        kind: 'oauth1',
        name: 'Link',
        consumerKey: 'link',
        signatureMethod: 'HMAC-SHA1',
        hasSecret: true,
      },
    ] satisfies readonly Partial<Record<keyof ImportEntryView, unknown> | object>[]);
    expect(harness.world.local.dump()).toBe(before);
  });

  test('has no secret in it', async () => {
    expect(json).toMatch(canaries);
    expect(JSON.stringify(await preview({ json, environment }))).not.toMatch(canaries);
  });

  test('says what a variable that nothing defines leaves open', async () => {
    const { entries } = await preview({ json });
    expect(entries[1]).toMatchObject({
      missing: ['clientId'],
      warnings: [{ warning: 'variable_unresolved', subject: 'id' }],
    });
  });

  test.each([
    ['{', 'json_invalid'],
    ['{"values":[]}', 'is_environment'],
    [JSON.stringify({ info }), 'nothing_found'],
  ])('of %s says why it cannot be read', async (text, problem) => {
    expect(await harness.ui('client.import-preview', { json: text })).toEqual({ problem });
  });
});

describe('saving', () => {
  test('takes the chosen entries with their secrets, which nobody is told', async () => {
    const body = { json, environment, entries: [1] };
    const { created } = await harness.ui('client.import-postman', body);
    expect(created).toMatchObject([{ name: 'Cloud (2)', type: 'generic', hasSecret: true }]);
    expect(await listed()).toEqual(['Cloud (2)']);
    expect(JSON.stringify(created)).not.toMatch(canaries);
    expect(harness.world.local.dump()).not.toMatch(canaries);
    harness = await harness.revive();
    expect(await harness.ui('client.get-by-name', { name: 'cloud (2)' })).toEqual(created[0]);
  });

  test('keeps clear of names that are taken', async () => {
    await harness.ui('client.create', { client: aDraft({ name: 'cloud' }) });
    await harness.ui('client.import-postman', { json, environment, entries: [0, 1, 0] });
    expect(await listed()).toEqual(['cloud', 'Cloud (2)', 'Cloud (3)']);
  });

  test('saves nothing when one of the chosen cannot be saved', async () => {
    const bad = JSON.stringify({
      info,
      auth: oauth2(cloud),
      item: [
        {
          name: 'B',
          request: { auth: oauth2({ ...generic, accessTokenUrl: 'http://as.example' }) },
        },
      ],
    });
    const refused = (entries: number[], text = bad) =>
      rejection(harness.ui('client.import-postman', { json: text, entries }));
    expect(await refused([0, 1])).toMatchObject({
      code: 'invalid_import',
      fields: [{ field: '2.tokenEndpoint', problem: 'url_not_https' }],
    });
    expect(await refused([2], json)).toMatchObject({
      fields: [{ field: '3.type', problem: 'type_unsupported' }],
    });
    expect(await refused([7])).toMatchObject({ fields: [{ field: '8.type' }] });
    expect(await refused([0], '{')).toMatchObject({ subject: 'json_invalid' });
    expect(await listed()).toEqual([]);
  });
});
