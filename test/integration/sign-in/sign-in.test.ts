import { describe, expect, test } from 'vitest';
import type { WindowOutcome } from '../../../extension/browser/identity.ts';
import type { FlowView } from '../../../extension/wire/views.ts';
import { ACME_CLOUD_ID } from '../../standin/facts/sites.ts';
import type { AuthorizeTamper } from '../../standin/state/settings.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, addClient, connect, runFlow, signedIn } from '../../support/harness.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useBackground({ transport: 'tls' });

const exchanges = (): number => tokenRequests(standin, 'authorization_code').length;
async function failedFlow(draft = aDraft()): Promise<FlowView> {
  const client = await addClient(harness, standin, draft);
  const before = harness.world.local.dump();
  const flow = await runFlow(harness, client);
  expect(flow.state).toBe('failed');
  expect(harness.world.local.dump()).toBe(before);
  expect(harness.world.openWindows.size).toBe(0);
  return flow;
}
const flowNow = async (): Promise<FlowView | undefined> =>
  (await harness.ui('overview.get', {})).flow;
const works = async (): Promise<void> => {
  const { clients } = await harness.ui('overview.get', {});
  const [client] = clients;
  if (!client) throw new Error('the client is gone');
  expect((await runFlow(harness, client)).state).toBe('succeeded');
};
const person = (outcome: WindowOutcome): void => {
  harness.world.person = () => Promise.resolve(outcome);
};
const again = (): void => {
  harness.world.person = async (url) => ({ redirectedTo: await standin.consent(url.href) });
  standin.authorize.tamper = {};
  standin.faults.clear();
};

describe('an attempt that fails says why, loses nothing, and the next one works', () => {
  test('consent denied', async () => {
    harness.world.person = async (url) => ({
      redirectedTo: await standin.consent(url.href, { decision: 'cancel' }),
    });
    const flow = await failedFlow();
    const [client] = await harness.ui('client.list', {});
    expect(flow).toMatchObject({
      fault: { code: 'consent_denied' },
      clientType: 'atlassian-cloud',
      redirectUri: client?.redirectUri,
    });
    expect(exchanges()).toBe(0);
    again();
    await works();
  });
  test.each([
    ['closed', 'flow_closed'],
    ['unloadable', 'flow_unloadable'],
    ['busy', 'flow_in_progress'],
  ] as const)('the window ended as %s', async (ended, code) => {
    person({ ended });
    const flow = await failedFlow();
    expect([flow.fault?.code, flow.isCancelled]).toEqual([code, undefined]);
    expect(exchanges()).toBe(0);
    again();
    await works();
  });
  test.each<[AuthorizeTamper, string]>([
    [{ wrongState: true }, 'state_mismatch'],
    [{ missingState: true }, 'state_mismatch'],
    [{ duplicateState: true }, 'state_mismatch'],
    [{ wrongIss: true }, 'state_mismatch'],
    [{ dropCode: true }, 'state_mismatch'],
    [{ extraPath: '/cbevil' }, 'redirect_rejected'],
    [{ extraPath: 'evil' }, 'redirect_rejected'],
  ])('an answer with %j is thrown away, and its code never sent', async (tamper, code) => {
    standin.authorize.tamper = tamper;
    expect((await failedFlow()).fault?.code).toBe(code);
    expect(exchanges()).toBe(0);
    again();
    await works();
  });
  const at = { path: '/oauth/token' };
  test.each([
    ['is down', { kind: 'status', status: 503, match: at }, 'provider_unreachable'],
    ['drops the connection', { kind: 'drop-before', match: at }, 'provider_unreachable'],
    ['acts and drops the connection', { kind: 'drop-after', match: at }, 'provider_unreachable'],
    ['sends half of its answer', { kind: 'truncate', match: at }, 'provider_unreachable'],
    ['is a network log-in page', { kind: 'html', match: at }, 'provider_answer_invalid'],
    [
      'redirects',
      { kind: 'redirect', status: 307, location: 'https://evil.example/', match: at },
      'provider_answer_invalid',
    ],
    ['asks to wait', { kind: 'rate-limit', match: at }, 'rate_limited'],
  ] as const)('the token endpoint %s', async (_, fault, code) => {
    standin.faults.add({ ...fault, times: Infinity });
    expect((await failedFlow()).fault?.code).toBe(code);
    again();
    await works();
  });
  test('the client secret is wrong', async () => {
    const client = await addClient(harness, standin);
    const app = standin.apps.get('team-client');
    if (app) app.clientSecret = 'another';
    expect((await runFlow(harness, client)).fault?.code).toBe('client_rejected');
    if (app) app.clientSecret = aDraft().clientSecret ?? '';
    await works();
  });
  test('the browser withholds the hosts', async () => {
    const client = await addClient(harness, standin);
    harness.world.hosts.delete('https://auth.atlassian.com/*');
    expect(await rejection(harness.ui('flow.start', { clientId: client.id }))).toMatchObject({
      code: 'permission_missing',
      subject: expect.stringContaining('https://auth.atlassian.com/*') as string,
    });
    expect((await harness.ui('overview.get', {})).missingHostPatterns).toEqual([
      'https://auth.atlassian.com/*',
    ]);
    harness.world.hosts.add('https://auth.atlassian.com/*');
    await works();
  });
});

