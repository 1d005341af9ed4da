/* OAuth 1.0a over the real background: the servers' signatures are checked by code that is not ours. */
import { describe, expect, test } from 'vitest';
import type { ClientDraft } from '../../../extension/core/client/client-configuration.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import {
  applicationLink,
  signedClient,
  thirdPartyClient,
  thirdPartyDraft,
} from '../../support/samples/signed-clients.ts';
import { harness, standin, useBackground } from '../use-session.ts';

useBackground();

const fiveYearsMs = 157_680_000_000;

const create = (changes: Partial<ClientDraft> & Pick<ClientDraft, 'type'>): Promise<ClientView> =>
  signedClient({ harness, standin }, changes);
const link = (): Promise<ClientView> => applicationLink({ harness, standin });

async function signIn(client: ClientView): Promise<SessionView> {
  const flow = await runFlow(harness, client);
  expect(flow.fault).toBeUndefined();
  const sessions = await harness.ui('session.list', {});
  const session = sessions.find(({ id }) => id === flow.sessionId);
  if (session === undefined) throw new Error('no session');
  return session;
}

async function connected(client: ClientView): Promise<SessionView> {
  const session = await signIn(client);
  await connect(harness, session, { access: 'write' });
  return session;
}

const call = (
  input: string,
  options: { method?: string; body?: string; headers?: [string, string][] } = {},
  from = harness,
) =>
  from.page()('api.request', {
    callId: crypto.randomUUID(),
    method: options.method ?? 'GET',
    input,
    headers: options.headers ?? [],
    body: options.body === undefined ? null : new TextEncoder().encode(options.body).buffer,
    writtenBytes: 0,
  });
const textOf = (reply: { chunk: ArrayBuffer | null }) =>
  new TextDecoder().decode(reply.chunk ?? new ArrayBuffer());

const renewals = () =>
  standin.log.filter(({ headers }) => headers['authorization']?.includes('oauth_session_handle'));
const requestsTo = (url: string) =>
  standin.log.filter(
    ({ host, path, headers }) =>
      `https://${host}${path}` === url && (path.endsWith('authorize') || headers['authorization']),
  );

