/* OAuth 1.0a under attack and faults: pages that send their own signatures, clocks that jump, missing keys. */
import { describe, expect, test } from 'vitest';
import { blankDraft, draftOf } from '../../../extension/core/client/client-configuration.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow, type Harness } from '../../support/harness.ts';
import { bodyOf, fetchAll } from '../../support/page-calls.ts';
import { applicationLink, thirdPartyClient } from '../../support/samples/signed-clients.ts';
import { harness, standin, useBackground } from '../use-session.ts';

useBackground();

const year = 365 * 86_400_000;
const form: [string, string][] = [['content-type', 'application/x-www-form-urlencoded']];

async function connected(client: ClientView): Promise<SessionView> {
  const flow = await runFlow(harness, client);
  const sessions = await harness.ui('session.list', {});
  const session = sessions.find(({ id }) => id === flow.sessionId);
  if (session === undefined) throw new Error('no session');
  await connect(harness, session, { access: 'write' });
  return session;
}
const statusOf = async (id: SessionView['id'], from = harness) =>
  (await from.ui('session.get', { id })).status;
const call = async (input: string, from = harness) =>
  (await fetchAll(from.page(), { input })).status;
const renewals = () =>
  standin.log.filter(({ headers }) => headers['authorization']?.includes('oauth_session_handle'));

/** Lets the server tell back in an error what it was asked, as real ones do. */
function tellBack(): void {
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: async (input: string, init: RequestInit) => {
      const answer = await fetch(input, init);
      const asked = new URL(input).searchParams.get('username');
      if (asked === null || answer.status === 401) return answer;
      return Response.json({ errorMessages: [`No user '${asked}' here`] }, { status: 404 });
    },
  });
}
/** Another clock than the server's, ahead by so much. */
function setClock(from: Harness, aheadMs: number): void {
  const { nowMs } = from.world;
  Object.assign(from.world, { nowMs: () => nowMs() + aheadMs });
}

describe('a page', () => {
  test.each(['token_rejected', 'token_expired', 'timestamp_refused', 'nonce_used'])(
    'cannot bring %s into an answer: nothing is renewed, learnt or ended',
    async (problem) => {
      const { id } = await connected(await applicationLink({ harness, standin }));
      tellBack();
      standin.log.clear();
      const words = `x&oauth_problem=${problem}&oauth_acceptable_timestamps=1-2&y`;
      const input = `/rest/api/2/user?username=${encodeURIComponent(words)}`;
      expect(await call(input)).toBe(404);
      expect([standin.log.length, renewals().length]).toEqual([1, 0]);
      expect(await call('/rest/api/2/myself')).toBe(200);
      expect(standin.log).toHaveLength(2);
      expect(await statusOf(id)).toBe('valid');
    },
  );

  test.each([
    ['/api/albums', 'oauth_callback=https%3A%2F%2Fdashboard.example%2Fcb', 'oauth_callback'],
    ['/api/albums', 'oauth_token=x', 'oauth_token'],
    ['/api/albums', 'OAuth_Verifier=x', 'OAuth_Verifier'],
  ])('cannot take part in the sign-in: %s?%s', async (path, query, subject) => {
    await connected(await thirdPartyClient({ harness, standin }));
    standin.log.clear();
    const calls = [
      fetchAll(harness.page(), { method: 'POST', input: `${path}?${query}` }),
      fetchAll(harness.page(), {
        method: 'POST',
        input: path,
        headers: form,
        body: bodyOf(query),
      }),
    ];
    for (const each of calls)
      expect(await rejection(each)).toMatchObject({ code: 'invalid_request', subject });
    expect(standin.log).toHaveLength(0);
  });

  test('cannot hold the worker up with a form of many parameters', async () => {
    await connected(await thirdPartyClient({ harness, standin }));
    const large = {
      method: 'POST',
      input: '/api/x',
      headers: form,
      body: bodyOf('a&'.repeat(40_000)),
    };
    expect(await rejection(fetchAll(harness.page(), large))).toMatchObject({
      code: 'invalid_request',
      subject: 'form',
    });
  });

  test('is not in the diagnostics that a person copies', async () => {
    const client = await applicationLink({ harness, standin });
    await connected(client);
    await call('/rest/api/2/search?jql=private');
    const { requests } = await harness.ui('client.diagnose', { id: client.id });
    expect(JSON.stringify(requests)).not.toContain('private');
  });
});

