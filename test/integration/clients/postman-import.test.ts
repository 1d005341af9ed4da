import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { importPostman } from '../../../extension/core/import/postman/import-postman.ts';
import { chosenDrafts, type ChosenEntries } from '../../../options/import/import-preview.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, allowHosts, runFlow } from '../../support/harness.ts';
import {
  canaries,
  cloud,
  collectionJson as json,
  environmentJson as environment,
  generic,
  info,
  oauth1,
  oauth2,
} from '../../support/samples/postman-samples.ts';
import { thirdPartyDraft } from '../../support/samples/signed-clients.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

/** Imports entries of a collection as the options page does. */
async function save(chosen: ChosenEntries, text = json) {
  const takenNames = (await harness.ui('client.list', {})).map(({ name }) => name);
  const clients = chosenDrafts(importPostman(text, environment), chosen, takenNames);
  return harness.ui('client.import', { clients });
}
const listed = async () => (await harness.ui('client.list', {})).map(({ name }) => name);

describe('saving', () => {
  test('saves the chosen entries with their secrets, and shows no secret', async () => {
    const { created } = await save({ entries: [1] });
    expect(created).toMatchObject([{ name: 'Cloud (2)', type: 'generic', hasSecret: true }]);
    expect(await listed()).toEqual(['Cloud (2)']);
    expect(JSON.stringify(created)).not.toMatch(canaries);
    expect(harness.world.local.dump()).not.toMatch(canaries);
    await revive();
    expect(await harness.ui('client.get-by-name', { name: 'cloud (2)' })).toEqual(created[0]);
  });

  test('keeps clear of names that are taken', async () => {
    await harness.ui('client.create', { client: aDraft({ name: 'cloud' }) });
    await save({ entries: [0, 1, 0] });
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
    const refused = (entries: number[], text = bad) => rejection(save({ entries }, text));
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
  const saveAt = async (servers: ChosenEntries['servers'] & object) => {
    const entries = servers.map(({ at }) => at);
    const { created } = await save({ entries, servers }, consumers);
    const [client] = created;
    if (client === undefined) throw new Error('nothing was saved');
    await allowHosts(harness, client);
    return client;
  };

  test('with a shared secret sign in at the addresses that they are given', async () => {
    const { consumers: known } = standin.oauth1.thirdParty;
    known.add({ key: 'ext-key', name: 'Threelo', secret: 'shared-secret' });
    const client = await saveAt([atThirdParty(0)]);
    expect(client).toMatchObject({ name: 'Photos', type: 'oauth1', hasSecret: true });
    expect(JSON.stringify(client)).not.toContain('shared-secret');
    expect(harness.world.local.dump()).not.toContain('shared-secret');
    expect((await runFlow(harness, client)).fault).toBeUndefined();
  });

  test('with a private key sign in as an application link by that key', async () => {
    const { consumers: known } = standin.oauth1.jira;
    const publicKeyPem = publicKey.export({ type: 'spki', format: 'pem' }).toString();
    known.add({ key: 'ext-key', name: 'Threelo', publicKeyPem });
    const client = await saveAt([atJira(1)]);
    expect(client).toMatchObject({ name: 'Link', type: 'application-link' });
    expect((await runFlow(harness, client)).fault).toBeUndefined();
    expect(harness.world.local.dump()).not.toContain('PRIVATE KEY');
  });

  test('without a key in the file get a pair of their own', async () => {
    const client = await saveAt([atJira(2)]);
    const { publicKeyPem = '' } = client;
    expect(createPublicKey(publicKeyPem).equals(publicKey)).toBe(false);
    standin.oauth1.jira.consumers.add({ key: 'ext-key', name: 'Threelo', publicKeyPem });
    expect((await runFlow(harness, client)).fault).toBeUndefined();
  });

  test('are saved together or not at all', async () => {
    expect(await rejection(saveAt([atThirdParty(0), atJira(3)]))).toMatchObject({
      fields: [{ field: '4.privateKeyPem', problem: 'key_not_pem' }],
    });
    expect(await rejection(saveAt([atJira(0)]))).toMatchObject({
      fields: [{ field: '1.signatureMethod', problem: 'choice_invalid' }],
    });
    const plain = { ...atThirdParty(0), tokenEndpoint: 'http://as.example' };
    expect(await rejection(saveAt([plain, atJira(1)]))).toMatchObject({
      fields: [{ field: '1.tokenEndpoint', problem: 'url_not_https' }],
    });
    expect([await listed(), harness.world.keyStore.privateKeys.size]).toEqual([[], 0]);
  });
});
