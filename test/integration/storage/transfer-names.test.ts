/* Names of imported clients that others have, or get by the same import. */
import { expect, test } from 'vitest';
import { sealExport } from '../../../background/transfer/sealed-export.ts';
import { secret } from '../../../extension/core/values/secret.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, startHarness } from '../../support/harness.ts';
import { cryptoWith } from '../../support/quick-crypto.ts';
import { harness, standin, useBackground } from '../use-session.ts';

useBackground();

const passphrase = 'correct horse battery';
const named = (name: string, clientId: string) => aDraft({ name, clientId });
async function take(file: ArrayBuffer) {
  const { rows, digest } = await harness.ui('transfer.preview', { file, passphrase });
  const taken = rows.map(({ id }) => id);
  await harness.ui('transfer.import', { file, passphrase, digest, taken });
  return rows.map(({ name }) => name);
}
const names = async () => (await harness.ui('overview.get', {})).clients.map(({ name }) => name);

test('a new client gets no name that another one gets by the same import', async () => {
  const from = await startHarness(standin);
  await from.ui('client.import', { clients: [named('A', 'new'), named('A (2)', 'known')] });
  const { bytes: file } = await from.ui('transfer.export', { passphrase });
  await harness.ui('client.import', { clients: [named('A', 'here'), named('X', 'known')] });
  expect(await take(file)).toEqual(['A (3)', 'X']);
  expect(await names()).toEqual(['A', 'A (2)', 'A (3)']);
});

test('of a file that gives one name to two clients nothing is imported, and the row is named', async () => {
  await harness.ui('client.import', { clients: [named('A', 'a'), named('B', 'b')] });
  const contents = {
    format: 1,
    madeAtMs: 0,
    clients: [named('N', 'a'), named('N', 'b')],
    settings: {},
    accounts: [],
    grants: [],
    denials: [],
  };
  const json = secret(JSON.stringify(contents));
  const { buffer } = await sealExport(json, secret(passphrase), harness.world.crypto);
  expect(await rejection(take(buffer))).toMatchObject({
    code: 'invalid_import',
    fields: [{ field: 'client:1.name', problem: 'name_taken' }],
  });
  expect(await names()).toEqual(['A', 'B']);
});

test('a client that is added while the preview is made changes nothing in it', async () => {
  await harness.ui('client.import', { clients: [named('M', 'm')] });
  const { bytes: file } = await harness.ui('transfer.export', { passphrase });
  let decryptions = 0;
  // The first decryption is that of the file, the second one that of the secret of M.
  const decrypt: SubtleCrypto['decrypt'] = async (...args) => {
    decryptions += 1;
    if (decryptions === 2) await later.ui('client.import', { clients: [named('A', 'a')] });
    return crypto.subtle.decrypt(...args);
  };
  const later = await startHarness(standin, harness.world, false, (world) =>
    Object.assign(world, { crypto: cryptoWith({ decrypt }) }),
  );
  decryptions = 0;
  const { rows } = await later.ui('transfer.preview', { file, passphrase });
  expect((await later.ui('overview.get', {})).clients.map(({ name }) => name)).toEqual(['A', 'M']);
  expect(rows.map(({ name, state }) => [name, state])).toEqual([['M', 'same']]);
});
