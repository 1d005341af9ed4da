/** A product treats a request with an invalid token as anonymous: 200 and the public content. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../extension/wire/views.ts';
import type { DcProduct } from '../../standin/data-center/products.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { bodyOf, fetchAll } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { until } from '../../support/until.ts';
import { addSystemClient, harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

async function signIn(product: DcProduct, scope: string): Promise<void> {
  const one = systemCase(`Data Center, ${product}`);
  await runFlow(harness, await addSystemClient(one, { scopes: [scope] }));
  await connect(harness, (await session())!, { access: 'write' });
  standin.log.clear();
}
const session = async (): Promise<SessionView | undefined> =>
  (await harness.ui('session.list', {}))[0];
const search = (input = '/rest/api/2/search') => fetchAll(harness.page(), { input });
const write = () =>
  fetchAll(harness.page(), {
    method: 'POST',
    input: '/rest/api/2/issue',
    body: bodyOf('{"fields":{}}'),
    headers: [['content-type', 'application/json']],
  });
const sent = (path: string): number => standin.log.requests({ path: `/jira${path}` }).length;
const refreshes = (): number =>
  standin.log.filter(({ bodyText }) => bodyText.includes('grant_type=refresh_token')).length;
/** From now on the product treats every token as anonymous. */
const forgetsTokens = (product: DcProduct = 'jira'): void => {
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: (url: string, init: RequestInit) => {
      if (url.includes('/rest/api/')) standin.dataCenter[product].expireAccessTokens();
      return fetch(url, init);
    },
  });
};
/** The product names a user in its responses below a path. */
const names = (path: string, name: string, status?: number): void => {
  const { fetch } = harness.world;
  Object.assign(harness.world, {
    fetch: async (url: string, init: RequestInit) => {
      const response = await fetch(url, init);
      if (!url.includes(path)) return response;
      const told = new Response(await response.text(), { status: status ?? response.status });
      told.headers.set('x-ausername', name);
      return told;
    },
  });
};

describe('a read', () => {
  test('with an anonymous response is sent again after a refresh', async () => {
    await signIn('jira', 'READ');
    const own = (await search()).bytes.toString();
    standin.dataCenter.jira.expireAccessTokens();
    const again = await search();
    expect([again.status, again.bytes.toString()]).toEqual([200, own]);
    expect([sent('/rest/api/2/search'), refreshes()]).toEqual([3, 1]);
    expect((await session())?.status).toBe('valid');
  });
  test('that stays unheard is refused, and the session asks for its person', async () => {
    await signIn('jira', 'READ');
    forgetsTokens();
    const fault = await rejection(search());
    expect(fault).toMatchObject({ code: 'consent_required' });
    expect(sent('/rest/api/2/search')).toBe(2);
    await until(async () => (await session())?.status === 'recoverable');
    await harness.background.consentAlerts.update();
    expect(harness.world.seen.badge).toBe(1);
    const before = standin.log.length;
    expect((await rejection(search())).code).toBe('consent_required');
    expect(standin.log).toHaveLength(before);
  });
  test('of Bitbucket, whose anonymous responses name no user, is refused too', async () => {
    await signIn('bitbucket', 'REPO_READ');
    expect((await search('/rest/api/1.0/repos')).status).toBe(200);
    forgetsTokens('bitbucket');
    expect((await rejection(search('/rest/api/1.0/repos'))).code).toBe('consent_required');
  });
  test('that is answered for another user is refused', async () => {
    await signIn('jira', 'READ');
    names('/search', 'bo');
    expect((await rejection(search())).code).toBe('consent_required');
  });
  test('that is the only one with an anonymous response does not change the session', async () => {
    await signIn('jira', 'READ');
    names('/search', 'anonymous');
    expect((await rejection(search())).code).toBe('consent_required');
    await standin.log.waitFor(({ path, status }) => path.endsWith('/myself') && status === 200);
    expect((await search('/rest/api/2/myself')).status).toBe(200);
    expect((await session())?.status).toBe('valid');
  });
});

