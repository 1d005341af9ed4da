/* Secrets that the person types for clients whose export has none. */
import { beforeEach, expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { aDraft, runFlow, startHarness, type Harness } from '../../support/harness.ts';
import { quickCrypto } from '../../support/quick-crypto.ts';
import { standin, useSession } from '../use-session.ts';

const withQuickCrypto = (world: object): void => {
  Object.assign(world, { crypto: quickCrypto() });
};
useSession({ prepare: withQuickCrypto });

const passphrase = 'correct horse battery';
/** That of the client that the stand-in knows. */
const clientSecret = aDraft().clientSecret ?? '';
type Secrets = { id: string; clientSecret: string }[];

let target: Harness;
let file: ArrayBuffer;
beforeEach(async () => {
  const from = await startHarness(standin, undefined, false, withQuickCrypto);
  const whole = aDraft({ name: 'Whole', clientId: 'whole' });
  const clients = [aDraft({ clientSecret: '' }), whole];
  await from.ui('client.import', { clients });
  file = (await from.ui('transfer.export', { passphrase })).bytes;
  target = await startHarness(standin, undefined, false, withQuickCrypto);
});

const preview = () => target.ui('transfer.preview', { file, passphrase });
async function take(taken: readonly string[], secrets?: Secrets) {
  const { digest } = await preview();
  const typed = secrets === undefined ? {} : { secrets };
  return target.ui('transfer.import', { file, passphrase, digest, taken: [...taken], ...typed });
}
const clients = async () => (await target.ui('overview.get', {})).clients;
const stored = ({ world }: Harness) =>
  [world.local, world.mirror].map(({ entries }) => JSON.stringify([...entries].sort()));
const both = ['client:0', 'client:1'];

test('a typed secret is stored encrypted with its client, works, and is sent to no page', async () => {
  expect((await preview()).rows.map(({ name, notes }) => [name, ...notes])).toEqual([
    ['Team', 'secret-missing'],
    ['Whole'],
  ]);
  const reply = await take(both, [{ id: 'client:0', clientSecret: ` ${clientSecret} ` }]);
  expect(reply).toEqual({ taken: 2, missingHostPatterns: [] });
  const [team] = await clients();
  expect(team).toMatchObject({ name: 'Team', hasSecret: true });
  expect((await runFlow(target, team!)).fault).toBeUndefined();
  const seen = [reply, await preview(), await target.ui('overview.get', {}), stored(target)];
  expect(JSON.stringify(seen)).not.toContain(clientSecret);
});

test('a client whose secret is left out is imported without it, and takes it with a later import', async () => {
  await take(both);
  expect(await clients()).toMatchObject([{ missingField: 'clientSecret' }, { hasSecret: true }]);
  const from = await startHarness(standin, undefined, false, withQuickCrypto);
  await from.ui('client.import', { clients: [aDraft({ clientSecret: '', description: 'new' })] });
  file = (await from.ui('transfer.export', { passphrase })).bytes;
  expect((await preview()).rows).toMatchObject([{ state: 'differs', notes: ['secret-missing'] }]);
  await take(['client:0'], [{ id: 'client:0', clientSecret }]);
  const [team] = await clients();
  expect(team).toMatchObject({ description: 'new', hasSecret: true });
  expect((await runFlow(target, team!)).fault).toBeUndefined();
});

test.each<[string, readonly string[], Secrets]>([
  ['has one in the file', both, [{ id: 'client:1', clientSecret: 'other' }]],
  ['is not taken', ['client:1'], [{ id: 'client:0', clientSecret }]],
  ['does not exist', both, [{ id: 'client:9', clientSecret }]],
])('nothing is changed by a secret for a client that %s', async (_, taken, secrets) => {
  const before = stored(target);
  expect((await rejection(take(taken, secrets))).code).toBe('invalid_import');
  expect(stored(target)).toEqual(before);
});

test('nothing is changed by a secret that is too long, and its client is named', async () => {
  const before = stored(target);
  const long = take(both, [{ id: 'client:0', clientSecret: 'x'.repeat(4097) }]);
  expect(await rejection(long)).toMatchObject({
    code: 'invalid_import',
    fields: [{ field: 'client:0.clientSecret', problem: 'secret_too_long' }],
  });
  expect(stored(target)).toEqual(before);
});

test('nothing is stored, and no typed secret, when the disk is full', async () => {
  const before = stored(target);
  target.world.local.failWrites(1);
  const full = take(both, [{ id: 'client:0', clientSecret }]);
  expect((await rejection(full)).code).toBe('storage_failed');
  expect([stored(target), await clients()]).toEqual([before, []]);
});
