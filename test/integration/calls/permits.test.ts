import { afterEach, describe, expect, test } from 'vitest';
import type { ApiReply, ApiRequest } from '../../../extension/wire/api-call.ts';
import type { Reply } from '../../../extension/wire/envelope.ts';
import type { Permitted } from '../../../extension/wire/page-api.ts';
import type { Send } from '../../../extension/wire/send.ts';
import { PUBLISHED_OPERATIONS } from '../../standin/facts/published-operations.ts';
import { connect, dashboard, pageSender, runFlow } from '../../support/harness.ts';
import { aCall, apiCalls, sitesAt, whileTimePasses } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import {
  addSystemClient,
  harness,
  session,
  standin,
  startSession,
  useBackground,
  useSession,
} from '../use-session.ts';

type Wanted = Partial<Pick<ApiRequest, 'method' | 'input' | 'site' | 'account' | 'headers'>>;

const can = (wanted: Wanted = {}, page: Send = harness.page()): Promise<Permitted> =>
  page('page.can', { method: 'GET', input: '/rest/api/3/myself', headers: [], ...wanted });

/** What a call comes to: the gateway's 401 for a scope, any other response, or the fault as the page gets it. */
async function outcome(wanted: Wanted): Promise<unknown> {
  const message = { v: 1, name: 'api.request', body: aCall(wanted) };
  const reply = (await harness.raw(message, pageSender(dashboard))) as Reply<ApiReply>;
  if (!reply.ok) {
    const { subject: _subject, ...fault } = reply.fault;
    return fault;
  }
  const { status, chunk } = reply.value;
  const isMismatch = status === 401 && Buffer.from(chunk).includes('scope does not match');
  return isMismatch ? 'scope does not match' : 'sent';
}

/** From now on the table of operations cannot be read while `fails`. */
function failingReads(): { fails: boolean; readonly paths: string[] } {
  const { packagedText } = harness.world;
  const reads = { fails: true, paths: [] as string[] };
  Object.assign(harness.world, {
    packagedText: (path: string) => {
      reads.paths.push(path);
      return reads.fails ? Promise.reject(new TypeError('Failed to fetch')) : packagedText(path);
    },
  });
  return reads;
}

/** The outcome that an answer announces. */
function announced(answer: Permitted): unknown {
  if (answer.ok) return 'sent';
  if ('status' in answer) return 'scope does not match';
  const { ok: _ok, rule: _rule, ...fault } = answer;
  return fault;
}

const needed = [...new Set(PUBLISHED_OPERATIONS.flatMap(({ scopes }) => scopes.flat()))];
const isGranular = (scope: string): boolean => /^[^:]+:[^:]+:[^:]+$/u.test(scope);
const isOfJira = (scope: string): boolean => scope.endsWith(':jira');
/** For both products, and of no use for any operation. */
const useless = ['manage:jira-data-provider', 'read:confluence-props'];

describe('over all published operations, what is announced is what happens', () => {
  afterEach(() => standin.close());
  test.each([
    ['no scope that counts', []],
    ['the classic scopes', needed.filter((scope) => !isGranular(scope))],
    // All of them together are more than fits into the URL of an authorization request.
    ['the granular scopes of Jira', needed.filter(isOfJira)],
    ['all scopes but those', needed.filter((scope) => !isOfJira(scope))],
  ])('with %s', async (_, scopes) => {
    await startSession({
      scopes: ['offline_access', 'read:me', ...useless, ...scopes],
      access: 'write',
    });
    // Soon after a consent a refusal is not believed at once.
    harness.world.elapse(120_000);
    const page = harness.page();
    const different: unknown[] = [];
    const compare = async ({ method, path }: (typeof PUBLISHED_OPERATIONS)[number], at: number) => {
      const wanted = { method, input: path.replaceAll(/\{[^}]*\}/gu, String(10_000 + at)) };
      const answer = await can(wanted, page);
      const happened = await outcome(wanted);
      if (JSON.stringify(happened) !== JSON.stringify(announced(answer)))
        different.push({ wanted, answer, happened });
    };
    await whileTimePasses(harness.world, Promise.all(PUBLISHED_OPERATIONS.map(compare)));
    expect(different).toEqual([]);
    expect(apiCalls(standin).length).toBeGreaterThan(1000);
  });
});

