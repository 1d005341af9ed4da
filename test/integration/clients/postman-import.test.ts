import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import type { RequestOf } from '../../../extension/wire/commands.ts';
import type { ImportEntryView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, allowHosts, runFlow } from '../../support/harness.ts';
import { cloud, info, oauth1, oauth2 } from '../../support/samples/postman-samples.ts';
import { thirdPartyDraft } from '../../support/samples/signed-clients.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

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
  test(
    'of as many clients as a file may have, all of one name, takes seconds',
    { timeout: 20_000 },
    async () => {
      const item = Array.from({ length: 2000 }, (_, at) => ({
        request: { auth: oauth2({ ...cloud, clientId: `id-${at}` }) },
      }));
      const { entries } = await preview({ json: JSON.stringify({ info, item }) });
      expect([entries[0]?.name, entries[1999]?.name]).toEqual(['Cloud', 'Cloud (2000)']);
    },
  );
  test('shows what each configuration is, and saves nothing', async () => {
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
  test('saves the chosen entries with their secrets, and shows no secret', async () => {
    const body = { json, environment, entries: [1] };
    const { created } = await harness.ui('client.import-postman', body);
    expect(created).toMatchObject([{ name: 'Cloud (2)', type: 'generic', hasSecret: true }]);
    expect(await listed()).toEqual(['Cloud (2)']);
    expect(JSON.stringify(created)).not.toMatch(canaries);
    expect(harness.world.local.dump()).not.toMatch(canaries);
    await revive();
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
          request: {
            auth: oauth2({ ...generic, clientId: 'b', accessTokenUrl: 'http://as.example' }),
          },
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
      fields: [
        { field: '3.requestTokenEndpoint', problem: 'required' },
        { field: '3.authorizationEndpoint', problem: 'required' },
        { field: '3.tokenEndpoint', problem: 'required' },
      ],
    });
    expect(await refused([7])).toMatchObject({ fields: [{ field: '8.type' }] });
    expect(await refused([0], '{')).toMatchObject({ subject: 'json_invalid' });
    expect(await listed()).toEqual([]);
  });
});

describe('consumers of OAuth 1.0a', () => {
  const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
  const pem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
  const rsa = { consumerKey: 'ext-key', signatureMethod: 'RSA-SHA1' };
  const request = (name: string, fields: object) => ({
    name,
    request: { auth: oauth1(fields as Record<string, unknown>) },
  });
  const consumers = JSON.stringify({
    info,
    item: [
      request('Photos', { consumerKey: 'ext-key', consumerSecret: 'shared-secret' }),
      request('Link', { ...rsa, privateKey: pem }),
      request('Keyless', rsa),
      request('Broken', { ...rsa, privateKey: 'canary' }),
    ],
  });
  const atThirdParty = (at: number) => {
    const { clientSecret: _secret, ...server } = thirdPartyDraft({ standin });
    return { at, ...server };
  };
  const atJira = (at: number) => {
    const { baseUrl } = standin.oauth1.jira;
    return { at, type: 'application-link', product: 'jira', baseUrl } as const;
  };
  const save = async (servers: RequestOf<'client.import-postman'>['servers'] & object) => {
    const entries = servers.map(({ at }) => at);
    const body = { json: consumers, entries, servers };
    const { created } = await harness.ui('client.import-postman', body);
    const [client] = created;
    if (client === undefined) throw new Error('nothing was saved');
    await allowHosts(harness, client);
    return client;
  };

  test('are shown without their keys; a key that cannot be read is reported', async () => {
    const { entries } = await preview({ json: consumers });
    expect(entries).toMatchObject([
      { name: 'Photos', hasSecret: true, problems: [] },
      { name: 'Link', hasSecret: true, problems: [] },
      { name: 'Keyless', hasSecret: false, problems: [] },
      { name: 'Broken', problems: [{ field: 'privateKeyPem', problem: 'key_not_pem' }] },
    ]);
    expect(JSON.stringify(entries)).not.toMatch(/canary|shared-secret|PRIVATE/u);
  });

  test('with a shared secret sign in at the addresses that they are given', async () => {
    const { consumers: known } = standin.oauth1.thirdParty;
    known.add({ key: 'ext-key', name: 'Threelo', secret: 'shared-secret' });
    const client = await save([atThirdParty(0)]);
    expect(client).toMatchObject({ name: 'Photos', type: 'oauth1', hasSecret: true });
    expect(JSON.stringify(client)).not.toContain('shared-secret');
    expect(harness.world.local.dump()).not.toContain('shared-secret');
    expect((await runFlow(harness, client)).fault).toBeUndefined();
  });

  test('with a private key sign in as an application link by that key', async () => {
    const { consumers: known } = standin.oauth1.jira;
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    known.add({ key: 'ext-key', name: 'Threelo', publicKeyPem });
    const client = await save([atJira(1)]);
    expect(client).toMatchObject({ name: 'Link', type: 'application-link' });
    expect((await runFlow(harness, client)).fault).toBeUndefined();
    expect(harness.world.local.dump()).not.toContain('PRIVATE KEY');
  });

  test('without a key in the file get a pair of their own', async () => {
    const client = await save([atJira(2)]);
    const { publicKeyPem = '' } = client;
    expect(createPublicKey(publicKeyPem).equals(publicKey)).toBe(false);
    standin.oauth1.jira.consumers.add({ key: 'ext-key', name: 'Threelo', publicKeyPem });
    expect((await runFlow(harness, client)).fault).toBeUndefined();
  });

  test('are saved together or not at all', async () => {
    expect(await rejection(save([atThirdParty(0), atJira(3)]))).toMatchObject({
      fields: [{ field: '4.privateKeyPem', problem: 'key_not_pem' }],
    });
    expect(await rejection(save([atJira(0)]))).toMatchObject({
      fields: [{ field: '1.signatureMethod', problem: 'choice_invalid' }],
    });
    const plain = { ...atThirdParty(0), tokenEndpoint: 'http://as.example' };
    expect(await rejection(save([plain, atJira(1)]))).toMatchObject({
      fields: [{ field: '1.tokenEndpoint', problem: 'url_not_https' }],
    });
    expect([await listed(), harness.world.keyStore.privateKeys.size]).toEqual([[], 0]);
  });
});
