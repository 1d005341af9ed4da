import { expect, test } from 'vitest';
import type { ClientDraft } from '../../../extension/core/client/client-configuration.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { FlowView } from '../../../extension/wire/views.ts';
import { connect, dashboard, runFlow } from '../../support/harness.ts';
import { systemCase, systemClient, systemDraft } from '../../support/samples/systems.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

useBackground();

const jira = systemCase('Data Center, jira');

async function flowOf(part: Partial<ClientDraft> = {}): Promise<FlowView> {
  return runFlow(harness, await addSystemClient(jira, part));
}
const challengeMethods = (): (string | null)[] =>
  standin.log
    .requests({ path: '/jira/rest/oauth2/latest/authorize' })
    .map(({ query }) => query.get('code_challenge_method'));

test('only the origin of the product is asked for', async () => {
  const draft = systemDraft(jira, standin);
  const { id } = await harness.ui('client.create', { client: draft });
  const overview = await harness.ui('overview.get', {});
  expect(overview.missingHostPatternsOf).toEqual({ [id]: ['https://dc.example.test/*'] });
  expect(overview.missingHostPatterns).toEqual([]);
});

test('a page of the product itself gives the host back only when no client needs it', async () => {
  const flow = await flowOf();
  const sessions = await harness.ui('session.list', {});
  const session = sessions.find(({ id }) => id === flow.sessionId)!;
  const origin = 'https://dc.example.test' as Origin;
  await connect(harness, session, { origin });
  await harness.ui('grant.remove', { origin });
  expect(harness.world.hosts).toContain(`${origin}/*`);

  await connect(harness, session);
  await harness.ui('grant.remove', { origin: dashboard });
  expect(harness.world.hosts).not.toContain(`${dashboard}/*`);
});

test('a product that knows the other spelling of the method gets a second request', async () => {
  standin.dataCenter.jira.quirks.challengeMethodName = 'sha256';
  expect((await flowOf()).state).toBe('succeeded');
  expect([...new Set(challengeMethods())]).toEqual(['S256', 'sha256']);
});

test('a method that was chosen is the only one that is tried', async () => {
  standin.dataCenter.jira.quirks.challengeMethodName = 'S256';
  expect((await flowOf({ pkceMethod: 'sha256' })).fault?.code).toBe('authorization_failed');
  expect([...new Set(challengeMethods())]).toEqual(['sha256']);
});

test.each(['post', 'basic'] as const)('the client proves itself by %s', async (method) => {
  standin.dataCenter.jira.quirks.clientAuthentication = method;
  expect((await flowOf({ clientAuthentication: method })).state).toBe('succeeded');
});

test('no secret is needed where the product does not look at it', async () => {
  standin.dataCenter.jira.quirks.validatesSecret = false;
  const { clientSecret: _secret, ...draft } = systemDraft(jira, standin);
  const none = { ...draft, clientAuthentication: 'none' } as const;
  const client = await harness.ui('client.create', { client: none });
  jira.register(standin, systemClient.id, systemClient.secret, client.redirectUri);
  harness.world.hosts.add('https://dc.example.test/*');
  expect((await runFlow(harness, client)).state).toBe('succeeded');
});

test('an answer without scope means what was asked for, and what that brings along', async () => {
  standin.dataCenter.jira.quirks.answersScope = false;
  expect((await flowOf({ scopes: ['READ', 'WRITE'] })).state).toBe('succeeded');
  const sessions = await harness.ui('session.list', {});
  expect(sessions[0]).toMatchObject({ missingScopes: [], account: { accountId: 'ada' } });
});

test('a token that the product treats as anonymous does not sign in, and is revoked', async () => {
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: (url: string, init: RequestInit) => {
      if (!url.endsWith('/rest/api/2/myself')) return fetch(url, init);
      return Promise.resolve(Response.json({}, { headers: { 'x-ausername': 'anonymous' } }));
    },
  });
  expect((await flowOf()).fault?.code).toBe('answered_as_anonymous');
  expect(await harness.ui('session.list', {})).toEqual([]);
  await standin.log.waitFor(({ path, status }) => path.endsWith('/revoke') && status === 200);
});

test.each<[Partial<ClientDraft>, string, string]>([
  [{ baseUrl: 'http://intranet.example.test/jira' }, 'baseUrl', 'url_not_https'],
  [{ baseUrl: 'https://acme.atlassian.net' }, 'baseUrl', 'url_of_cloud'],
  [{ baseUrl: '' }, 'baseUrl', 'required'],
  [{ tokenParameters: { client_secret: 'x' } }, 'tokenParameters', 'parameter_reserved'],
])('%j is not saved: %s %s', async (part, field, problem) => {
  const client = { ...systemDraft(jira, standin), ...part };
  await expect(harness.ui('client.create', { client })).rejects.toMatchObject({
    fault: { code: 'invalid_client', fields: [{ field, problem }] },
  });
});
