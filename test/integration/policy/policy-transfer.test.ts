/* Export and import where an organization's policy sets something. */
import { expect, test } from 'vitest';
import { aDraft, addClient, connect, startHarness, type Harness } from '../../support/harness.ts';
import { harness, standin } from '../use-session.ts';
import {
  allowPolicyHosts,
  policyClient,
  setPolicy,
  signIn,
  usePolicy,
  wholePolicy,
} from '../use-policy.ts';

usePolicy();

const passphrase = 'correct horse battery';
const another = () => startHarness(standin);

test('what the policy gives is not exported: no secret, no connection, no setting', async () => {
  await setPolicy({ ...wholePolicy, settings: { activityLog: false } });
  await signIn();
  await allowPolicyHosts();
  expect(harness.background.grants.list()).toHaveLength(1);
  await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
  const { bytes: file, withoutSecret } = await harness.ui('transfer.export', { passphrase });
  expect(withoutSecret).toEqual([]);
  const { rows } = await (await another()).ui('transfer.preview', { file, passphrase });
  expect(rows.map(({ id, name, notes }) => [id, name, ...notes])).toEqual([
    ['client:0', policyClient.name, 'secret-missing'],
    ['setting:clockSkewSeconds', 'clockSkewSeconds'],
  ]);
});

test('what the policy sets stays, and an imported connection lasts no longer than it allows', async () => {
  const from = await another();
  const client = await addClient(from, standin, aDraft({ name: 'Of a person' }));
  await connect(from, await signIn(from));
  await from.ui('settings.update', { changes: { activityLog: false, clockSkewSeconds: 90 } });
  const { bytes: file } = await from.ui('transfer.export', { passphrase });

  const settings = { activityLog: true, lastingGrants: false };
  await setPolicy({ clients: [policyClient], settings });
  const { rows, digest } = await harness.ui('transfer.preview', { file, passphrase });
  expect(rows.map(({ kind, name, state }) => [kind, name, state])).toEqual([
    // It sends secrets to the same addresses as the client of the policy, which cannot be replaced.
    ['client', policyClient.name, 'impossible'],
    ['setting', 'clockSkewSeconds', 'new'],
    ['grant', 'https://dashboard.example', 'new'],
  ]);
  expect(client.clientId).toBe(policyClient.clientId);
  const taken = rows.map(({ id }) => id);
  await harness.ui('transfer.import', { file, passphrase, digest, taken });
  const { values } = await harness.ui('settings.get', {});
  expect([values.activityLog, values.clockSkewSeconds]).toEqual([true, 90]);
  expect(harness.background.grants.own()).toMatchObject([
    { browserSession: expect.any(String) as unknown, awaited: [{}] },
  ]);
});

const { clientSecret: typedSecret, ...withoutSecret } = policyClient;

/** The export of a profile with the same policy, whose client got its secret from the person. */
async function fileWithTypedSecret(): Promise<ArrayBuffer> {
  const from = await another();
  from.world.policy = { clients: [withoutSecret] };
  await from.background.policy.refresh();
  await typeSecret(from, typedSecret);
  return (await from.ui('transfer.export', { passphrase })).bytes;
}
async function typeSecret(to: Harness, clientSecret: string): Promise<void> {
  const [client] = (await to.ui('overview.get', {})).clients;
  await to.ui('client.update', { id: client!.id, client: { ...client!, clientSecret } });
}
const preview = async (file: ArrayBuffer) => {
  const { rows, digest } = await harness.ui('transfer.preview', { file, passphrase });
  return { digest, row: rows.find(({ kind }) => kind === 'client')! };
};
async function take(file: ArrayBuffer) {
  const { digest, row } = await preview(file);
  return harness.ui('transfer.import', { file, passphrase, digest, taken: [row.id] });
}

test('a secret that the person typed for a client of the policy arrives where the policy gives that client', async () => {
  const file = await fileWithTypedSecret();
  await setPolicy({ clients: [withoutSecret] });
  expect((await preview(file)).row).toMatchObject({
    name: policyClient.name,
    state: 'differs',
    values: [{ member: 'clientSecret' }],
    notes: [],
  });
  expect(await take(file)).toMatchObject({ taken: 1 });
  await signIn();
  expect((await preview(file)).row).toMatchObject({ state: 'same', values: [], notes: [] });
});

test('a secret that was typed here is replaced only when its client is chosen', async () => {
  const file = await fileWithTypedSecret();
  await setPolicy({ clients: [withoutSecret] });
  await typeSecret(harness, 'another');
  expect((await preview(file)).row).toMatchObject({ state: 'differs' });
  await take(file);
  await signIn();
});

test('it arrives with a client of the person where no policy gives that client', async () => {
  const file = await fileWithTypedSecret();
  expect((await preview(file)).row).toMatchObject({ state: 'new', notes: [] });
  await take(file);
  expect((await harness.ui('overview.get', {})).clients).toMatchObject([{ hasSecret: true }]);
  await signIn();
});

test('of a client whose policy has changed only the secret is imported, and the preview says so', async () => {
  const file = await fileWithTypedSecret();
  await setPolicy({ clients: [{ ...withoutSecret, description: 'Changed' }] });
  expect((await preview(file)).row).toMatchObject({ state: 'differs', notes: ['managed'] });
  await take(file);
  const { clients } = await harness.ui('overview.get', {});
  expect(clients).toMatchObject([{ description: 'Changed', hasSecret: true, managed: {} }]);
  expect((await preview(file)).row).toMatchObject({ state: 'impossible', obstacle: 'managed' });
});

test('it is not said to be the same where the policy gives the secret', async () => {
  const file = await fileWithTypedSecret();
  await setPolicy({ clients: [{ ...policyClient, clientSecret: 'of the policy' }] });
  expect((await preview(file)).row).toMatchObject({ state: 'impossible', obstacle: 'managed' });
  expect(await take(file)).toMatchObject({ taken: 0 });
});
