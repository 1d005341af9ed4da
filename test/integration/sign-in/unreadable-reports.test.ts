import { describe, expect, test } from 'vitest';
import { ACME_CLOUD_ID } from '../../standin/facts/sites.ts';
import { rejection } from '../../support/faults.ts';
import { addClient, aDraft, runFlow, signedIn } from '../../support/harness.ts';
import { harness, standin, useBackground } from '../use-session.ts';

useBackground();

describe('an account or a list of sites that cannot be read', () => {
  const path = '/oauth/token/accessible-resources';
  const good = {
    id: ACME_CLOUD_ID,
    url: 'https://acme.atlassian.net',
    name: null,
    scopes: ['read:jira-work'],
    avatarUrl: '',
  };
  const listed = (body: string): void =>
    void standin.faults.add({ kind: 'status', status: 200, body, match: { path }, times: 1 });
  const session = async () => (await harness.ui('session.list', {}))[0];
  test.each([
    ['nothing', [{}, { id: 7 }], undefined, 'provider_answer_invalid'],
    ['a part without a site', [{ ...good, scopes: ['read:me'] }, {}], 1, 'sites_unread'],
  ])('%s is told as such, never as no site', async (_, entries, unreadableSites, code) => {
    listed(JSON.stringify(entries));
    const flow = await runFlow(harness, await addClient(harness, standin));
    expect([flow.state, flow.fault?.code]).toEqual(['succeeded', 'sites_unread']);
    expect(await session()).toMatchObject({ status: 'valid', sites: [] });
    expect((await session())?.unreadableSites).toBe(unreadableSites);
    const { id } = (await session())!;
    listed(JSON.stringify(entries));
    const refreshed = harness.ui('session.refresh-sites', { id });
    expect((await rejection(refreshed)).code).toBe(code);
    const after = await harness.ui('session.refresh-sites', { id });
    expect([after.sites.length, after.unreadableSites]).toEqual([4, undefined]);
  });
  test('members of the account that say nothing affect no other', async () => {
    const body = JSON.stringify({ account_id: 'ada-id', name: 7, email: [] });
    standin.faults.add({ kind: 'status', status: 200, body, match: { path: '/me' } });
    await runFlow(harness, await addClient(harness, standin));
    expect((await session())?.account).toEqual({ accountId: 'ada-id' });
  });
  test.each([
    ['null', 200],
    ['{"account_id":7}', 200],
    ['<h1>Sign in to the network</h1>', 401],
    ['<h1>Blocked</h1>', 403],
    ['<h1>Not found</h1>', 404],
    ['', 407],
    ['{}', 200],
    ['[]', 200],
    ['{"error":"invalid_request"}', 400],
    ['{"code":401,"message":"Unauthorized"}', 401],
    ['{"error":"blocked by policy"}', 403],
    ['{"code":404,"message":"Not Found"}', 404],
  ])('an account of %s with %i is not read as a session without account', async (body, status) => {
    const { client } = await signedIn(harness, standin);
    standin.faults.add({ kind: 'status', status, body, match: { path: '/me' } });
    const { sessionId } = await runFlow(harness, client);
    const sessions = await harness.ui('session.list', {});
    expect(sessions.find(({ id }) => id === sessionId)?.isIdentified).toBe(false);
  });
  test.each([
    ['{"code":401,"message":"Unauthorized; scope does not match"}', 401, ['read:me']],
    ['{"code":403,"message":"Forbidden"}', 403, []],
    ['{}', 200, []],
  ])('an account of %s with %i and the scopes %j cannot be read', async (body, status, scopes) => {
    const requested = ['read:jira-work', 'offline_access', ...scopes];
    const { client } = await signedIn(harness, standin, aDraft({ scopes: requested }));
    standin.faults.add({ kind: 'status', status, body, match: { path: '/me' } });
    const { sessionId } = await runFlow(harness, client);
    const sessions = await harness.ui('session.list', {});
    const read = sessions.find(({ id }) => id === sessionId);
    expect(read).toMatchObject({ isIdentified: true, account: {} });
  });
  test.each([401, 403])('a web page with %i proves nothing about the token', async (status) => {
    const { session: before } = await signedIn(harness, standin);
    standin.log.clear();
    const page = { kind: 'status', status, body: '<h1>Sign in</h1>' } as const;
    standin.faults.add({ ...page, match: { path }, times: Infinity });
    const refreshed = harness.ui('session.refresh-sites', { id: before.id });
    expect((await rejection(refreshed)).code).toBe('provider_answer_invalid');
    expect(standin.log.requests({ path: '/oauth/token' })).toEqual([]);
  });
  test('the good entries are kept, and none of the sites that were known is lost', async () => {
    const { session: before } = await signedIn(harness, standin);
    const inPart = { ...good, scopes: [...good.scopes, 7] };
    listed(JSON.stringify([inPart, null, { ...good, url: 'acme' }]));
    const after = await harness.ui('session.refresh-sites', { id: before.id });
    expect(after).toMatchObject({ lostSites: [], unreadableSites: 3 });
    expect(after.sites).toHaveLength(4);
    const revived = await harness.revive();
    expect((await revived.ui('session.list', {}))[0]?.unreadableSites).toBe(3);
  });
});
