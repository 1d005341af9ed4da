import { describe, expect, test } from 'vitest';
import {
  blankDraft,
  type ClientDraft,
} from '../../../extension/core/client/client-configuration.ts';
import { schemaVersion } from '../../../extension/storage/schema.ts';
import { connections } from '../../support/connections.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, addClient, connect, dashboard, signedIn } from '../../support/harness.ts';
import { fetchAll, sitesAt } from '../../support/page-calls.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

const names = async (of = harness): Promise<string[]> =>
  (await of.ui('overview.get', {})).clients.map(({ name }) => name);
const create = (changes = {}) => harness.ui('client.create', { client: aDraft(changes) });

test('a client is created, read, changed and deleted, and outlives the worker', async () => {
  const client = await create();
  expect(client).toMatchObject({
    name: 'Team',
    hasSecret: true,
    redirectUri: expect.stringMatching(/\/[\w-]{22}$/u) as string,
  });
  await revive();
  expect(await harness.ui('client.get', { id: client.id })).toEqual(client);
  await harness.ui('client.update', {
    id: client.id,
    client: aDraft({ name: 'New', description: 'd' }),
  });
  await revive();
  expect(await harness.ui('client.get', { id: client.id })).toMatchObject({
    name: 'New',
    description: 'd',
  });
  await harness.ui('client.delete', { id: client.id });
  expect((await rejection(harness.ui('client.get', { id: client.id }))).code).toBe('not_found');
  expect(await names(await harness.revive())).toEqual([]);
});

test('the redirect suffix is the first 16 bytes of the SHA-256 of the authorization endpoint', async () => {
  const authorizationEndpoint = 'https://auth.atlassian.com/authorize';
  const { redirectUriSuffix } = await harness.ui('client.redirect-uri', { authorizationEndpoint });
  const digest = await crypto.subtle.digest(
    'SHA-256',
    new TextEncoder().encode(authorizationEndpoint),
  );
  expect(redirectUriSuffix).toBe(Buffer.from(digest).subarray(0, 16).toString('base64url'));
  expect((await create()).redirectUri.endsWith(`/${redirectUriSuffix}`)).toBe(true);
});

describe('a name', () => {
  test('is taken regardless of case and blanks, also by two windows at once', async () => {
    await create();
    const fault = await rejection(create({ name: ' TEAM ' }));
    expect(fault).toMatchObject({
      code: 'name_taken',
      fields: [{ field: 'name', problem: 'name_taken' }],
    });
    const results = await Promise.allSettled([create({ name: 'Two' }), create({ name: 'two' })]);
    expect(results.map(({ status }) => status)).toEqual(['fulfilled', 'rejected']);
    expect(await names()).toEqual(['Team', 'Two']);
  });
  test('may be kept when the rest is changed', async () => {
    const { id } = await create();
    expect(
      await harness.ui('client.update', { id, client: aDraft({ description: 'x' }) }),
    ).toMatchObject({ name: 'Team' });
  });
  test('of another one cannot be taken by a change', async () => {
    const { id } = await create();
    await create({ name: 'Two' });
    expect(
      (await rejection(harness.ui('client.update', { id, client: aDraft({ name: 'two' }) }))).code,
    ).toBe('name_taken');
  });
});

test('fields that need another value are named', async () => {
  const fault = await rejection(
    create({ clientId: '', tokenEndpoint: 'https://evil.test/oauth/token' }),
  );
  expect(fault.code).toBe('invalid_client');
  expect(fault.fields?.map(({ field }) => field)).toEqual(['clientId', 'tokenEndpoint']);
  expect(harness.world.local.dump()).not.toContain('client:');
});

test('a store that fails to write is reported, and nothing seems saved', async () => {
  harness.world.local.failWrites(1);
  expect((await rejection(create())).code).toBe('storage_failed');
  expect(await names()).toEqual([]);
  await create();
  expect(await names()).toEqual(['Team']);
});