test('a clock that jumped years ahead ends nothing: the server decides', async () => {
  const { id } = await connected(await applicationLink({ harness, standin }));
  setClock(harness, 6 * year);
  expect(await call('/rest/api/2/myself')).toBe(200);
  expect([renewals().length > 0, await statusOf(id)]).toEqual([true, 'valid']);
});

test('a clock that went back gives up no token that nothing can renew', async () => {
  const { id } = await connected(await thirdPartyClient({ harness, standin }));
  harness.world.session.entries.clear();
  const revived = await harness.revive();
  setClock(revived, -3_600_000);
  expect(await call('/api/albums', revived)).toBe(200);
  expect(await statusOf(id, revived)).toBe('valid');
});

test('a key that cannot be had now uses no attempt up', async () => {
  const { id } = await connected(await applicationLink({ harness, standin }));
  harness.world.elapse(5 * year);
  const { privateKey } = harness.world.keyStore;
  Object.assign(harness.world.keyStore, {
    privateKey: () => Promise.reject(new DOMException('closed', 'InvalidStateError')),
  });
  for (let times = 0; times < 4; times += 1)
    expect(await rejection(call('/rest/api/2/myself'))).toMatchObject({ code: 'locked' });
  Object.assign(harness.world.keyStore, { privateKey });
  expect(await call('/rest/api/2/myself')).toBe(200);
  expect([renewals().length, await statusOf(id)]).toEqual([1, 'valid']);
});

test('another type ends the sessions: their tokens are of another protocol', async () => {
  const client = await thirdPartyClient({ harness, standin });
  const { id } = await connected(client);
  const { requestTokenEndpoint: _, ...rest } = draftOf(client);
  const draft = { ...blankDraft('generic'), ...rest, type: 'generic', scopes: ['a'] } as const;
  await harness.ui('client.update', { id: client.id, client: { ...draft, clientSecret: 's' } });
  expect(await rejection(harness.ui('session.get', { id }))).toMatchObject({ code: 'not_found' });
  expect(await rejection(call('/api/albums'))).toMatchObject({ code: 'not_connected' });
});

test("a page cannot call the provider's own endpoints, which lie beside its API", async () => {
  const client = await thirdPartyClient({ harness, standin });
  await connected(client);
  const { requestTokenEndpoint = '', authorizationEndpoint, tokenEndpoint, apiBase } = client;
  expect(new URL(tokenEndpoint).origin).toBe(apiBase);
  const sent = standin.log.length;
  for (const endpoint of [requestTokenEndpoint, authorizationEndpoint, tokenEndpoint])
    for (const input of [endpoint, new URL(endpoint).pathname, `${endpoint}/x`])
      expect(await rejection(call(input)), input).toMatchObject({
        code: 'not_allowed',
        subject: 'path',
      });
  expect(standin.log.length).toBe(sent);
});

test('a token that a server repeats in a response reaches no page, in any encoding', async () => {
  const token = 'tok/+=en';
  await connected(await thirdPartyClient({ harness, standin }));
  const entries = [...harness.world.session.entries];
  const [key, stored] = entries.find(([name]) => name.startsWith('access:')) ?? [];
  if (key === undefined) throw new Error('no access token');
  const packed = JSON.stringify({ token, tokenSecret: 's' });
  harness.world.session.entries.set(key, { ...(stored as object), token: packed });
  const revived = await harness.revive();
  const { fetch } = revived.world;
  const spellings = [
    token,
    encodeURIComponent(token),
    encodeURIComponent(encodeURIComponent(token)),
  ];
  Object.assign(revived.world, {
    fetch: async (input: string, init: RequestInit) =>
      input.includes('/api/')
        ? new Response(spellings.join(' '), { headers: { 'x-request-id': spellings.join(' ') } })
        : fetch(input, init),
  });
  const { bytes, headers } = await fetchAll(revived.page(), { input: '/api/albums' });
  for (const each of spellings) {
    expect(bytes.toString()).not.toContain(each);
    expect(JSON.stringify(headers)).not.toContain(each);
  }
  expect(bytes.toString()).toMatch(/^\*+ \*+ \*+$/u);
});
