/* Everything but sessions, from one profile to another. */
import { beforeEach, describe, expect, test } from 'vitest';
import type {
  TransferPreview,
  TransferRow,
} from '../../../extension/core/transfer/transfer-preview.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { connections } from '../../support/connections.ts';
import { rejection } from '../../support/faults.ts';
import {
  aDraft,
  addClient,
  connect,
  dashboard,
  runFlow,
  startHarness,
  type Harness,
} from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { sitesAt } from '../../support/page-calls.ts';
import { quickCrypto } from '../../support/quick-crypto.ts';
import { applicationLink } from '../../support/samples/signed-clients.ts';
import { until } from '../../support/until.ts';
import { client, harness, session, standin, useSession } from '../use-session.ts';

const withQuickCrypto = (world: object): void => {
  Object.assign(world, { crypto: quickCrypto() });
};
useSession({ prepare: withQuickCrypto });

const passphrase = 'correct horse battery';
const pattern = `${dashboard}/*`;
let target: Harness;
beforeEach(async () => {
  target = await startHarness(standin, undefined, false, withQuickCrypto);
});

const exported = async (from = harness): Promise<ArrayBuffer> =>
  (await from.ui('transfer.export', { passphrase })).bytes;
const preview = (file: ArrayBuffer, to = target): Promise<TransferPreview> =>
  to.ui('transfer.preview', { file, passphrase });
const states = ({ rows }: TransferPreview): string[] =>
  rows.map(({ id, state, notes }) => [id, state, ...notes].join(' '));
const isNew = ({ state }: TransferRow): boolean => state === 'new';

/** Imports the rows that the person chose, those that are new unless told otherwise. */
async function moved(file: ArrayBuffer, to = target, isTaken = isNew) {
  const { digest, rows } = await preview(file, to);
  const taken = rows.filter(isTaken).map(({ id }) => id);
  return to.ui('transfer.import', { file, passphrase, digest, taken });
}

/** Everything that is stored, but for what differs from write to write. */
const stored = ({ world }: Harness) =>
  [world.local, world.mirror].map(({ entries }) => JSON.stringify([...entries].sort()));

/** The only client of a profile signs in as the person whom the stand-in knows. */
async function signIn(to: Harness): Promise<void> {
  const { clients } = await to.ui('overview.get', {});
  const [first = client] = clients;
  expect((await runFlow(to, first)).fault).toBeUndefined();
}

/** The connection has the sites that waited for a sign-in. */
const awake = (one: Harness) =>
  until(async () => (await connections(one.ui)).some(({ sites }) => sites.length > 0));

test('a round trip brings clients with secrets, settings, connections with choices, and denials', async () => {
  await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
  await connect(harness, session, { access: 'write', paths: ['/rest/api/3/'] });
  const [granted] = await connections(harness.ui);
  const { choices = [] } = granted ?? {};
  for (const { key, candidates } of choices.slice(0, 1))
    for (const site of candidates.slice(1, 2))
      await harness.ui('grant.choose', { origin: dashboard, key, site });
  const asked = rejection(harness.page()('page.request-access', { products: ['confluence'] }));
  const asks = await harness.ui('ask.list', {});
  for (const { id } of asks) await harness.ui('ask.decide', { id, decision: { allow: false } });
  await asked;

  const file = await exported();
  expect(states(await preview(file))).toEqual([
    'client:0 new',
    'setting:clockSkewSeconds new',
    `grant:${dashboard} new waits-for-sign-in`,
    'denials new',
  ]);
  expect(await moved(file)).toEqual({ taken: 4, missingHostPatterns: [pattern] });
  expect((await target.ui('overview.get', {})).denials).toHaveLength(1);
  expect((await target.ui('settings.get', {})).values.clockSkewSeconds).toBe(90);

  target.world.hosts.add(pattern);
  await target.background.grants.settlePending();
  expect(await outcome(target)).toBe('not_connected');
  await signIn(target);
  await awake(target);
  const [before] = await connections(harness.ui);
  const [after] = await connections(target.ui);
  const terms = (one: typeof before) => ({
    access: one?.access,
    paths: one?.paths,
    sites: one?.sites.map(({ cloudId, product }) => [product, cloudId]),
    chosen: one?.choices.map(({ chosen }) => chosen?.cloudId),
  });
  expect(terms(after)).toEqual(terms(before));
  expect(target.world.injected).toContain(dashboard);
  expect(
    (await rejection(target.page()('page.request-access', { products: ['confluence'] }))).code,
  ).toBe('not_allowed');
  // The secret works: a refresh needs it.
  standin.clock.advance(3_600_000);
  expect(await outcome(target)).toBe(200);
  // And once more: everything is the same.
  expect((await preview(file)).rows.every(({ state }) => state === 'same')).toBe(true);
});