describe('an answer', () => {
  useSession();
  const acme = (product: string): string => {
    const { cloudId } = sitesAt(session, 'acme')[0]!;
    return `${product}:${cloudId}:${session.id}`;
  };

  test('names the site and the account, and sends nothing', async () => {
    expect(await can()).toEqual({ ok: true, site: acme('jira'), account: session.id });
    const url = 'https://acme.atlassian.net/wiki/api/v2/pages?limit=1';
    expect(await can({ input: url })).toMatchObject({ ok: true, site: acme('confluence') });
    expect(apiCalls(standin)).toEqual([]);
  });

  test('names the scopes that are lacking', async () => {
    const wanted = { input: '/rest/api/latest/priorityscheme' };
    expect(await can(wanted)).toEqual({
      ok: false,
      status: 401,
      rule: 'scopes',
      missingScopes: ['manage:jira-configuration'],
      message: expect.stringContaining(': manage:jira-configuration. Add') as string,
    });
    const closed = await can({ input: '/rest/atlassian-connect/1/service-registry' });
    expect(closed).toMatchObject({ status: 401, rule: 'closed-to-3lo', missingScopes: [] });
    // Not in the table: nothing is said of scopes.
    expect(await can({ input: '/rest/api/3/not/published' })).toMatchObject({ ok: true });
  });

  test.each<[string, string, Wanted]>([
    ['method', 'invalid_request', { method: 'TRACE' }],
    ['header', 'invalid_request', { headers: [['authorization', 'Bearer x']] }],
    ['url', 'invalid_request', { input: 'nonsense' }],
    ['path', 'invalid_request', { input: '/oauth/token' }],
    ['path', 'invalid_request', { input: '/rest/../x' }],
    ['site', 'not_allowed', { site: 'jira:other' }],
    ['site', 'not_allowed', { input: 'https://globex.atlassian.net/rest/api/3/myself' }],
    ['account', 'not_allowed', { account: 'other' }],
    ['credentials', 'not_allowed', { method: 'POST', input: '/rest/api/3/webhook' }],
    ['access', 'not_allowed', { method: 'DELETE', input: '/rest/api/3/issue/ROC-1' }],
  ])('names the rule %s, as the activity log then does', async (rule, code, wanted) => {
    const answer = await can(wanted);
    expect(answer).toMatchObject({ ok: false, rule, code });
    expect(await outcome(wanted)).toEqual(announced(answer));
    const { entries } = await harness.ui('activity.list', { limit: 1 });
    expect(entries).toMatchObject([{ result: 'refused', code, rule }]);
  });

  test('says what a connection with narrow paths does not cover', async () => {
    const sites = sitesAt(session, 'acme').map(({ cloudId, product }) => ({
      cloudId,
      product,
      sessionId: session.id,
    }));
    const paths = ['/rest/api/3/issue'];
    await harness.ui('grant.prepare', {
      origin: dashboard,
      sites,
      access: 'read',
      paths,
    });
    const answer = await can();
    expect(answer).toMatchObject({ rule: 'paths', code: 'not_allowed' });
    expect(await outcome({})).toEqual(announced(answer));
    expect(await can({ input: '/rest/api/3/issue/ROC-1' })).toMatchObject({ ok: true });
  });

  test('names the candidates where a call would ask the person', async () => {
    await connect(harness, session);
    const [one, other] = session.sites.filter(({ product }) => product === 'jira');
    const idOf = (site = one!) => `jira:${site.cloudId}:${session.id}`;
    expect(await can()).toMatchObject({
      code: 'site_required',
      rule: 'site-choice',
      candidates: [idOf(), idOf(other)],
    });
    expect(harness.world.openWindows.size).toBe(0);
    expect(await can({ site: idOf(other) })).toMatchObject({ ok: true, site: idOf(other) });
  });

  test('is that of now: after a sign-out, after the end of the connection, and before one', async () => {
    const stranger = harness.page('https://stranger.example');
    const notConnected = { ok: false, code: 'not_connected', rule: 'not-connected' };
    expect(await can({}, stranger)).toMatchObject(notConnected);
    standin.revokeGrant('ada', 'team-client');
    harness.world.elapse(3_700_000);
    expect(await outcome({})).toMatchObject({ code: 'consent_required' });
    expect(await can()).toMatchObject({ code: 'consent_required', rule: 'consent' });
    await harness.page()('page.disconnect', {});
    expect(await can()).toMatchObject(notConnected);
  });

  test('waits for the table, which is read once, and again after a failure', async () => {
    const reads = failingReads();
    await expect(can()).rejects.toMatchObject({ fault: { code: 'unavailable' } });
    reads.fails = false;
    expect(await Promise.all([can(), can()])).toMatchObject([{ ok: true }, { ok: true }]);
    expect(reads.paths).toEqual(['operations.txt', 'operations.txt']);
  });

  test('tells the extension which published operations calls are', async () => {
    const call = { product: 'jira', method: 'GET' } as const;
    expect(
      await harness.ui('operation.find', {
        calls: [
          { ...call, pathname: '/rest/api/3/issue/{issueIdOrKey}' },
          { ...call, pathname: '/rest/api/3/no/such' },
          { ...call, pathname: '/rest/atlassian-connect/1/service-registry' },
        ],
      }),
    ).toMatchObject([{ alternatives: [['read:jira-work'], {}] }, null, { alternatives: [] }]);
  });

  test('is added to recorded calls for which a scope was missing', async () => {
    const reads = failingReads();
    const latest = async () => (await harness.ui('activity.list', { limit: 1 })).entries[0];
    const mismatch = 'scope does not match';
    const wanted = { method: 'get', input: '/rest/api/3/priorityscheme?maxResults=1' };
    expect(await outcome(wanted)).toBe(mismatch);
    // No call reads the table.
    expect(reads.paths).toEqual([]);
    const lacking = { kind: 'call', method: 'GET', status: 401, lacksScope: true };
    expect(await latest()).toMatchObject(lacking);
    expect(await latest()).not.toHaveProperty('rule');
    expect(reads.paths).toEqual(['operations.txt', 'operations.txt']);
    reads.fails = false;
    const missing = { rule: 'scopes', missingScopes: ['manage:jira-configuration'] };
    expect(await latest()).toMatchObject({ ...lacking, ...missing });
    expect(await outcome({ input: '/rest/atlassian-connect/1/service-registry' })).toBe(mismatch);
    const closed = await latest();
    expect(closed).toMatchObject({ ...lacking, rule: 'closed-to-3lo' });
    expect(closed).not.toHaveProperty('missingScopes');
    // A new consent is over after a minute, and with it the repeated call.
    standin.clock.advance(61_000);
    const known = '/rest/api/3/myself';
    const unknown = '/rest/api/3/not/published';
    // What is recorded of it is the path of another operation.
    const long = `/rest/api/3/workflowscheme/${'x'.repeat(600)}/draft`;
    for (const input of [known, unknown, long]) {
      standin.faults.add({
        ...{
          kind: 'status',
          status: 401,
          contentType: 'application/json',
          match: { path: /^\/ex\// },
        },
        body: JSON.stringify({ code: 401, message: 'Unauthorized; scope does not match' }),
      });
      await outcome({ input });
      expect(await latest()).toMatchObject(lacking);
      expect(await latest()).not.toHaveProperty('rule');
    }
  });
});

describe('at another system', () => {
  useBackground();

  test.each(['Data Center, jira', 'generic'])('%s: nothing is said of scopes', async (name) => {
    const one = systemCase(name);
    await runFlow(harness, await addSystemClient(one));
    const sessions = await harness.ui('session.list', {});
    const [signedIn] = sessions;
    await connect(harness, signedIn!, { access: 'write' });
    expect(await can({ input: one.path })).toMatchObject({ ok: true, account: signedIn!.id });
    const unknown = await can({ method: 'DELETE', input: '/rest/api/3/priority/1' });
    expect(unknown).toMatchObject({ ok: true });
  });
});
