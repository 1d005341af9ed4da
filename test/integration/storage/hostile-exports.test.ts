/* Files that decrypt, and whose author means harm: who made a file decides what is in it. */
import { expect, test } from 'vitest';
import { openExport, sealExport } from '../../../background/transfer/sealed-export.ts';
import type { Contents } from '../../../background/transfer/contents.ts';
import type { CloudId } from '../../../extension/core/session/site.ts';
import { reveal, secret } from '../../../extension/core/values/secret.ts';
import { rejection } from '../../support/faults.ts';
import { dashboard } from '../../support/harness.ts';
import { quickCrypto } from '../../support/quick-crypto.ts';
import { harness, useSession } from '../use-session.ts';

const quick = quickCrypto();
useSession({
  prepare: (world) => void Object.assign(world, { crypto: quick }),
});

const passphrase = 'correct horse battery';

/** An export of this profile that somebody changed. */
async function forged(change: (contents: Contents) => Contents): Promise<ArrayBuffer> {
  const { bytes } = await harness.ui('transfer.export', { passphrase });
  const json = reveal(await openExport(new Uint8Array(bytes), secret(passphrase), quick));
  const changed = JSON.stringify(change(JSON.parse(json) as Contents));
  return (await sealExport(secret(changed), secret(passphrase), quick)).buffer;
}

const rowsOf = async (file: ArrayBuffer) =>
  (await harness.ui('transfer.preview', { file, passphrase })).rows;
const grantRow = async (file: ArrayBuffer) =>
  (await rowsOf(file)).find(({ kind }) => kind === 'grant');

test('a preview names sites and accounts that are known here as they are known here', async () => {
  const file = await forged(({ accounts, grants, ...others }) => ({
    ...others,
    accounts: accounts.map((one) => ({ ...one, name: 'Nobody' })),
    grants: grants.map((grant) => ({
      ...grant,
      sites: grant.sites.map((site) => ({ ...site, name: 'https://sandbox.example' })),
    })),
  }));
  await harness.ui('grant.remove', { origin: dashboard });
  const shown = JSON.stringify(await grantRow(file));
  expect(shown).toContain('https://acme.atlassian.net');
  expect(shown).toContain('Ada Example');
  expect(shown).not.toMatch(/sandbox|Nobody/u);
});

test('a connection that the policy blocks cannot be taken', async () => {
  const file = await forged((contents) => contents);
  await harness.ui('grant.remove', { origin: dashboard });
  expect(await grantRow(file)).toMatchObject({ state: 'new' });
  harness.world.policy = { blockedOrigins: [dashboard] };
  await harness.background.policy.refresh();
  expect(await grantRow(file)).toMatchObject({ state: 'impossible', obstacle: 'blocked' });
});

test('a connection with more choices than sites, and texts of any length, can be taken', async () => {
  const file = await forged(({ accounts, grants, ...others }) => ({
    ...others,
    accounts: accounts.map((one) => ({ ...one, key: 'k'.repeat(10_000) })),
    grants: grants.map(({ chosen: _none, ...grant }) => ({
      ...grant,
      chosen: Array.from({ length: 10_001 }, (_, at) => {
        const cloudId = `site-${String(at)}` as CloudId;
        return { product: 'jira' as const, cloudId, site: { cloudId, product: 'jira' as const } };
      }),
    })),
  }));
  await harness.ui('grant.remove', { origin: dashboard });
  expect(await grantRow(file)).toMatchObject({ state: 'new' });
});

test.each<[string, (contents: Contents) => unknown]>([
  [
    'more denials than are ever kept',
    (contents) => {
      const denial = { id: crypto.randomUUID(), origin: dashboard, kind: 'access', access: 'read' };
      return { ...contents, denials: Array(20_001).fill({ ...denial, deniedAtMs: 0 }) };
    },
  ],
  [
    'a connection of all hosts',
    ({ grants, ...contents }) => ({
      ...contents,
      grants: grants.map((grant) => ({ ...grant, origin: 'https://*' })),
    }),
  ],
  ['an account of a client that it has not', (contents) => ({ ...contents, clients: [] })],
  ['another format', (contents) => ({ ...contents, format: 2 })],
  ['a list in the place of its contents', () => []],
])('a file with %s is refused', async (_, change) => {
  const file = await forged((contents) => change(contents) as Contents);
  const refused = harness.ui('transfer.preview', { file, passphrase });
  expect((await rejection(refused)).code).toBe('file_contents_invalid');
});