test('more clients than a list of clients may have are exported and imported', async () => {
  const drafts = Array.from({ length: 500 }, (_, at) => aDraft({ name: `Client ${String(at)}` }));
  await harness.ui('client.import', { clients: drafts });
  expect(await moved(await exported())).toMatchObject({ taken: 502 });
  expect((await target.ui('overview.get', {})).clients).toHaveLength(501);
});

test('the file holds nothing in the clear, and no session', async () => {
  const text = Buffer.from(await exported()).toString('latin1');
  for (const word of ['team-secret', 'Team', dashboard, 'clientSecret'])
    expect(text).not.toContain(word);
  const row = (await preview(await exported())).rows[0];
  expect(JSON.stringify(row)).not.toContain('team-secret');
});

describe('a connection is suspended', () => {
  test('until the browser allows its host, also when its account is signed in', async () => {
    const file = await exported();
    await moved(file, target, ({ kind }) => kind === 'client');
    await signIn(target);
    const { permissions } = target.world;
    const { has } = permissions;
    const served: unknown[] = [];
    Object.assign(permissions, {
      has: (patterns: readonly string[]) => {
        served.push(target.background.grants.of(dashboard));
        return has(patterns);
      },
    });
    expect(states(await preview(file))).toEqual(['client:0 same', `grant:${dashboard} new`]);
    await moved(file);
    expect(served.length).toBeGreaterThan(0);
    expect(served.filter((one) => one !== undefined)).toEqual([]);
    expect(await outcome(target)).toBe('not_connected');
    expect(target.world.injected.size).toBe(0);
    target.world.hosts.add(pattern);
    await target.background.grants.settlePending();
    expect(await outcome(target)).toBe(200);
  });

  test('until its account signs in: over a restart, and with another account it goes on', async () => {
    target.world.hosts.add(pattern);
    await moved(await exported());
    const revived = await target.revive();
    expect(await connections(revived.ui)).toMatchObject([
      { sites: [], awaited: [{ siteCount: 2, name: 'Ada Example' }] },
    ]);
    revived.world.person = async (url) => ({
      redirectedTo: await standin.consent(url.href, { account: 'bo' }),
    });
    await signIn(revived);
    expect(await outcome(revived)).toBe('not_connected');
    revived.world.person = async (url) => ({
      redirectedTo: await standin.consent(url.href, { account: 'ada' }),
    });
    await signIn(revived);
    await awake(revived);
    expect(await outcome(revived)).toBe(200);
  });

  test('only with its client: taken from the same file, or stored here already', async () => {
    await connect(harness, session);
    const file = await exported();
    const only = (kind: TransferRow['kind']) => moved(file, target, (row) => row.kind === kind);
    expect((await rejection(only('grant'))).code).toBe('invalid_import');
    await only('client');
    expect(await only('grant')).toMatchObject({ taken: 1 });
    expect(await connections(target.ui)).toHaveLength(1);
  });

  test('no longer when its client is deleted', async () => {
    await moved(await exported());
    const [{ id } = client] = (await target.ui('overview.get', {})).clients;
    await target.ui('client.delete', { id });
    expect(target.background.grants.list()).toEqual([]);
  });
});