describe('an application link', () => {
  test('signs in, calls, renews by its session handle, survives a new worker and signs out', async () => {
    const client = await link();
    const session = await connected(client);
    expect(session).toMatchObject({
      status: 'valid',
      isIdentified: true,
      missingScopes: [],
      account: { accountId: 'ada', name: 'Ada Example' },
      sites: [{ url: standin.oauth1.jira.baseUrl, product: 'jira' }],
    });
    expect(session).not.toHaveProperty('endsAtMs');
    expect((await call('/rest/api/2/myself')).status).toBe(200);

    const revived = await harness.revive();
    expect((await call('/rest/api/2/myself', {}, revived)).status).toBe(200);
    expect(renewals()).toHaveLength(0);

    revived.world.elapse(fiveYearsMs);
    expect((await call('/rest/api/2/myself', {}, revived)).status).toBe(200);
    expect(renewals()).toHaveLength(1);
    await revived.ui('session.sign-out', { id: session.id });
    expect(await revived.ui('session.list', {})).toEqual([]);
    expect(standin.auditor.crossings).toEqual([]);
  });

  test('needs no renewal after the browser was closed', async () => {
    await connected(await link());
    harness.world.session.entries.clear();
    const restarted = await harness.revive();
    expect((await call('/rest/api/2/myself', {}, restarted)).status).toBe(200);
    expect(renewals()).toHaveLength(0);
  });

  test('signs the query and the form body of a call, and no other body', async () => {
    await connected(await link());
    const jql = encodeURIComponent(`project = "A&B" AND text ~ "ü (100%)!*'" ORDER BY created`);
    expect((await call(`/rest/api/2/search?jql=${jql}&maxResults=5`)).status).not.toBe(401);
    const sent = await call('/rest/api/2/issue', {
      method: 'POST',
      body: '{"fields":{"summary":"a&b=c"}}',
      headers: [['content-type', 'application/json']],
    });
    expect(sent.status).not.toBe(401);
  });

  test('renews a token that ended before its time, for a write too', async () => {
    await connected(await link());
    standin.oauth1.jira.settings.refuse = { at: 'api', problem: 'token_expired' };
    const { log } = standin;
    const renewed = log.waitFor(({ headers }) =>
      Boolean(headers['authorization']?.includes('oauth_session_handle')),
    );
    const answer = call('/rest/api/2/issue', {
      method: 'POST',
      body: '{}',
      headers: [['content-type', 'application/json']],
    });
    await renewed;
    standin.oauth1.jira.settings.refuse = undefined;
    expect((await answer).status).not.toBe(401);
    expect(renewals()).toHaveLength(1);
  });

  test('asks for consent when the access was withdrawn', async () => {
    const { id } = await connected(await link());
    standin.oauth1.jira.revokeAll();
    expect(await rejection(call('/rest/api/2/myself'))).toMatchObject({ code: 'consent_required' });
    expect(await harness.ui('session.get', { id })).toMatchObject({ status: 'recoverable' });
  });

  test('learns that the clock of the server is ten minutes off', async () => {
    standin.oauth1.jira.settings.clockOffsetMs = -600_000;
    const client = await link();
    await connected(client);
    expect((await call('/rest/api/2/myself')).status).toBe(200);
    // One request was refused, and told the time.
    expect(requestsTo(standin.oauth1.jira.endpoints.requestToken)).toHaveLength(2);
    expect(requestsTo(standin.oauth1.jira.endpoints.accessToken)).toHaveLength(1);

    const revived = await harness.revive();
    expect((await call('/rest/api/2/myself', {}, revived)).status).toBe(200);
  });

  test('calls with a new signature after a nonce was taken for a repeated one', async () => {
    await connected(await link());
    const { settings } = standin.oauth1.jira;
    settings.refuse = { at: 'api', problem: 'nonce_used' };
    standin.log.clear();
    const answer = call('/rest/api/2/myself');
    await standin.log.waitFor(({ status }) => status === 401);
    settings.refuse = undefined;
    expect((await answer).status).toBe(200);
    const nonces = standin.log.map(
      ({ headers }) => /oauth_nonce="([^"]+)"/u.exec(headers['authorization'] ?? '')?.[1],
    );
    expect(new Set(nonces).size).toBe(2);
  });

  test('leaves a refusal without a remedy to the page, and keeps the session', async () => {
    const { id } = await connected(await link());
    standin.oauth1.jira.settings.refuse = { at: 'api', problem: 'permission_denied' };
    expect((await call('/rest/api/2/myself')).status).toBe(401);
    expect(renewals()).toHaveLength(0);
    expect(await harness.ui('session.get', { id })).toMatchObject({ status: 'valid' });
  });

  test('reports a denial as one', async () => {
    harness.world.person = async (url) => ({
      redirectedTo: await standin.consent(url.href, { decision: 'cancel' }),
    });
    const flow = await runFlow(harness, await link());
    expect(flow.fault).toMatchObject({ code: 'consent_denied' });
  });

  test.each<[string, (answer: URL) => void, string]>([
    [
      'the token of another sign-in',
      (url) => url.searchParams.set('oauth_token', 'x'),
      'state_mismatch',
    ],
    ['no token', (url) => url.searchParams.delete('oauth_token'), 'state_mismatch'],
    ['a denial of another sign-in', (url) => (url.search = '?denied=x'), 'state_mismatch'],
    ['two verifiers', (url) => url.searchParams.append('oauth_verifier', 'x'), 'state_mismatch'],
    [
      'a path of another server',
      (url) => (url.pathname = '/AAAAAAAAAAAAAAAAAAAAAA'),
      'redirect_rejected',
    ],
  ])('throws an answer with %s away, and sends no verifier', async (_, spoil, code) => {
    const { person } = harness.world;
    harness.world.person = async (url) => {
      const back = await person(url);
      if (!('redirectedTo' in back)) return back;
      const answer = new URL(back.redirectedTo);
      spoil(answer);
      return { redirectedTo: answer.href };
    };
    expect((await runFlow(harness, await link())).fault?.code).toBe(code);
    expect(requestsTo(standin.oauth1.jira.endpoints.accessToken)).toEqual([]);
    expect(await harness.ui('session.list', {})).toEqual([]);
  });

  test.each([
    ['request-token', 'consumer_key_unknown', 'client_rejected'],
    ['request-token', 'signature_invalid', 'client_rejected'],
    ['request-token', 'parameter_rejected', 'authorization_failed'],
    ['access-token', 'permission_unknown', 'grant_rejected'],
    ['api', 'signature_invalid', 'client_rejected'],
    ['api', 'permission_denied', 'grant_rejected'],
  ] as const)(
    'at %s, %s ends the sign-in as %s, and nothing is kept',
    async (at, problem, code) => {
      const client = await link();
      standin.oauth1.jira.settings.refuse = { at, problem };
      const flow = await runFlow(harness, client);
      expect(flow).toMatchObject({ state: 'failed', fault: { code, subject: problem } });
      expect(await harness.ui('session.list', {})).toEqual([]);
    },
  );

  test('opens no window when the server does not know the consumer', async () => {
    const { baseUrl } = standin.oauth1.jira;
    const client = await create({ type: 'application-link', product: 'jira', baseUrl });
    const flow = await runFlow(harness, client);
    expect(flow.fault).toMatchObject({ code: 'client_rejected', subject: 'consumer_key_unknown' });
    expect(requestsTo(standin.oauth1.jira.endpoints.authorize)).toEqual([]);
  });

  test('shows what was signed when a proxy hides the address of the server', async () => {
    const client = await link();
    standin.oauth1.jira.settings.seenBaseUrl = 'http://node:8080/jira';
    const { fault, requests, hasCalled } = await harness.ui('client.diagnose', { id: client.id });
    expect(fault).toMatchObject({ code: 'client_rejected', subject: 'signature_invalid' });
    expect(hasCalled).toBe(false);
    expect(requests).toHaveLength(1);
    expect(requests[0]).toMatchObject({
      phase: 'temporary-credentials',
      status: 401,
      problem: 'signature_invalid',
      signature: { method: 'POST', baseUri: standin.oauth1.jira.endpoints.requestToken },
    });
  });

  test('shows the status of a proxy that answers in place of the server', async () => {
    const client = await link();
    standin.faults.add({ kind: 'status', status: 401, body: '<h1>Sign in</h1>', times: 2 });
    const { fault, requests } = await harness.ui('client.diagnose', { id: client.id });
    expect(fault).toMatchObject({ code: 'provider_answer_invalid', subject: '401' });
    expect(requests).toMatchObject([{ phase: 'temporary-credentials', status: 401 }]);
    expect(requests[0]).not.toHaveProperty('problem');
  });

  test('shows the signatures of a session that works, without its token', async () => {
    const client = await link();
    await connected(client);
    const { fault, requests, hasCalled } = await harness.ui('client.diagnose', { id: client.id });
    expect([fault, hasCalled]).toEqual([undefined, true]);
    expect(requests.map(({ phase }) => phase).slice(0, 2)).toEqual([
      'call',
      'temporary-credentials',
    ]);
    const shown = JSON.stringify(requests);
    expect(standin.issued.length).toBeGreaterThan(3);
    for (const { value } of standin.issued) expect(shown).not.toContain(value);
  });
});

