/* An import with clients that use plain http, which settings can forbid: here, in the file, or by the policy. */
import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { aDraft, startHarness, type Harness } from '../../support/harness.ts';
import { harness, standin } from '../use-session.ts';
import { setPolicy, usePolicy } from '../use-policy.ts';

usePolicy();

const passphrase = 'correct horse battery';
const setting = 'setting:plainHttp';
const draft = aDraft({
  name: 'Plain',
  type: 'data-center',
  baseUrl: 'http://jira.example',
  product: 'jira',
  isHttpAllowed: true,
});
const plainHttp = (to: Harness, isOn: boolean) =>
  to.ui('settings.update', { changes: { plainHttp: isOn } });

/** The export of a profile with a client that uses plain http, and one that does not. */
async function fileOf(isAllowedThere: boolean): Promise<ArrayBuffer> {
  const from = await startHarness(standin);
  await from.ui('client.create', { client: draft });
  await from.ui('client.create', { client: aDraft({ name: 'Secure' }) });
  if (!isAllowedThere) await plainHttp(from, false);
  return (await from.ui('transfer.export', { passphrase })).bytes;
}
const preview = (file: ArrayBuffer) => harness.ui('transfer.preview', { file, passphrase });
async function take(file: ArrayBuffer, ...names: readonly string[]) {
  const { digest, rows } = await preview(file);
  const taken = rows.filter(({ name }) => names.includes(name)).map(({ id }) => id);
  return harness.ui('transfer.import', { file, passphrase, digest, taken });
}
const row = async (file: ArrayBuffer) =>
  (await preview(file)).rows.find(({ name }) => name === 'Plain');
const stored = async () => {
  const { clients } = await harness.ui('overview.get', {});
  return clients.map(({ name }) => name);
};

test('forbidden here and allowed by the file, it is imported together with the setting only', async () => {
  const file = await fileOf(true);
  await plainHttp(harness, false);
  expect(await row(file)).toMatchObject({ state: 'new', needs: [setting] });
  expect((await rejection(take(file, 'Plain', 'Secure'))).code).toBe('invalid_import');
  expect(await stored()).toEqual([]);
  expect(await take(file, 'Plain', 'plainHttp')).toMatchObject({ taken: 2 });
  expect(await stored()).toEqual(['Plain']);
  expect((await harness.ui('settings.get', {})).values.plainHttp).toBe(true);
});

test('allowed here and forbidden by the file, it is imported without the setting only', async () => {
  const file = await fileOf(false);
  expect(await row(file)).toMatchObject({ state: 'new', excludes: setting });
  expect((await rejection(take(file, 'Plain', 'plainHttp'))).code).toBe('invalid_import');
  expect(await take(file, 'Plain', 'Secure')).toMatchObject({ taken: 2 });
  expect((await harness.ui('settings.get', {})).values.plainHttp).toBe(true);
});

test('forbidden by both, it cannot be imported, and everything else can', async () => {
  const file = await fileOf(false);
  await plainHttp(harness, false);
  expect(await row(file)).toMatchObject({ state: 'impossible', obstacle: 'http-forbidden' });
  expect(await take(file, 'Plain', 'Secure')).toMatchObject({ taken: 1 });
  expect(await stored()).toEqual(['Secure']);
});

test('forbidden by the policy, no setting of the file helps', async () => {
  const file = await fileOf(true);
  await setPolicy({ settings: { plainHttp: false } });
  expect(await row(file)).toMatchObject({ state: 'impossible', obstacle: 'http-managed' });
  expect(await take(file, 'Plain', 'Secure', 'plainHttp')).toMatchObject({ taken: 1 });
});

test('allowed by the policy, it needs nothing, whatever the file says', async () => {
  const file = await fileOf(false);
  await setPolicy({ settings: { plainHttp: true } });
  const found = await row(file);
  expect([found?.state, found?.needs, found?.excludes]).toEqual(['new', undefined, undefined]);
  expect(await take(file, 'Plain')).toMatchObject({ taken: 1 });
});

test('a JSON file with such a client is refused by its name in the file, and nothing is stored', async () => {
  await plainHttp(harness, false);
  const clients = [aDraft({ name: 'Secure' }), draft];
  const refused = await rejection(harness.ui('client.import', { clients }));
  expect(refused).toMatchObject({
    code: 'invalid_import',
    fields: [{ field: '2.isHttpAllowed', problem: 'http_forbidden' }],
  });
  expect(await stored()).toEqual([]);
});
