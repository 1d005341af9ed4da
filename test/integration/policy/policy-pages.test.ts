import { expect, test } from 'vitest';
import { grantedSite } from '../../../extension/core/grant/page-grant.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard, helperKey } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { fetchAll, sitesAt } from '../../support/page-calls.ts';
import { harness } from '../use-session.ts';
import {
  allowPolicyHosts,
  blockedOrigin,
  policyPage,
  setPolicy,
  signIn,
  usePolicy,
  wholePolicy,
  withdraw,
} from '../use-policy.ts';

usePolicy();

const rows = async () =>
  (await harness.ui('grant.find', { filter: '', offset: 0, limit: 60 })).rows;
const codeOf = async (work: Promise<unknown>): Promise<string> => (await rejection(work)).code;

test('a page of the policy is served with the sites of the policy that the person has signed in to', async () => {
  await setPolicy(wholePolicy);
  expect(await allowPolicyHosts()).toEqual([`${dashboard}/*`]);
  expect(await harness.page()('page.sites', {})).toEqual([]);
  expect(await outcome(harness)).toBe('consent_required');
  await signIn();
  const sites = await harness.page()('page.sites', {});
  expect(new Set(sites.map(({ url }) => url))).toEqual(new Set(policyPage.sites));
  expect(await outcome(harness)).toBe(200);
  expect(harness.world.told).toContainEqual({ origin: dashboard, event: 'grant.changed' });
});

test('without the permission of the browser it is not served, and the hosts are asked for at once', async () => {
  const origins = Array.from({ length: 50 }, (_, n) => `https://page${String(n)}.example`);
  await setPolicy({
    ...wholePolicy,
    connectedPages: origins.map((origin) => ({ ...policyPage, origin })),
  });
  const session = await signIn();
  const [first = ''] = origins;
  expect(await outcome(harness, first as Origin)).toBe('not_connected');
  const [site] = session.sites;
  const sites = site === undefined ? [] : [{ ...grantedSite({ ...site, sessionId: session.id }) }];
  const wanted = { origin: first as Origin, sites, access: 'write' as const };
  expect(await codeOf(harness.ui('grant.prepare', wanted))).toBe('managed');
  expect((await allowPolicyHosts()).length).toBe(50);
  expect(await outcome(harness, first as Origin)).toBe(200);
  harness.world.hosts.delete(`${first}/*`);
  await harness.background.grants.followPermissions();
  expect(await outcome(harness, first as Origin)).toBe('not_connected');
  expect(harness.world.policyInjected.size).toBe(49);
});

test('it has the access, paths and products of the policy, and nobody widens them', async () => {
  await setPolicy({
    ...wholePolicy,
    connectedPages: [{ ...policyPage, products: ['jira'], paths: ['/rest/api/3/myself'] }],
  });
  const session = await signIn();
  await allowPolicyHosts();
  expect(await outcome(harness)).toBe(200);
  const page = harness.page();
  expect(await codeOf(fetchAll(page, { input: '/rest/api/3/project' }))).toBe('not_allowed');
  expect((await page('page.sites', {})).map(({ product }) => product)).toEqual(['jira']);
  // What it has already is not asked for.
  await page('page.request-access', { paths: ['/rest/api/3/myself'] });
  expect(await codeOf(page('page.request-access', { access: 'write' }))).toBe('not_allowed');
  expect(await codeOf(page('page.request-access', { paths: ['/rest/'] }))).toBe('not_allowed');
  expect(await codeOf(connect(harness, session, { access: 'write' }))).toBe('managed');
  expect(await codeOf(harness.ui('grant.pause', { origin: dashboard, isPaused: true }))).toBe(
    'managed',
  );
  expect(await codeOf(harness.ui('grant.remove', { origin: dashboard }))).toBe('managed');
  await page('page.disconnect', {});
  expect(await outcome(harness)).toBe(200);
  expect(await rows()).toMatchObject([{ origin: dashboard, isManaged: true, access: 'read' }]);
});