describe('a third party with a shared secret', () => {
  test('signs in by three addresses and calls; its token has no end', async () => {
    const session = await connected(await thirdPartyClient({ harness, standin }));
    expect(session).toMatchObject({ isIdentified: true, account: {}, isShortLived: false });
    expect(session).not.toHaveProperty('endsAtMs');
    const answer = await call('/api/albums?title=a%20b%2Bc&title=%C3%BC', {
      method: 'POST',
      body: 'text=a+b%26c&text=&x=1',
      headers: [['content-type', 'application/x-www-form-urlencoded;charset=UTF-8']],
    });
    expect(answer.status).toBe(200);
    expect(JSON.parse(textOf(answer))).toMatchObject({
      owner: 'ada',
      body: 'text=a+b%26c&text=&x=1',
    });

    harness.world.elapse(20 * 365 * 86_400_000);
    const later = await harness.revive();
    expect((await call('/api/albums', {}, later)).status).toBe(200);
  });

  test('asks for consent when its token is refused: nothing can renew it', async () => {
    const { id } = await connected(await thirdPartyClient({ harness, standin }));
    standin.oauth1.thirdParty.revokeAll();
    expect(await rejection(call('/api/albums'))).toMatchObject({ code: 'consent_required' });
    expect((await harness.ui('session.get', { id })).status).not.toBe('valid');
  });

  test('with a wrong secret names the signature as the cause', async () => {
    standin.oauth1.thirdParty.consumers.add({ key: 'ext-key', name: 'Threelo', secret: 'another' });
    const flow = await runFlow(harness, await create(thirdPartyDraft({ standin })));
    expect(flow.fault).toMatchObject({ code: 'client_rejected', subject: 'signature_invalid' });
  });

  test('needs all three addresses and the secret', async () => {
    const {
      clientSecret: _secret,
      requestTokenEndpoint: _endpoint,
      ...draft
    } = thirdPartyDraft({ standin });
    expect(await rejection(create(draft))).toMatchObject({
      fields: [
        { field: 'clientSecret', problem: 'required' },
        { field: 'requestTokenEndpoint', problem: 'required' },
      ],
    });
  });
});
