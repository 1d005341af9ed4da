/* Export and import where an organization's policy sets something. */
import { expect, test } from 'vitest';
import { aDraft, addClient, connect, startHarness } from '../../support/harness.ts';
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
    // It sends secrets to the same addresses as the client of the policy.
    ['client', policyClient.name, 'same'],
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
