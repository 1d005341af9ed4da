/** Differences of single systems that `systems.test.ts` does not cover. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ClientView, FlowView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, connect, runFlow } from '../../support/harness.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

const hour = 3_600_000;
useBackground();
afterEach(() => {
  expect(standin.auditor).toMatchObject({ crossings: [], strayBearers: [], secretsInUrls: [] });
});

const sessions = async (): Promise<readonly SessionView[]> => harness.ui('session.list', {});
const signIn = async (client: ClientView): Promise<FlowView> => {
  const flow = await runFlow(harness, client);
  expect(flow.fault).toBeUndefined();
  return flow;
};

describe('Google, at a later consent of the same account, gives no refresh token', () => {
  const google = systemCase('Google');
  const call = async (): Promise<number> =>
    (await fetchAll(harness.page(), { input: google.path })).status;
  const refreshed = (): (string | null)[] =>
    standin.log
      .requests({ host: google.tokenHost })
      .map(({ bodyText }) => new URLSearchParams(bodyText).get('refresh_token'))
      .filter((token) => token !== null);
  let client: ClientView;
  beforeEach(async () => {
    // Without `consent` Google asks once, and names a refresh token once.
    client = await addSystemClient(google, {
      authorizationParameters: { prompt: 'select_account' },
    });
    await signIn(client);
    await connect(harness, (await sessions())[0]!);
  });

  test('and the session goes on with the one it has', async () => {
    harness.world.elapse(hour);
    expect(await call()).toBe(200);
    await signIn(client);
    const [session, ...others] = await sessions();
    expect([others, session?.status, session?.endsAtMs]).toEqual([[], 'valid', undefined]);
    harness.world.elapse(hour);
    expect(await call()).toBe(200);
    expect(refreshed()).toHaveLength(2);
    expect(new Set(refreshed()).size).toBe(1);
  });

  test('and one that Google ended does not come back with it', async () => {
    harness.world.elapse(hour);
    standin.faults.add({
      kind: 'status',
      status: 400,
      contentType: 'application/json',
      body: '{"error":"invalid_grant"}',
      match: { host: google.tokenHost },
    });
    expect((await rejection(call())).code).toBe('consent_required');
    await signIn(client);
    const [session] = await sessions();
    expect(session?.endsAtMs).toBeGreaterThan(standin.clock.nowMs());
    expect([session?.status, await call()]).toEqual(['valid', 200]);
    harness.world.elapse(hour);
    expect((await rejection(call())).code).toBe('consent_required');
    expect(refreshed()).toHaveLength(1);
  });
});

test('a generic client without scopes requests none, and gets those that the provider has by default', async () => {
  const generic = systemCase('generic');
  const client = await addSystemClient(generic, { scopes: [] });
  const { person } = harness.world;
  const requested: (string | null)[] = [];
  harness.world.person = (url, ...rest) => {
    requested.push(url.searchParams.get('scope'));
    const withDefault = new URL(url);
    withDefault.searchParams.set('scope', 'openid offline_access notes');
    return person(withDefault, ...rest);
  };
  await signIn(client);
  expect(requested).toEqual([null]);
  const [session] = await sessions();
  expect(session).toMatchObject({ status: 'valid', missingScopes: [] });
  await connect(harness, session!);
  harness.world.elapse(hour + 100_000);
  expect((await fetchAll(harness.page(), { input: generic.path })).status).toBe(200);
});

describe("a generic client's own headers", () => {
  const generic = systemCase('generic');
  test('are sent with each call, and a page can neither set nor replace them', async () => {
    const requestHeaders = { 'Notion-Version': '2022-06-28', Accept: 'application/json;own' };
    await signIn(await addSystemClient(generic, { requestHeaders }));
    await connect(harness, (await sessions())[0]!);
    const page = harness.page();
    const headers: [string, string][] = [['accept', 'text/html']];
    expect((await fetchAll(page, { input: generic.path, headers })).status).toBe(200);
    const sent = standin.log.requests({ host: generic.tokenHost }).at(-1);
    expect(sent?.headers).toMatchObject({
      'notion-version': '2022-06-28',
      accept: 'application/json;own',
    });
    const widened = fetchAll(page, { input: generic.path, headers: [['notion-version', '1']] });
    expect((await rejection(widened)).code).toBe('invalid_request');
  });
  test('are sent to a userinfo endpoint of the same API, which still answers with JSON, and to no protocol endpoint', async () => {
    const requestHeaders = { 'Notion-Version': '2022-06-28', accept: 'text/csv' };
    const client = await addSystemClient(generic, { requestHeaders });
    await signIn(client);
    const [session] = await sessions();
    expect(session?.account.accountId).toBeDefined();
    await harness.ui('session.sign-out', { id: session!.id });
    await standin.log.waitFor(({ path }) => path === '/token/revocation');
    const sent = standin.log.requests({ host: generic.tokenHost });
    const having = sent.filter(({ headers }) => 'notion-version' in headers);
    expect(having.map(({ path, headers }) => [path, headers['accept']])).toEqual([
      ['/me', 'application/json'],
    ]);
    expect(sent.map(({ path }) => path)).toContain('/token');
  });
  test('are not sent to a userinfo endpoint on another host than the API', async () => {
    const requestHeaders = { 'Notion-Version': '2022-06-28' };
    const apiBase = `${standin.generic.second.issuer}/api`;
    await signIn(await addSystemClient(generic, { requestHeaders, apiBase }));
    const [asked] = standin.log.requests({ host: generic.tokenHost, path: '/me' });
    expect(asked?.headers).not.toHaveProperty('notion-version');
  });
  test.each(['Authorization', 'Connection', 'X-Api-Key'])('cannot be %s', async (name) => {
    const added = addSystemClient(generic, { requestHeaders: { [name]: 'x' } });
    expect(await rejection(added)).toMatchObject({
      code: 'invalid_client',
      fields: [{ field: 'requestHeaders', problem: 'header_reserved' }],
    });
  });
  test('cannot be those of an Atlassian client', async () => {
    const cloud = aDraft({ requestHeaders: { 'X-A': 'x' } });
    const { requestHeaders } = await harness.ui('client.create', { client: cloud });
    expect(requestHeaders).toBeUndefined();
  });
});

describe('the Government Cloud shows accessible-resources on one of two hosts', () => {
  const gov = systemCase('cloud, gov');
  const path = '/oauth/token/accessible-resources';
  const asked = (): [string, number?][] =>
    standin.log.requests({ path }).map(({ host, status }) => [host, status] as [string, number?]);
  const [api, auth] = ['api.atlassian-us-gov-mod.com', 'auth.atlassian-us-gov-mod.com'];

  test('and the authorization server is asked when the API does not know it', async () => {
    standin.gov.accessibleResources = 'auth';
    await signIn(await addSystemClient(gov));
    expect(asked()).toEqual([
      [api, 404],
      [auth, 200],
    ]);
    expect((await sessions())[0]?.sites.length).toBeGreaterThan(0);
  });

  test('and it is asked nothing when the API answers', async () => {
    await signIn(await addSystemClient(gov));
    expect(asked()).toEqual([[api, 200]]);
  });

  test('and a failure of the API is no reason to ask it', async () => {
    await signIn(await addSystemClient(gov));
    const [session] = await sessions();
    standin.gov.accessibleResources = 'auth';
    standin.faults.add({ kind: 'status', status: 503, match: { path } });
    const { code } = await rejection(harness.ui('session.refresh-sites', { id: session!.id }));
    expect(code).toBe('provider_unreachable');
    expect(asked().slice(1)).toEqual([[api, 503]]);
  });
});
