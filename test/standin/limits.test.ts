import { beforeEach, describe, expect, test } from 'vitest';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from './facts/sites.ts';
import { api, SCOPES } from './standin-session.ts';
import { startStandin, type Standin } from './standin.ts';
import { DEMO_APP } from './state/apps.ts';

const HOUR_MS = 3_600_000;
const { clientId } = DEMO_APP;
const scopes = SCOPES.split(' ');
const jira = (cloudId = ACME_CLOUD_ID): string => `/ex/jira/${cloudId}/rest/api/3`;
const myself = `${jira()}/myself`;
const search = (maxResults: number): string =>
  `${jira()}/search/jql?jql=project%20in%20(ROC,TNT)&maxResults=${maxResults}`;
const editing = { method: 'PUT', body: '{"fields":{}}' };

let standin: Standin;
let token: string;
beforeEach(async () => {
  standin = await startStandin({ transport: 'memory' });
  standin.clock.advance(HOUR_MS - (standin.clock.nowMs() % HOUR_MS));
  token = standin.grant({ scopes }).accessToken;
});

const get = (path: string, init: RequestInit = {}, by = token) => api(standin, by, path, init);
/** The outcomes of requests at one moment: how many were admitted, and what the first other one said. */
async function inOneMoment(count: number, path: string, init: RequestInit = {}, by = token) {
  let admitted = 0;
  let refused: Response | undefined;
  for (let at = 0; at < count; at += 1) {
    const response = await get(path, init, by);
    if (response.status === 429) refused ??= response;
    else admitted += 1;
  }
  return { admitted, reason: refused?.headers.get('ratelimit-reason'), refused };
}
const headersOf = ({ headers }: Response): Record<string, string> =>
  Object.fromEntries([...headers].filter(([name]) => /ratelimit|retry-after/.test(name)));
const anotherApp = (): string => {
  standin.apps.add({ clientId: 'other', clientSecret: 'secret', callbackUrls: [] });
  return standin.grant({ scopes, clientId: 'other' }).accessToken;
};

