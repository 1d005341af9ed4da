/* The RSA keys of OAuth 1.0a consumers, from their making to their end. */
import { createPublicKey, generateKeyPairSync } from 'node:crypto';
import { expect, describe, test } from 'vitest';
import {
  blankDraft,
  type ClientDraft,
} from '../../../extension/core/client/client-configuration.ts';
import { rejection } from '../../support/faults.ts';
import { runFlow } from '../../support/harness.ts';
import { applicationLink } from '../../support/samples/signed-clients.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

const link = (changes: Partial<ClientDraft> = {}) => applicationLink({ harness, standin }, changes);

describe('the keys of a consumer', () => {
  test('are made with the client, of 2048 bits, and only the public one is shown', async () => {
    const client = await link();
    const key = createPublicKey(client.publicKeyPem ?? '');
    expect(key.asymmetricKeyDetails).toMatchObject({ modulusLength: 2048 });
    const keys = [...harness.world.keyStore.privateKeys.values()];
    expect(keys.map(({ extractable }) => extractable)).toEqual([false]);
  });

  test('can be replaced; then the link needs the new one', async () => {
    const client = await link();
    const after = await harness.ui('client.new-key-pair', { id: client.id });
    expect(after.publicKeyPem).not.toBe(client.publicKeyPem);
    expect((await runFlow(harness, client)).fault).toMatchObject({ subject: 'signature_invalid' });
    const { publicKeyPem = '' } = after;
    standin.oauth1.jira.consumers.add({ key: 'ext-key', name: 'Threelo', publicKeyPem });
    expect((await runFlow(harness, after)).fault).toBeUndefined();
    expect(harness.world.keyStore.privateKeys.size).toBe(1);
  });

  test('stay with an edit, and go with the client', async () => {
    const client = await link();
    const { name: _, ...rest } = client;
    const draft = { ...blankDraft('application-link'), ...rest, name: 'Another name' };
    const after = await harness.ui('client.update', { id: client.id, client: draft });
    expect(after.publicKeyPem).toBe(client.publicKeyPem);
    await harness.ui('client.delete', { id: client.id });
    expect(harness.world.keyStore.privateKeys.size).toBe(0);
  });

  test('can be brought along in PKCS#8', async () => {
    const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const privateKeyPem = privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
    const client = await link({ privateKeyPem });
    const told = createPublicKey(client.publicKeyPem ?? '');
    expect(told.equals(publicKey)).toBe(true);
    expect((await runFlow(harness, client)).fault).toBeUndefined();
    expect(harness.world.local.dump()).not.toContain('PRIVATE KEY');
  });

  const { privateKey: ecKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  test.each([
    ['no key', 'key_not_pem'],
    [ecKey.export({ type: 'pkcs8', format: 'pem' }).toString(), 'key_damaged'],
  ])('are refused with the reason when they are none: %j', async (privateKeyPem, problem) => {
    const refused = await rejection(link({ privateKeyPem }));
    const fields = [{ field: 'privateKeyPem', problem }];
    expect(refused).toMatchObject({ code: 'invalid_client', fields });
    expect(await harness.ui('client.list', {})).toEqual([]);
  });

  test('that are lost are reported as lost', async () => {
    const client = await link();
    await harness.world.keyStore.deleteOtherPrivateKeys([]);
    const flow = await runFlow(harness, client);
    expect(flow.fault).toMatchObject({ code: 'seal_broken', subject: 'RSA key' });
  });

  test('that are lost are found at the next start, and reported until there is a new pair', async () => {
    const client = await link();
    await runFlow(harness, client);
    const told = async () => {
      const { clients } = await harness.ui('overview.get', {});
      const sessions = await harness.ui('session.list', {});
      return [...clients, ...sessions].map(({ isKeyPairLost }) => isKeyPairLost);
    };
    await revive();
    expect(await told()).toEqual([undefined, undefined]);
    await harness.world.keyStore.deleteOtherPrivateKeys([]);
    await revive();
    expect(await told()).toEqual([true, true]);
    expect(await harness.ui('client.get', client)).toMatchObject({ missingField: 'privateKeyPem' });
    await harness.ui('client.new-key-pair', { id: client.id });
    expect(await told()).toEqual([undefined, undefined]);
  });

  test('that cannot be read at the moment are not reported as lost', async () => {
    await link();
    const { keyStore } = harness.world;
    Object.assign(keyStore, { privateKey: () => Promise.reject(new Error('locked')) });
    await revive();
    const [client] = await harness.ui('client.list', {});
    expect(client?.isKeyPairLost).toBeUndefined();
  });
});