test('a grant of no site is signed in, and says that there is none', async () => {
  standin.accounts.get('ada').sites = [];
  const flow = await runFlow(harness, await addClient(harness, standin));
  expect(flow).toMatchObject({ state: 'succeeded', fault: { code: 'no_site' } });
  const sessions = await harness.ui('session.list', {});
  expect(sessions).toMatchObject([{ status: 'valid', sites: [] }]);
});

test('without a refresh token the session says when it ends, and no refresh is tried', async () => {
  standin.faults.add({ kind: 'omit-refresh-token', match: { path: '/oauth/token' } });
  const { session } = await signedIn(harness, standin);
  expect(session.endsAtMs).toBeGreaterThan(standin.clock.nowMs() + 3_500_000);
  await connect(harness, session, { sites: sitesAt(session, 'acme') });
  expect((await fetchAll(harness.page())).status).toBe(200);
  const revived = await harness.revive();
  revived.world.session.entries.clear();
  const restarted = await revived.revive();
  expect((await fetchAll(restarted.page())).status).toBe(200);
  standin.clock.advance(3_600_000);
  expect((await rejection(fetchAll(restarted.page()))).code).toBe('consent_required');
  expect(await restarted.ui('session.list', {})).toMatchObject([{ status: 'unrecoverable' }]);
  expect(tokenRequests(standin, 'refresh_token')).toHaveLength(0);
});

test('a missing token_type is taken as Bearer', async () => {
  standin.faults.add({ kind: 'omit-token-type', match: { path: '/oauth/token' } });
  expect((await runFlow(harness, await addClient(harness, standin))).state).toBe('succeeded');
});

test('a second start while one runs is refused, and the first one goes on', async () => {
  const client = await addClient(harness, standin);
  const [first, second] = await Promise.allSettled([
    harness.ui('flow.start', { clientId: client.id }),
    harness.ui('flow.start', { clientId: client.id }),
  ]);
  expect(first).toMatchObject({ status: 'fulfilled', value: { state: 'waiting' } });
  expect(second).toMatchObject({
    status: 'rejected',
    reason: { fault: { code: 'flow_in_progress' } },
  });
  await until(async () => (await flowNow())?.state === 'succeeded');
  expect(exchanges()).toBe(1);
});

test('while it waits, the window can be shown, and cancelling closes it', async () => {
  const client = await addClient(harness, standin);
  harness.world.person = () => new Promise(() => undefined);
  await harness.ui('flow.start', { clientId: client.id });
  await until(() => harness.world.session.dump().includes('windowId'));
  expect(await harness.ui('flow.show', {})).toBeNull();
  await harness.ui('flow.cancel', {});
  await until(async () => (await flowNow())?.state === 'failed');
  expect((await flowNow())?.fault?.code).toBe('flow_closed');
  expect(harness.world.openWindows.size).toBe(0);
  await harness.ui('flow.dismiss', {});
  expect((await harness.ui('overview.get', {})).flow).toBeUndefined();
  expect((await rejection(harness.ui('flow.show', {}))).code).toBe('not_found');
  again();
  await works();
});

test('a window that outlived its worker is closed by the next one, which reports it and signs in', async () => {
  const client = await addClient(harness, standin);
  harness.world.person = () => new Promise(() => undefined);
  await harness.ui('flow.start', { clientId: client.id });
  await until(() => harness.world.session.dump().includes('windowId'));
  await revive();
  expect(harness.world.openWindows.size).toBe(0);
  expect((await harness.ui('overview.get', {})).flow).toMatchObject({
    state: 'failed',
    fault: { code: 'flow_interrupted' },
  });
  expect(harness.world.session.dump()).not.toContain('codeVerifier');
  expect((await runFlow(harness, client)).state).toBe('succeeded');
});