describe('what is there', () => {
  test('stays when it differs, unless the person takes what the file has', async () => {
    const file = await exported();
    await moved(file);
    const [mine = client] = (await target.ui('overview.get', {})).clients;
    const draft = aDraft({
      name: 'Team',
      scopes: mine.scopes.slice(1),
      clientSecret: 'another',
      authorizationParameters: { login_hint: 'ada', domain_hint: 'acme' },
    });
    await target.ui('client.update', { id: mine.id, client: draft });
    await target.ui('settings.update', { changes: { clockSkewSeconds: 5 } });
    await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
    await connect(harness, session, { access: 'write', sites: sitesAt(session, 'acme') });
    const later = await exported();
    const found = await preview(later);
    expect(states(found)).toEqual([
      'client:0 differs',
      'setting:clockSkewSeconds differs',
      `grant:${dashboard} differs waits-for-sign-in`,
    ]);
    expect(found.rows.map(({ values }) => values.map(({ member }) => member))).toEqual([
      ['scopes', 'authorizationParameters', 'clientSecret'],
      ['clockSkewSeconds'],
      ['access'],
    ]);
    // What its members are called depends on its type; parameters are listed.
    expect(found.rows[0]?.type).toBe('atlassian-cloud');
    expect(found.rows[0]?.values[1]).toEqual({
      member: 'authorizationParameters',
      mine: ['login_hint=ada', 'domain_hint=acme'],
    });
    await moved(later);
    expect(states(await preview(later))).toEqual(states(found));
    await moved(later, target, ({ state }) => state === 'differs');
    const after = await preview(later);
    expect(after.rows.every(({ state }) => state === 'same')).toBe(true);
  });

  test('is never sent elsewhere: a client with other addresses is another one', async () => {
    const file = await exported();
    await moved(file);
    await signIn(target);
    const [mine = client] = (await target.ui('overview.get', {})).clients;
    const elsewhere = aDraft({ clientId: 'of-somebody-else', clientSecret: 'theirs' });
    await harness.ui('client.update', { id: client.id, client: elsewhere });
    const found = await preview(await exported());
    expect(states(found).slice(0, 1)).toEqual(['client:0 new renamed']);
    await moved(await exported(), target, () => true);
    const { clients } = await target.ui('overview.get', {});
    expect(clients.map(({ id, name, clientId }) => [id === mine.id, name, clientId])).toEqual([
      [true, 'Team', 'team-client'],
      [false, 'Team (2)', 'of-somebody-else'],
    ]);
  });
});

test('a client with an RSA key gets a new one, and its preview says so', async () => {
  await applicationLink({ harness, standin });
  const file = await exported();
  const row = (await preview(file)).rows.find(({ notes }) => notes.includes('new-key-pair'));
  expect(row?.state).toBe('new');
  await moved(file);
  const { clients } = await target.ui('overview.get', {});
  expect(clients.filter(({ publicKeyPem }) => publicKeyPem !== undefined)).toHaveLength(1);
  expect(target.world.keyStore.privateKeys.size).toBe(1);
});

describe('nothing is changed', () => {
  const damaged = (
    file: ArrayBuffer,
    change: (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>,
  ) => change(new Uint8Array(file.slice(0))).slice().buffer;

  test.each<[string, string, (bytes: Uint8Array<ArrayBuffer>) => Uint8Array<ArrayBuffer>, string?]>(
    [
      ['a cut file', 'file_cut', (bytes) => bytes.subarray(0, -1)],
      ['a flipped bit', 'file_damaged', (bytes) => bytes.with(200, (bytes[200] ?? 0) ^ 1)],
      ['a foreign file', 'file_foreign', () => new TextEncoder().encode('{"clients":[]}')],
      ['a wrong passphrase', 'passphrase_wrong', (bytes) => bytes, 'another passphrase'],
    ],
  )('by %s', async (_, code, change, typed = passphrase) => {
    const file = damaged(await exported(), change);
    const before = stored(target);
    const refused = { file, passphrase: typed, digest: '', taken: [] };
    expect((await rejection(target.ui('transfer.preview', { file, passphrase: typed }))).code).toBe(
      code,
    );
    expect((await rejection(target.ui('transfer.import', refused))).code).toBe(code);
    expect(stored(target)).toEqual(before);
  });

  test('by a preview that is out of date', async () => {
    const file = await exported();
    const { digest } = await preview(file);
    await addClient(target, standin, aDraft({ name: 'Other', clientId: 'other' }));
    await target.ui('settings.update', { changes: { clockSkewSeconds: 5 } });
    const before = stored(target);
    const late = target.ui('transfer.import', { file, passphrase, digest, taken: ['client:0'] });
    expect((await rejection(late)).code).toBe('preview_outdated');
    expect(stored(target)).toEqual(before);
  });

  test('when the disk is full', async () => {
    await harness.ui('settings.update', { changes: { clockSkewSeconds: 90 } });
    const file = await exported();
    const before = stored(target);
    target.world.local.failWrites(1);
    expect((await rejection(moved(file))).code).toBe('storage_failed');
    expect(stored(target)).toEqual(before);
    expect((await target.ui('settings.get', {})).values.clockSkewSeconds).toBe(60);
    expect(target.background.grants.list()).toEqual([]);
  });
});

test('a passphrase that is too short is refused', async () => {
  const short = harness.ui('transfer.export', { passphrase: 'elevenchars' });
  expect((await rejection(short)).code).toBe('invalid_request');
});

test('a connection of this browser session only is not exported', async () => {
  await connect(harness, session, {
    origin: 'https://other.example' as Origin,
    duration: 'session',
  });
  const { rows } = await preview(await exported());
  expect(rows.map(({ name }) => name)).toEqual(['Team', dashboard]);
});