describe('the points of an hour', () => {
  test('are 65,000 for an app: 1274 searches of 50 issues, and one that begins with 26 left', async () => {
    let admitted = 0;
    let response = await get(search(50));
    for (; response.status === 200; response = await get(search(50))) {
      admitted += 1;
      standin.clock.advance(10);
    }
    expect([admitted, standin.limits.used(clientId)]).toEqual([1275, 65_025]);
    expect(await response.json()).toEqual({ errorMessages: ['Rate limit exceeded.'], errors: {} });
    expect(headersOf(response)).toEqual({
      'ratelimit-reason': 'jira-quota-global-based',
      'retry-after': String(3600 - 12),
      // Too long by 788 s, without the policy, and with a reset in the past, as it was seen.
      'beta-ratelimit': `"global-app-quota";r=0;t=${3600 - 12 + 788}`,
      'x-beta-ratelimit-nearlimit': 'true',
      'x-beta-ratelimit-reason': 'jira-quota-global-based',
      'x-beta-ratelimit-reset': `${new Date(standin.clock.nowMs()).toISOString().slice(0, 14)}00Z`,
    });
  });
  test.each([
    ['a search of 100 issues', 101, search(100), {}],
    ['a search that finds 40', 41, `${jira()}/search/jql?jql=project=TNT`, {}],
    ['a search by POST', 51, `${jira()}/search/jql`, { method: 'POST', body: '{"jql":"a=b"}' }],
    ['an issue', 2, `${jira()}/issue/ROC-1`, {}],
    ['the projects', 3, `${jira()}/project/search`, {}],
    ['an issue that does not exist', 1, `${jira()}/issue/ROC-999`, {}],
    ['a path that does not exist', 1, `${jira()}/nothing`, {}],
    ['a write', 1, `${jira()}/issue/ROC-1`, editing],
    ['25 pages', 26, `/ex/confluence/${ACME_CLOUD_ID}/wiki/api/v2/pages`, {}],
    ['a request without a valid token', 0, myself, { headers: { authorization: 'Bearer no' } }],
    ['a request to a site of others', 0, '/ex/jira/another/rest/api/3/myself', {}],
    ['the accessible resources', 0, '/oauth/token/accessible-resources', {}],
  ])('%s costs %i', async (_, points, path, init) => {
    await get(path, init);
    expect(standin.limits.used(clientId)).toBe(points);
  });
  test('are shared by all accounts and tenants of the app, and not by another app', async () => {
    const bo = standin.grant({ scopes, account: 'bo' }).accessToken;
    await get(`${jira(GLOBEX_CLOUD_ID)}/issue/DOM-1`, {}, bo);
    await get(`${jira()}/issue/ROC-1`);
    expect(standin.limits.used(clientId)).toBe(4);
    standin.limits.spend(clientId, 65_000);
    expect((await get(`${jira(GLOBEX_CLOUD_ID)}/myself`, {}, bo)).status).toBe(429);
    expect((await get(myself)).status).toBe(429);
    expect((await get(myself, {}, anotherApp())).status).toBe(200);
  });
  test('begin anew with the hour of the clock, at the moment that Retry-After names', async () => {
    standin.clock.advance(59 * 60_000 + 1);
    token = standin.grant({ scopes }).accessToken;
    standin.limits.spend(clientId, 65_000);
    const response = await get(myself);
    expect(response.headers.get('retry-after')).toBe('60');
    standin.clock.advance(59_998);
    expect((await get(myself)).status).toBe(429);
    standin.clock.advance(1);
    expect((await get(myself)).status).toBe(200);
    expect(standin.limits.used(clientId)).toBe(2);
  });
  test('of an app with a quota for each tenant are counted at each tenant', async () => {
    standin.limits.tenantPoints.set(clientId, 100_100);
    standin.limits.spend(clientId, 100_100 - 2, ACME_CLOUD_ID);
    const last = await get(myself);
    expect([last.status, last.headers.get('beta-ratelimit-policy')]).toEqual([200, null]);
    const { status, headers } = await get(myself);
    expect([status, headers.get('ratelimit-reason')]).toEqual([429, 'jira-quota-tenant-based']);
    const other = await get(`${jira(GLOBEX_CLOUD_ID)}/myself`);
    expect([other.status, headersOf(other)]).toEqual([
      200,
      expect.objectContaining({ 'beta-ratelimit-policy': '"tenant-app-quota";q=100100;w=3600' }),
    ]);
    expect(standin.limits.used(clientId, ACME_CLOUD_ID)).toBe(100_100);
  });
  test('are named in each response, and what is left of them from the last fifth on', async () => {
    const policy = { 'beta-ratelimit-policy': '"global-app-quota";q=65000;w=3600' };
    const burst = {
      'x-ratelimit-limit': '100',
      'x-ratelimit-nearlimit': 'false',
    };
    const first = await get(myself);
    expect(headersOf(first)).toEqual({ ...policy, ...burst, 'x-ratelimit-remaining': '99' });
    standin.clock.advance(1000);
    standin.limits.spend(clientId, 52_000 - 4);
    expect((await get(myself)).headers.get('beta-ratelimit')).toBeNull();
    expect(headersOf(await get(myself))).toEqual({
      ...policy,
      ...burst,
      'x-ratelimit-remaining': '98',
      'x-beta-ratelimit-nearlimit': 'true',
      'beta-ratelimit': '"global-app-quota";r=12998;t=3599',
    });
  });
});