test('the same account again renews its session and keeps the connected pages', async () => {
  const { client, session } = await signedIn(harness, standin);
  await connect(harness, session, { sites: sitesAt(session, 'acme') });
  standin.revokeGrant('ada', 'team-client');
  expect((await rejection(fetchAll(harness.page()))).code).toBe('consent_required');
  expect((await runFlow(harness, client)).sessionId).toBe(session.id);
  const sessions = await harness.ui('session.list', {});
  const grants = await connections(harness.ui);
  expect(sessions).toMatchObject([{ id: session.id, status: 'valid' }]);
  expect(grants).toHaveLength(1);
  expect((await fetchAll(harness.page())).status).toBe(200);
});

test('the same account again keeps its sites when they cannot be read just now', async () => {
  const { client, session } = await signedIn(harness, standin);
  await connect(harness, session, { sites: sitesAt(session, 'acme') });
  standin.faults.add({
    kind: 'status',
    status: 503,
    match: { path: '/oauth/token/accessible-resources' },
  });
  const flow = await runFlow(harness, client);
  expect(flow).toMatchObject({ state: 'succeeded', sessionId: session.id });
  expect(flow.fault).toBeUndefined();
  expect((await fetchAll(harness.page())).status).toBe(200);
});

test('another account opens a session of its own', async () => {
  const { client, session } = await signedIn(harness, standin);
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account: 'bo' }),
  });
  await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  expect(sessions.map(({ account }) => account.name).sort()).toEqual(['Ada Example', 'Bo Example']);
  expect(sessions.find(({ id }) => id === session.id)?.account.name).toBe('Ada Example');
});

test('fewer sites than before are seen after the next sign-in', async () => {
  const { client, session } = await signedIn(harness, standin);
  expect(session.sites).toHaveLength(4);
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { sites: [ACME_CLOUD_ID] }),
  });
  await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  expect(sessions[0]?.sites.every(({ cloudId }) => cloudId === ACME_CLOUD_ID)).toBe(true);
});

test.each(['deleted', 'given another client id'])(
  'a client that is %s meanwhile gets no session',
  async (change) => {
    const client = await addClient(harness, standin);
    const consented = Promise.withResolvers<undefined>();
    harness.world.person = async (url) => {
      const redirectedTo = await standin.consent(url.href);
      await consented.promise;
      return { redirectedTo };
    };
    await harness.ui('flow.start', { clientId: client.id });
    if (change === 'deleted') await harness.ui('client.delete', { id: client.id });
    else
      await harness.ui('client.update', { id: client.id, client: aDraft({ clientId: 'another' }) });
    consented.resolve(undefined);
    await until(async () => !['waiting', 'exchanging'].includes((await flowNow())?.state ?? ''));
    // Of a client that is deleted there is nothing to say.
    expect((await flowNow())?.state).toBe(change === 'deleted' ? undefined : 'failed');
    expect(await harness.ui('session.list', {})).toEqual([]);
    expect(exchanges()).toBe(0);
  },
);

test('PKCE is sent and checked, and every state is used once', async () => {
  standin.pkce = 'required';
  await signedIn(harness, standin);
  expect(standin.auditor).toMatchObject({ pkceFailures: [], stateFaults: [], codeReuses: [] });
});

test('a window that stays open for 15 minutes is closed and reported', async () => {
  const client = await addClient(harness, standin);
  harness.world.person = () => new Promise<WindowOutcome>(() => undefined);
  await harness.ui('flow.start', { clientId: client.id });
  await until(() => harness.world.openWindows.size === 1);
  harness.world.elapse(14 * 60_000);
  expect((await flowNow())?.state).toBe('waiting');
  harness.world.elapse(60_000);
  await until(async () => (await flowNow())?.state === 'failed');
  expect((await flowNow())?.fault?.code).toBe('flow_expired');
  expect(harness.world.openWindows.size).toBe(0);
  again();
  await works();
});

test('a code that has expired, for example while the computer slept, is not sent', async () => {
  const client = await addClient(harness, standin);
  const { person } = harness.world;
  let isRedirected = false;
  harness.world.person = async (url) => {
    const outcome = await person(url);
    isRedirected = true;
    return outcome;
  };
  Object.assign(harness.world, {
    notifyExtensionPages: () => {
      if (isRedirected) standin.clock.advance(121_000);
      isRedirected = false;
    },
  });
  expect((await runFlow(harness, client)).fault?.code).toBe('flow_expired');
  expect(standin.log.requests({ path: '/oauth/token' })).toEqual([]);
});