describe('a web page in place of the account', () => {
  const page = { kind: 'status', status: 401, body: '<h1>Sign in</h1>' } as const;
  const answered = (product: 'bitbucket' | 'jira', status: number): (() => number) => {
    const path = product === 'jira' ? '/jira/rest/api/2/myself' : /application-properties$/;
    return standin.faults.add({ ...page, status, match: { path }, times: Infinity }).hits;
  };
  test.each([
    ['jira', 401],
    ['bitbucket', 401],
    ['bitbucket', 200],
  ] as const)('of %s proves nothing about the token (%i)', async (product, status) => {
    await signIn(product, product === 'jira' ? 'READ' : 'REPO_READ');
    answered(product, status);
    const { id } = (await session())!;
    const refreshed = rejection(harness.ui('session.refresh-sites', { id }));
    expect((await refreshed).code).toBe('provider_answer_invalid');
    expect([refreshes(), (await session())?.status]).toEqual([0, 'valid']);
  });
  test('does not lose the tokens of a sign-in', async () => {
    const hits = answered('jira', 401);
    const client = await addSystemClient(systemCase('Data Center, jira'), { scopes: ['READ'] });
    expect((await runFlow(harness, client)).fault?.code).toBe('sites_unread');
    expect([hits(), (await session())?.account]).toEqual([1, {}]);
  });
});

describe('a write', () => {
  test('that was rejected as anonymous is refused, and not sent again', async () => {
    await signIn('jira', 'WRITE');
    standin.dataCenter.jira.expireAccessTokens();
    expect((await rejection(write())).code).toBe('consent_required');
    expect(sent('/rest/api/2/issue')).toBe(1);
    // Asking whose session it is has mended it.
    await standin.log.waitFor(({ path, status }) => path.endsWith('/myself') && status === 200);
    expect(refreshes()).toBe(1);
    expect((await write()).status).toBe(201);
    expect((await session())?.status).toBe('valid');
  });
  test('that was processed as anonymous is reported as one with an unknown effect', async () => {
    await signIn('jira', 'WRITE');
    names('/issue', 'anonymous', 201);
    expect((await rejection(write())).code).toBe('outcome_unknown');
    expect(sent('/rest/api/2/issue')).toBe(1);
  });
});

describe('a user who was renamed', () => {
  test('goes on: the product is asked, before anything is refused or sent again', async () => {
    await signIn('jira', 'READ');
    await revive();
    standin.dataCenter.jira.rename('ada', 'ada.married');
    expect((await search()).status).toBe(200);
    expect([sent('/rest/api/2/search'), refreshes()]).toEqual([1, 0]);
    const known = await session();
    expect(known).toMatchObject({ status: 'valid', account: { accountId: 'ada.married' } });
    expect(known?.account).not.toHaveProperty('key');
    await search();
    expect(sent('/rest/api/2/myself')).toBe(1);
  });
  test('goes on with a write, which is sent once', async () => {
    await signIn('jira', 'WRITE');
    standin.dataCenter.jira.rename('ada', 'ada.married');
    expect((await write()).status).toBe(201);
    expect(sent('/rest/api/2/issue')).toBe(1);
  });
  test('goes on with many calls at once, and one question', async () => {
    await signIn('jira', 'READ');
    standin.dataCenter.jira.rename('ada', 'ada.married');
    const replies = await Promise.all(Array.from({ length: 5 }, () => search()));
    expect(replies.map(({ status }) => status)).toEqual([200, 200, 200, 200, 200]);
    expect([sent('/rest/api/2/myself'), refreshes()]).toEqual([1, 0]);
  });
  test.each(['jira', 'confluence'] as const)(
    'of %s renews the session at the next sign-in',
    async (product) => {
      await signIn(product, 'READ');
      const { id, clientId } = (await session())!;
      standin.dataCenter[product].rename('ada', 'ada.married');
      const client = await harness.ui('client.get', { id: clientId });
      expect((await runFlow(harness, client)).sessionId).toBe(id);
      expect((await session())?.account.accountId).toBe('ada.married');
    },
  );
  test.each([
    ['has no key from before', undefined],
    ['is another by the key', 'another'],
  ])('of a session that %s asks for its person', async (_, key) => {
    const { fetch } = harness.world;
    Object.assign(harness.world, {
      fetch: async (url: string, init: RequestInit) => {
        const response = await fetch(url, init);
        if (!url.includes('/rest/api/2/myself')) return response;
        return Response.json({ ...((await response.json()) as object), key }, response);
      },
    });
    await signIn('jira', 'READ');
    await revive();
    standin.dataCenter.jira.rename('ada', 'ada.married');
    expect((await rejection(search())).code).toBe('consent_required');
    await until(async () => (await session())?.status === 'recoverable');
  });
});