test('nothing is prepared for an origin that the policy decides on', async () => {
  await setPolicy({ ...wholePolicy, blockedOrigins: [blockedOrigin] });
  const session = await signIn();
  const sites = sitesAt(session, 'acme').map((site) =>
    grantedSite({ ...site, sessionId: session.id }),
  );
  const prepare = (origin: Origin) =>
    codeOf(harness.ui('grant.prepare', { origin, sites, access: 'write' }));
  // The browser allows neither, so that a stored request would wait for its permission.
  expect(await prepare(dashboard)).toBe('managed');
  expect(await prepare(blockedOrigin)).toBe('blocked_by_policy');
  const pending = [...harness.world.session.entries.keys()].filter((key) =>
    key.startsWith('pending-grant'),
  );
  expect(pending).toEqual([]);
});

test('what the person chose between its sites is kept, and goes with the policy', async () => {
  const sites = ['https://acme.atlassian.net', 'https://globex.atlassian.net'];
  await setPolicy({ ...wholePolicy, connectedPages: [{ ...policyPage, sites }] });
  const session = await signIn();
  await allowPolicyHosts();
  const [row] = await rows();
  const choice = row?.choices.find(({ key }) => key === 'jira');
  const [, second] = choice?.candidates ?? [];
  const choose = () =>
    harness.ui('grant.choose', {
      origin: dashboard,
      key: 'jira',
      ...(second && { site: second }),
    });
  harness.world.local.failWrites(1);
  expect((await rejection(choose())).code).toBe('storage_failed');
  expect((await rows())[0]?.choices).toEqual(row?.choices);
  await choose();
  expect(await outcome(harness)).toBe(200);
  expect((await rows())[0]?.choices.find(({ key }) => key === 'jira')?.chosen).toEqual(second);
  expect(session.sites.length).toBeGreaterThan(1);
  await withdraw();
  expect(harness.world.local.entries.has('policy-choices')).toBe(false);
});

test('the own connection of the person is back when the policy is withdrawn', async () => {
  await setPolicy({ clients: wholePolicy.clients });
  const session = await signIn();
  await connect(harness, session, { access: 'write', sites: sitesAt(session, 'acme') });
  await setPolicy(wholePolicy);
  expect(await rows()).toMatchObject([{ access: 'read', isManaged: true }]);
  expect(await outcome(harness)).toBe(200);
  await setPolicy({ clients: wholePolicy.clients });
  const [row] = await rows();
  expect(row).toMatchObject({ origin: dashboard, access: 'write' });
  expect(row).not.toHaveProperty('isManaged');
  expect(await outcome(harness)).toBe(200);
});

test('a blocked origin cannot be connected, and its connection is suspended as long as it is blocked', async () => {
  await setPolicy({ clients: wholePolicy.clients });
  const session = await signIn();
  await connect(harness, session, { origin: blockedOrigin, sites: sitesAt(session, 'acme') });
  expect(await outcome(harness, blockedOrigin)).toBe(200);
  await setPolicy({ ...wholePolicy, blockedOrigins: [blockedOrigin, helperKey] });
  expect(await outcome(harness, blockedOrigin)).toBe('not_connected');
  expect(harness.world.told).toContainEqual({ origin: blockedOrigin, event: 'grant.ended' });
  expect(await codeOf(connect(harness, session, { origin: blockedOrigin }))).toBe(
    'blocked_by_policy',
  );
  expect(await harness.ui('popup.view', { origin: blockedOrigin })).toMatchObject({
    isBlocked: true,
    page: { isBlocked: true },
  });
  await harness.ui('settings.update', { changes: { otherExtensions: true } });
  expect(await codeOf(harness.extension()('page.request-access', {}))).toBe('not_connected');
  await setPolicy({ clients: wholePolicy.clients });
  expect(await outcome(harness, blockedOrigin)).toBe(200);
});

test('an origin that is blocked while its connection is stored does not get it', async () => {
  await setPolicy({ clients: wholePolicy.clients });
  const session = await signIn();
  const { local } = harness.world;
  const { write } = local;
  local.write = async (items) => {
    await write(items);
    if (!(`grant:${blockedOrigin}` in items)) return;
    local.write = write;
    await setPolicy({ ...wholePolicy, blockedOrigins: [blockedOrigin] });
  };
  await connect(harness, session, { origin: blockedOrigin, sites: sitesAt(session, 'acme') });
  expect(local.write).toBe(write);
  expect(await outcome(harness, blockedOrigin)).toBe('not_connected');
  expect(harness.world.injected.has(blockedOrigin)).toBe(false);
});
