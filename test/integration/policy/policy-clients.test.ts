import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { aDraft, dashboard } from '../../support/harness.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { harness, revive, standin } from '../use-session.ts';
import {
  allowPolicyHosts,
  policyClient,
  setPolicy,
  signIn,
  usePolicy,
  wholePolicy,
  withdraw,
} from '../use-policy.ts';

usePolicy();

const { clientSecret, ...withoutSecret } = policyClient;
const clients = async () => (await harness.ui('overview.get', {})).clients;
async function onlyClient() {
  const [client] = await clients();
  if (client === undefined) throw new Error('no client');
  return client;
}

test('nobody can change or delete a client of the policy', async () => {
  await setPolicy(wholePolicy);
  const client = await onlyClient();
  expect(client).toMatchObject({ managed: { hasSecret: true }, hasSecret: true });
  const draft = aDraft({ name: 'Mine', clientId: 'mine' });
  const changed = rejection(harness.ui('client.update', { id: client.id, client: draft }));
  const deleted = rejection(harness.ui('client.delete', { id: client.id }));
  expect([(await changed).code, (await deleted).code]).toEqual(['managed', 'managed']);
  expect(await onlyClient()).toEqual(client);
});

test('a secret that the policy does not give is asked for once, and nothing else can be changed with it', async () => {
  await setPolicy({ clients: [withoutSecret] });
  const { id, missingField, managed } = await onlyClient();
  expect([missingField, managed]).toEqual(['clientSecret', { hasSecret: false }]);
  const draft = aDraft({ name: 'Mine', clientId: 'mine', clientSecret });
  const changed = await harness.ui('client.update', { id, client: draft });
  expect(changed).toMatchObject({ name: policyClient.name, clientId: policyClient.clientId });
  expect((await signIn()).status).toBe('valid');
  await revive();
  await harness.background.policy.refresh();
  expect((await onlyClient()).hasSecret).toBe(true);
  const emptied = aDraft({ clientSecret: '' });
  expect((await rejection(harness.ui('client.update', { id, client: emptied }))).code).toBe(
    'managed',
  );
});

test('a secret that the policy gives no more is removed', async () => {
  await setPolicy(wholePolicy);
  await setPolicy({ clients: [withoutSecret] });
  expect(await onlyClient()).toMatchObject({ hasSecret: false, missingField: 'clientSecret' });
});

test('hosts of its clients and pages of the policy are asked for together, and the first call works', async () => {
  const jira = systemCase('Data Center, jira');
  const { id, name, clientId, clientSecret: given } = policyClient;
  const client = { id, name, clientId, clientSecret: given, ...jira.draft(standin) };
  const { origin } = new URL(standin.dataCenter.jira.baseUrl);
  await setPolicy({
    clients: [client],
    connectedPages: [{ origin: dashboard, sites: [standin.dataCenter.jira.baseUrl] }],
  });
  expect(await allowPolicyHosts()).toEqual([`${dashboard}/*`, `${origin}/*`]);
  jira.register(standin, clientId, given, (await onlyClient()).redirectUri);
  await signIn();
  const { status } = await fetchAll(harness.page(), { input: jira.path });
  expect(status).toBe(200);
  expect(await allowPolicyHosts()).toEqual([]);
});

/** A private key with the modulus of another one, in PEM. */
function mixedKey(): string {
  const jwk = () =>
    generateKeyPairSync('rsa', { modulusLength: 1024 }).privateKey.export({ format: 'jwk' });
  const { n = '' } = jwk();
  const key = { ...jwk(), n };
  return createPrivateKey({ key, format: 'jwk' })
    .export({ type: 'pkcs8', format: 'pem' })
    .toString();
}

const linkWith = (privateKeyPem: string) => ({
  id: 'link',
  name: 'Link',
  type: 'application-link',
  clientId: 'key',
  product: 'jira',
  baseUrl: 'https://jira.example',
  privateKeyPem,
});

test('a client whose private key cannot be used is reported, and all others are there', async () => {
  const link = linkWith(mixedKey());
  await setPolicy({ clients: [link, policyClient] });
  expect((await clients()).map(({ name }) => name)).toEqual([policyClient.name]);
  const problems = [{ field: '/clients/0/privateKeyPem', problem: 'key_damaged' }];
  expect((await harness.ui('about.get', {})).policy?.problems).toEqual(problems);
  await harness.background.policy.refresh();
  expect((await harness.ui('about.get', {})).policy?.problems).toEqual(problems);
});

test('a private key of the policy that is lost is stored again', async () => {
  const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 1024 });
  const link = linkWith(privateKey.export({ type: 'pkcs8', format: 'pem' }).toString());
  await setPolicy({ clients: [link] });
  await harness.world.keyStore.deleteOtherPrivateKeys([]);
  await revive();
  expect(await onlyClient()).toMatchObject({ isKeyPairLost: true });
  await harness.background.policy.refresh();
  expect(await onlyClient()).not.toHaveProperty('isKeyPairLost');
  await revive();
  expect(await onlyClient()).not.toHaveProperty('isKeyPairLost');
});

test('a change of the policy keeps the session; another client ID ends it', async () => {
  await setPolicy(wholePolicy);
  const { id } = await signIn();
  const renamed = { ...policyClient, name: 'Renamed', clientSecret: 'another-secret' };
  await setPolicy({ clients: [renamed] });
  expect([(await onlyClient()).name, (await harness.ui('session.list', {}))[0]?.id]).toEqual([
    'Renamed',
    id,
  ]);
  await setPolicy({ clients: [{ ...renamed, clientId: 'other' }] });
  expect(await harness.ui('session.list', {})).toEqual([]);
});

test('a name that a client of the person has gets a number, as long as it has', async () => {
  const own = await harness.ui('client.create', { client: aDraft({ name: policyClient.name }) });
  await setPolicy(wholePolicy);
  const names = async () => (await clients()).map(({ name }) => name);
  expect(await names()).toEqual([policyClient.name, `${policyClient.name} (2)`]);
  await harness.ui('client.delete', { id: own.id });
  await revive();
  await harness.background.policy.refresh();
  expect(await names()).toEqual([policyClient.name]);
});

test('what is up to date is not written again', async () => {
  await setPolicy(wholePolicy);
  const before = JSON.stringify([...harness.world.local.entries]);
  standin.clock.advance(1000);
  await revive();
  await harness.background.policy.refresh();
  expect(JSON.stringify([...harness.world.local.entries])).toBe(before);
});

test('the same client has the same id after the policy was withdrawn', async () => {
  await setPolicy(wholePolicy);
  const { id } = await onlyClient();
  await withdraw();
  await setPolicy(wholePolicy);
  expect((await onlyClient()).id).toBe(id);
});
