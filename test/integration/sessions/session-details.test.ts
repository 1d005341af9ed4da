import { expect, test } from 'vitest';
import { maxLabelLength } from '../../../extension/core/session/session.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { codeOf, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';

useSession();

const details = () => harness.ui('session.details', { id: session.id });
const rows = async (filter = '') =>
  (await harness.ui('session.find', { filter, offset: 0, limit: 60 })).rows;
const label = async (): Promise<string | undefined> => (await rows())[0]?.account.label;
const rename = (text: string) => harness.ui('session.rename', { id: session.id, label: text });

test('a session has the name that the person gave it, also after a restart and a new sign-in', async () => {
  await rename('  Work\n\u202eaccount ');
  expect(await label()).toBe('Work account');
  expect(await rows('work')).toHaveLength(1);
  expect(
    (await harness.ui('site.find', { filter: 'work', offset: 0, limit: 60 })).matching,
  ).toBeGreaterThan(0);
  // The tokens are not bound to it, and pages do not learn it.
  await revive();
  expect(await codeOf(fetchAll(harness.page(), { input: '/rest/api/3/myself' }))).toBe(200);
  expect(JSON.stringify(await harness.page()('page.sites', {}))).not.toContain('Work');
  harness.world.person = async (url) => ({ redirectedTo: await standin.consent(url.href, {}) });
  await harness.ui('flow.start', { clientId: client.id, sessionId: session.id });
  await until(async () => (await harness.ui('overview.get', {})).flow?.state === 'succeeded');
  expect(await label()).toBe('Work account');
  await rename(' ');
  expect((await rows())[0]?.account).not.toHaveProperty('label');
});

test('a name that is too long, or of no session, is refused', async () => {
  expect(await rejection(rename('x'.repeat(maxLabelLength + 1)))).toMatchObject({
    code: 'invalid_request',
  });
  const id = '99999999-9999-4999-8999-999999999999' as typeof session.id;
  expect(await rejection(harness.ui('session.rename', { id, label: 'x' }))).toMatchObject({
    code: 'not_found',
  });
  expect(await rejection(harness.ui('session.details', { id }))).toMatchObject({
    code: 'not_found',
  });
});

test('tells the pages, the scopes, until when it can be renewed, and the calls that did not succeed', async () => {
  const other = 'https://other.example' as typeof dashboard;
  await connect(harness, session, { origin: other, sites: sitesAt(session, 'acme') });
  const before = await details();
  expect(before.row).not.toHaveProperty('lastUsedAtMs');
  expect(before.recentProblems).toEqual([]);
  expect(before.requestedScopes).toEqual(client.scopes);
  expect(before.products.toSorted()).toEqual(['confluence', 'jira']);
  expect(before.pages).toEqual([
    { origin: dashboard, isOnlySession: true },
    { origin: other, isOnlySession: true },
  ]);
  expect((before.renewableUntilMs ?? 0) - before.row.refreshedAtMs).toBe(90 * 86_400_000);
  const page = harness.page();
  await fetchAll(page, { input: '/rest/api/3/myself' });
  expect(await codeOf(fetchAll(page, { input: '/rest/api/3/issue/NONE-1' }))).toBe(404);
  const after = await details();
  expect(after.recentProblems).toMatchObject([{ path: '/rest/api/3/issue/NONE-1', status: 404 }]);
  expect(after.row.lastUsedAtMs).toBeGreaterThan(0);
  expect((await rows())[0]?.lastUsedAtMs).toBe(after.row.lastUsedAtMs);
});