describe('a change of a client that is signed in', () => {
  const signIn = async () => {
    const both = await signedIn(harness, standin);
    await connect(harness, both.session, { sites: sitesAt(both.session, 'acme') });
    return both;
  };
  test('without a secret keeps secret, session and connection', async () => {
    const { client } = await signIn();
    const draft = { ...aDraft({ name: 'New' }), clientSecret: '' };
    expect((await harness.ui('client.update', { id: client.id, client: draft })).hasSecret).toBe(
      true,
    );
    standin.clock.advance(3_600_000);
    expect((await fetchAll(harness.page())).status).toBe(200);
  });
  test('of the secret keeps the session', async () => {
    const { client } = await signIn();
    const app = standin.apps.get('team-client');
    if (app) app.clientSecret = 'rotated-secret';
    await harness.ui('client.update', {
      id: client.id,
      client: aDraft({ clientSecret: 'rotated-secret' }),
    });
    standin.clock.advance(3_600_000);
    expect((await fetchAll(harness.page())).status).toBe(200);
  });
  test('of its id ends sessions and connections', async () => {
    const { client } = await signIn();
    await harness.ui('client.update', { id: client.id, client: aDraft({ clientId: 'another' }) });
    expect(await harness.ui('session.list', {})).toEqual([]);
    expect(await connections(harness.ui)).toEqual([]);
    expect((await rejection(fetchAll(harness.page()))).code).toBe('not_connected');
    expect(harness.world.local.dump()).not.toMatch(/session:|grant:/u);
  });
  test('of its scopes shows what the grant lacks', async () => {
    const { client } = await signIn();
    const scopes = [...aDraft().scopes, 'write:jira-work'];
    await harness.ui('client.update', { id: client.id, client: aDraft({ scopes }) });
    expect((await harness.ui('session.list', {}))[0]?.missingScopes).toEqual(['write:jira-work']);
    expect((await fetchAll(harness.page())).status).toBe(200);
  });
  test('deleting it names what goes along, and takes it along', async () => {
    const { client, session } = await signIn();
    const impact = await harness.ui('client.impact', { id: client.id });
    expect(impact).toMatchObject({ sessions: [{ id: session.id }], origins: [dashboard] });
    await harness.ui('client.delete', { id: client.id });
    expect(await harness.ui('client.list', {})).toEqual([]);
    expect(await harness.ui('session.list', {})).toEqual([]);
    expect(await connections(harness.ui)).toEqual([]);
    expect(harness.world.local.dump()).toBe(`[["schema",{"version":${schemaVersion}}]]`);
    expect(harness.world.session.dump()).not.toContain('access:');
    expect(harness.world.hosts).not.toContain(`${dashboard}/*`);
    await standin.log.waitFor(({ path }) => path === '/oauth/revoke');
  });
  test('deleting it leaves a page connected through another account', async () => {
    const { client } = await signIn();
    const other = await addClient(
      harness,
      standin,
      aDraft({ name: 'Other', clientId: 'other-client' }),
    );
    await harness.ui('flow.start', { clientId: other.id });
    for (;;) {
      if ((await harness.ui('overview.get', {})).flow?.state === 'succeeded') break;
      await new Promise((resolve) => setImmediate(resolve));
    }
    const sessions = await harness.ui('session.list', {});
    const [mine] = sessions.filter(({ clientId }) => clientId === client.id);
    const [theirs] = sessions.filter(({ clientId }) => clientId === other.id);
    if (!mine || !theirs) throw new Error('a session is missing');
    const sites = [
      ...sitesAt(mine, 'acme').map((site) => ({ ...site, sessionId: mine.id })),
      ...sitesAt(theirs, 'globex').map((site) => ({ ...site, sessionId: theirs.id })),
    ];
    await harness.ui('grant.prepare', { origin: dashboard, sites, access: 'read' });
    await harness.ui('client.delete', { id: client.id });
    expect((await fetchAll(harness.page())).url).toContain('globex');
  });
});

describe('an import', () => {
  const draft = (part: object): ClientDraft => ({ ...aDraft({ clientSecret: '' }), ...part });

  test('saves clients with and without a secret, and shows no secret', async () => {
    const clients = [
      draft({ name: 'Two' }),
      draft({ name: ' Three ', clientSecret: 'imported-secret' }),
    ];
    const { created } = await harness.ui('client.import', { clients });
    expect(
      created.map(({ name, hasSecret, missingField }) => [name, hasSecret, missingField]),
    ).toEqual([
      ['Two', false, 'clientSecret'],
      ['Three', true, undefined],
    ]);
    const { clients: offered } = await harness.ui('popup.view', {});
    expect(offered.map(({ missingField }) => missingField)).toEqual([undefined, 'clientSecret']);
    expect(JSON.stringify(created)).not.toContain('imported-secret');
    expect(harness.world.local.dump()).not.toContain('imported-secret');
    expect(await names(await harness.revive())).toEqual(['Three', 'Two']);
  });
  test.each([
    ['tokenEndpoint', 'url_not_this_cloud', { tokenEndpoint: 'https://evil.test/' }],
    ['name', 'name_taken', { name: 'TEAM' }],
    ['name', 'name_taken', { name: 'a ' }],
  ])('of one bad entry imports nothing: %s %s', async (field, problem, part) => {
    await create();
    const before = harness.world.local.dump();
    const refused = rejection(
      harness.ui('client.import', {
        clients: [draft({ name: 'A' }), draft({ name: 'B', ...part })],
      }),
    );
    expect(await refused).toMatchObject({
      code: 'invalid_import',
      fields: [{ field: `2.${field}`, problem }],
    });
    expect(harness.world.local.dump()).toBe(before);
  });
  test('of a key that is none imports nothing, and keeps no key of the others', async () => {
    const link = (name: string, privateKeyPem?: string): ClientDraft => ({
      ...blankDraft('application-link'),
      name,
      clientId: name,
      baseUrl: 'https://jira.example',
      privateKeyPem,
    });
    const broken = '-----BEGIN PRIVATE KEY-----\nMAMCAQA=\n-----END PRIVATE KEY-----\n';
    const refused = rejection(
      harness.ui('client.import', { clients: [link('A'), link('B', broken), link('C')] }),
    );
    expect(await refused).toMatchObject({
      code: 'invalid_import',
      fields: [{ field: '2.privateKeyPem', problem: 'key_damaged' }],
    });
    expect([await names(), harness.world.keyStore.privateKeys.size]).toEqual([[], 0]);
  });
  test('a store that fails in between imports nothing', async () => {
    const { world } = harness;
    const write = world.local.write.bind(world.local);
    let writes = 0;
    Object.assign(world.local, {
      write: (entries: Record<string, unknown>) => {
        writes += 1;
        return writes > 1 ? Promise.reject(new Error('QuotaExceededError')) : write(entries);
      },
    });
    const clients = ['A', 'B', 'C'].map((name) => draft({ name }));
    await harness.ui('client.import', { clients }).catch(() => undefined);
    expect([0, 3]).toContain((await names()).length);
    expect(await names(await harness.revive())).toEqual(await names());
  });
});