describe('the requests of a second', () => {
  test.each([
    ['GET', 100, myself, {}],
    ['HEAD', 100, myself, { method: 'HEAD' }],
    ['POST', 100, `${jira()}/search/jql`, { method: 'POST', body: '{"jql":"a=b"}' }],
    ['PUT', 50, `${jira()}/status/204`, { method: 'PUT' }],
    ['DELETE', 50, `${jira()}/status/204`, { method: 'DELETE' }],
  ])('%s: %i to one endpoint', async (_, most, path, init) => {
    const { admitted, reason, refused } = await inOneMoment(most + 20, path, init);
    expect([admitted, reason]).toEqual([most, 'jira-burst-based']);
    expect(refused && headersOf(refused)).toMatchObject({
      'retry-after': '1',
      'x-ratelimit-limit': String(most),
      'x-ratelimit-remaining': '0',
      'x-ratelimit-nearlimit': 'true',
      'x-ratelimit-reset': `${new Date(standin.clock.nowMs()).toISOString().slice(0, 16)}Z`,
    });
    expect(refused?.headers.get('beta-ratelimit-policy')).toBeNull();
  });
  test('are those of any second, not of one of the clock', async () => {
    expect((await inOneMoment(60, myself)).admitted).toBe(60);
    standin.clock.advance(600);
    expect((await inOneMoment(60, myself)).admitted).toBe(40);
    standin.clock.advance(399);
    expect((await inOneMoment(1, myself)).admitted).toBe(0);
    standin.clock.advance(1);
    expect((await inOneMoment(100, myself)).admitted).toBe(60);
  });
  test('are shared by all apps and accounts, and by all issues', async () => {
    await inOneMoment(100, `${jira()}/issue/ROC-1`);
    const other = anotherApp();
    expect((await get(`${jira()}/issue/ROC-2`, {}, other)).status).toBe(429);
  });
  test('do not count at another endpoint, method or tenant', async () => {
    await inOneMoment(100, `${jira()}/issue/ROC-1`);
    const others = [
      await get(myself),
      await get(`${jira()}/issue/ROC-1`, editing),
      await get(`${jira(GLOBEX_CLOUD_ID)}/issue/DOM-1`),
    ];
    expect(others.map(({ status }) => status)).toEqual([200, 204, 200]);
  });
  test('that were refused cost no points', async () => {
    await inOneMoment(120, myself);
    expect(standin.limits.used(clientId)).toBe(200);
  });
});

describe('the writes to an issue', () => {
  const issue = `${jira()}/issue/ROC-1`;
  test('are 20 in two seconds, whatever the request, by its key or its id', async () => {
    expect((await inOneMoment(10, issue, editing)).admitted).toBe(10);
    const { id } = (await (await get(issue)).json()) as { id: string };
    expect((await inOneMoment(9, `${jira()}/issue/${id}`, editing)).admitted).toBe(9);
    const attaching = { method: 'POST', body: new FormData() };
    expect((await get(`${issue}/attachments`, attaching)).status).toBe(403);
    const { status, headers } = await get(issue, editing);
    expect([status, headers.get('ratelimit-reason')]).toEqual([429, 'jira-per-issue-on-write']);
    expect(headers.get('retry-after')).toBe('2');
    expect((await get(issue)).status).toBe(200);
    expect((await get(`${jira()}/issue/ROC-2`, editing)).status).toBe(204);
  });
  test('are 100 in thirty seconds', async () => {
    for (let round = 0; round < 5; round += 1) {
      expect((await inOneMoment(20, issue, editing)).admitted).toBe(20);
      standin.clock.advance(2000);
    }
    const { admitted, refused } = await inOneMoment(1, issue, editing);
    expect([admitted, refused?.headers.get('retry-after')]).toEqual([0, '20']);
    standin.clock.advance(20_000);
    expect((await inOneMoment(21, issue, editing)).admitted).toBe(20);
  });
});

describe('are outside of the limits', () => {
  test('the Government Cloud and a cloud of one tenant', async () => {
    for (const cloud of [standin.gov, standin.isolated]) {
      const { accessToken } = cloud.grant({ scopes });
      const path = `/ex/jira/${cloud.sites[0]?.cloudId}/rest/api/3/myself`;
      const call = () =>
        standin.fetch(`https://${cloud.hosts.api}${path}`, {
          headers: { authorization: `Bearer ${accessToken}` },
        });
      for (let at = 0; at < 110; at += 1) {
        const response = await call();
        expect([response.status, headersOf(response)]).toEqual([200, {}]);
      }
    }
  });
  test('a stand-in that enforces none', async () => {
    standin.limits.isEnforced = false;
    expect((await inOneMoment(200, myself)).admitted).toBe(200);
    expect(headersOf(await get(myself))).toEqual({});
  });
});
