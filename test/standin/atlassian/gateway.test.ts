import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { seededBytes } from '../facts/seeded-bytes.ts';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from '../facts/sites.ts';
import { api, SCOPES } from '../standin-session.ts';
import { startStandin, type Standin } from '../standin.ts';

const JIRA = `/ex/jira/${ACME_CLOUD_ID}/rest/api/3`;
const WIKI = `/ex/confluence/${ACME_CLOUD_ID}/wiki`;
const JSON_TYPE = { 'content-type': 'application/json' };

let standin: Standin;
let token: string;
beforeAll(async () => {
  standin = await startStandin();
});
afterAll(() => standin.close());
beforeEach(() => {
  token = standin.grant({ scopes: SCOPES.split(' ') }).accessToken;
});
afterEach(() => {
  Object.assign(standin, { xsrf: 'off', expiredAnswer: 'unauthorized' });
  standin.auditor.clear();
});

const get = (path: string, init: RequestInit = {}) => api(standin, token, path, init);
const getJson = async <T>(path: string, init: RequestInit = {}) =>
  (await (await get(path, init)).json()) as T;
const withScopes = (...scopes: string[]) => {
  token = standin.grant({ scopes }).accessToken;
};

test.each([
  ['no header', {}],
  ['lower-case bearer', { authorization: 'bearer TOKEN' }],
  ['another scheme', { authorization: 'Basic TOKEN' }],
  ['an unknown token', { authorization: 'Bearer nothing' }],
])('the gateway refuses %s', async (_, headers) => {
  const named = Object.entries(headers).map(([name, value]): [string, string] => [
    name,
    value.replace('TOKEN', token),
  ]);
  const url = `https://api.atlassian.com${JIRA}/myself?access_token=${token}`;
  const response = await standin.fetch(url, { headers: Object.fromEntries(named) });
  expect(response.status).toBe(401);
  expect(await response.json()).toEqual({ code: 401, message: 'Unauthorized' });
});

test.each([
  ['GET', `${JIRA}/myself`, 'read:jira-work'],
  ['GET', `${JIRA}/search/jql?jql=project=ROC`, 'read:jira-user'],
  ['GET', `${JIRA}/project/search`, 'read:jira-user'],
  ['POST', `${JIRA}/issue`, 'read:jira-work'],
  ['PUT', `${JIRA}/issue/ROC-1`, 'read:jira-work'],
  ['POST', `${JIRA}/issue/ROC-1/attachments`, 'read:jira-work'],
  ['GET', `${WIKI}/api/v2/pages`, 'search:confluence'],
  ['POST', `${WIKI}/api/v2/pages`, 'write:confluence-file'],
  ['POST', `${WIKI}/rest/api/content/131073/child/attachment`, 'write:confluence-content'],
  ['GET', `${WIKI}/rest/api/search?cql=type=page`, 'read:confluence-user'],
  ['GET', `${WIKI}/rest/api/user/current`, 'search:confluence'],
])('%s %s needs more than %s', async (method, path, scope) => {
  withScopes(scope);
  const response = await get(path, { method });
  expect(response.status).toBe(401);
  const body = { code: 401, message: 'Unauthorized; scope does not match' };
  expect(await response.json()).toEqual(body);
});

test('granular scopes are needed all together, one classic scope is enough', async () => {
  const granular = ['application-role', 'group', 'user', 'avatar'].map(
    (name) => `read:${name}:jira`,
  );
  withScopes(...granular);
  expect((await get(`${JIRA}/myself`)).status).toBe(200);
  withScopes(...granular.slice(1));
  expect((await get(`${JIRA}/myself`)).status).toBe(401);
  withScopes('read:jira-user');
  expect((await get(`${JIRA}/myself`)).status).toBe(200);
});

test('a site or product outside the grant is not installed', async () => {
  const body = { code: 403, message: 'The app is not installed on this instance' };
  const unknown = await get('/ex/jira/00000000-0000-4000-8000-000000000000/rest/api/3/myself');
  expect(unknown.status).toBe(403);
  expect(await unknown.json()).toEqual(body);
  withScopes('read:jira-work');
  expect(await getJson(`${WIKI}/api/v2/spaces`)).toEqual(body);
});

test('me needs read:me', async () => {
  expect(await getJson('/me')).toMatchObject({ email: 'ada@threelo.test', name: 'Ada Example' });
  withScopes('read:jira-user');
  expect((await get('/me')).status).toBe(403);
});

test('products without scopes are not among the accessible resources', async () => {
  withScopes('read:confluence-user', 'read:me');
  const entries = await getJson<{ id: string; scopes: string[] }[]>(
    '/oauth/token/accessible-resources',
  );
  expect(entries.map(({ id }) => id)).toEqual([ACME_CLOUD_ID, GLOBEX_CLOUD_ID]);
  expect(entries[0]?.scopes).toEqual(['read:confluence-user']);
});

test('200 issues over all sites and projects, page by page, each once', async () => {
  const keys: string[] = [];
  for (const cloudId of [ACME_CLOUD_ID, GLOBEX_CLOUD_ID]) {
    const base = `/ex/jira/${cloudId}/rest/api/3`;
    const { values } = await getJson<{ values: { key: string }[] }>(`${base}/project/search`);
    for (const { key } of values) {
      let nextPageToken: string | undefined;
      do {
        const jql = `project = ${key} ORDER BY created DESC`;
        const body = JSON.stringify({ jql, fields: ['summary'], maxResults: 30, nextPageToken });
        const init = { method: 'POST', headers: JSON_TYPE, body };
        const page = await getJson<{
          issues: { key: string }[];
          nextPageToken?: string;
          isLast: boolean;
        }>(`${base}/search/jql`, init);
        page.issues.forEach((issue) => keys.push(issue.key));
        nextPageToken = page.nextPageToken;
        expect(page.isLast).toBe(nextPageToken === undefined);
      } while (nextPageToken !== undefined);
    }
  }
  expect(keys).toHaveLength(200);
  expect(new Set(keys).size).toBe(200);
});

test('search answers ids only unless fields are named, and refuses what Jira refuses', async () => {
  const one = await getJson<{ issues: object[] }>(
    `${JIRA}/search/jql?jql=project=TNT&maxResults=1`,
  );
  expect(Object.keys(one.issues[0] ?? {})).toEqual(['id']);
  const ordered = await getJson<{ issues: { key: string }[] }>(
    `${JIRA}/search/jql?jql=project=TNT+ORDER+BY+created+DESC&fields=summary&maxResults=1`,
  );
  expect(ordered.issues[0]?.key).toBe('TNT-40');
  expect((await get(`${JIRA}/search/jql?jql=ORDER+BY+created`)).status).toBe(400);
  expect((await get(`${JIRA}/search/jql?jql=project=NONE`)).status).toBe(400);
  expect((await get(`${JIRA}/search/jql?jql=project=TNT&nextPageToken=x`)).status).toBe(400);
});

test('60 pages over all spaces by cursor, with the Link header', async () => {
  const ids: string[] = [];
  for (const cloudId of [ACME_CLOUD_ID, GLOBEX_CLOUD_ID]) {
    const base = `/ex/confluence/${cloudId}`;
    let next: string | undefined = '/wiki/api/v2/pages?limit=7';
    while (next !== undefined) {
      const response = await get(base + next);
      const page = (await response.json()) as {
        results: { id: string }[];
        _links: { next?: string };
      };
      page.results.forEach(({ id }) => ids.push(id));
      next = page._links.next;
      expect(response.headers.get('link')).toBe(next ? `<${next}>; rel="next"` : null);
    }
  }
  expect(ids).toHaveLength(60);
  expect(new Set(ids).size).toBe(60);
});

test('spaces, pages of one space, one page, and the search', async () => {
  const { results } = await getJson<{ results: { id: string; key: string }[] }>(
    `${WIKI}/api/v2/spaces`,
  );
  expect(results.map(({ key }) => key)).toEqual(['ENG', 'OPS']);
  const ops = await getJson<{ results: { id: string; title: string }[] }>(
    `${WIKI}/api/v2/pages?space-id=${results[1]?.id}&limit=250`,
  );
  expect(ops.results).toHaveLength(10);
  const one = await getJson(`${WIKI}/api/v2/pages/${ops.results[0]?.id}?body-format=storage`);
  expect(one).toMatchObject({ title: ops.results[0]?.title, body: { storage: {} } });
  expect((await get(`${WIKI}/api/v2/pages/1`)).status).toBe(404);
  const cql = encodeURIComponent('type=page AND space=ENG AND text~"repair"');
  const found = await getJson<{ totalSize: number; size: number; results: { title: string }[] }>(
    `${WIKI}/rest/api/search?cql=${cql}&limit=2`,
  );
  expect(found.size).toBe(2);
  expect(found.totalSize).toBeGreaterThan(2);
  expect((await get(`${WIKI}/rest/api/search?cql=nonsense`)).status).toBe(400);
  expect(await getJson(`${WIKI}/rest/api/user/current`)).toMatchObject({
    publicName: 'Ada Example',
  });
});

test('issues are read, created and edited', async () => {
  const missing = await get(`${JIRA}/issue/ROC-999`);
  expect(missing.status).toBe(404);
  expect(await missing.json()).toMatchObject({ errors: {} });
  const send = (method: string, path: string, body: unknown) =>
    get(JIRA + path, { method, headers: JSON_TYPE, body: JSON.stringify(body) });
  const refused = await send('POST', '/issue', { fields: { project: { key: 'ROC' } } });
  expect(refused.status).toBe(400);
  expect(await refused.json()).toHaveProperty('errors.summary');
  const fields = { project: { key: 'ROC' }, summary: 'New', issuetype: { name: 'Task' } };
  const created = await send('POST', '/issue', { fields });
  expect(created.status).toBe(201);
  const { key } = (await created.json()) as { key: string };
  expect(key).toBe('ROC-81');
  expect((await send('PUT', `/issue/${key}`, { fields: { summary: 'Newer' } })).status).toBe(204);
  expect(await getJson(`${JIRA}/issue/${key}`)).toMatchObject({ fields: { summary: 'Newer' } });
});

test('a file is uploaded with no-check only, and read back', async () => {
  const body = new FormData();
  body.append('file', new Blob([new Uint8Array([1, 2, 3, 255])]), 'a b.bin');
  const path = `${JIRA}/issue/ROC-1/attachments`;
  const refused = await get(path, { method: 'POST', body });
  expect(await refused.text()).toBe('XSRF check failed');
  const headers = { 'x-atlassian-token': 'no-check' };
  const [made] = await getJson<{ id: string; filename: string; size: number }[]>(path, {
    method: 'POST',
    body,
    headers,
  });
  expect(made).toMatchObject({ filename: 'a b.bin', size: 4 });
  const content = `${JIRA}/attachment/content/${made?.id}`;
  const read = await get(`${content}?redirect=false`);
  expect([...new Uint8Array(await read.arrayBuffer())]).toEqual([1, 2, 3, 255]);
  const away = await get(content, { redirect: 'manual' });
  expect(away.status).toBe(303);
  const media = await standin.fetch(away.headers.get('location') ?? '');
  expect((await media.arrayBuffer()).byteLength).toBe(4);
});

test('a page is created in a known space, and takes files with no-check only', async () => {
  withScopes('write:page:confluence', 'write:confluence-file', 'read:page:confluence');
  const create = (page: object) =>
    get(`${WIKI}/api/v2/pages`, { method: 'POST', headers: JSON_TYPE, body: JSON.stringify(page) });
  expect((await create({ spaceId: '1', title: 'Nowhere' })).status).toBe(400);
  const { id } = (await (await create({ spaceId: '65537', title: 'New' })).json()) as {
    id: string;
  };
  expect(await getJson(`${WIKI}/api/v2/pages/${id}`)).toMatchObject({ title: 'New' });
  const body = new FormData();
  body.append('file', new Blob(['1234']), 'a b.bin');
  const path = `${WIKI}/rest/api/content/${id}/child/attachment`;
  expect(await (await get(path, { method: 'POST', body })).text()).toBe('XSRF check failed');
  const headers = { 'x-atlassian-token': 'no-check' };
  const { results } = await getJson<{ results: object[] }>(path, { method: 'POST', body, headers });
  expect(results).toMatchObject([{ title: 'a b.bin', extensions: { fileSize: 4 } }]);
});

test('unknown paths have the product’s form', async () => {
  expect(await getJson(`${JIRA}/nothing`)).toHaveProperty('errorMessages');
  expect(await getJson(`${WIKI}/api/v2/nothing`)).toMatchObject({ statusCode: 404 });
  expect(await getJson('/nothing')).toMatchObject({ status: 404, message: 'No message available' });
});

test('the XSRF switch refuses browsers that write', async () => {
  standin.xsrf = 'browser-user-agent';
  const headers = { 'user-agent': 'Mozilla/5.0', origin: 'moz-extension://x', ...JSON_TYPE };
  const post = (change: object) =>
    get(`${JIRA}/echo`, { method: 'POST', body: '{}', headers: { ...headers, ...change } });
  const refused = await post({});
  expect(refused.status).toBe(403);
  expect(await refused.text()).toBe('XSRF check failed');
  expect((await post({ 'user-agent': 'threelo' })).status).toBe(200);
  expect((await post({ origin: 'https://api.atlassian.com' })).status).toBe(200);
  expect((await get(`${JIRA}/myself`, { headers })).status).toBe(200);
});

test('sites themselves accept no bearer, and stray bearers and cookies are recorded', async () => {
  const url = 'https://acme.atlassian.net/rest/api/3/myself';
  const headers = { authorization: `Bearer ${token}` };
  expect((await standin.fetch(url, { headers })).status).toBe(401);
  await get('/me', { headers: { cookie: 'a=b' } });
  expect(standin.auditor.strayBearers).toMatchObject([{ host: 'acme.atlassian.net' }]);
  expect(standin.auditor.cookieHeaders).toMatchObject([{ path: '/me' }]);
  const info = await standin.fetch('https://acme.atlassian.net/_edge/tenant_info');
  expect(await info.json()).toEqual({ cloudId: ACME_CLOUD_ID });
});

test('an expired token can look like 403 or 404', async () => {
  standin.expiredAnswer = 'quirk';
  standin.clock.advance(3_601_000);
  expect((await get(`${JIRA}/myself`)).status).toBe(403);
  expect((await get(`${WIKI}/api/v2/pages`)).status).toBe(404);
});

test('bytes travel unchanged', async () => {
  const body = new Uint8Array(seededBytes(100_000, 'up'));
  const headers = { 'content-type': 'application/x-thing' };
  const back = await get(`${JIRA}/echo`, { method: 'POST', body, headers });
  expect(back.headers.get('content-type')).toBe('application/x-thing');
  expect(Buffer.from(await back.arrayBuffer()).equals(body)).toBe(true);
  const down = await get(`${JIRA}/bytes/1000?seed=s`);
  expect(Buffer.from(await down.arrayBuffer()).equals(seededBytes(1000, 's'))).toBe(true);
  for (const status of [204, 205, 304, 418, 503]) {
    expect((await get(`${JIRA}/status/${status}`)).status).toBe(status);
  }
  expect(await getJson(`${JIRA}/status/502?shape=spring`)).toMatchObject({ status: 502 });
});

test('api.atlassian.com sends no CORS headers', async () => {
  const response = await get('/me', { headers: { origin: 'https://dashboard.example' } });
  expect(response.headers.get('access-control-allow-origin')).toBeNull();
});

test('an avatar is a PNG', async () => {
  const [entry] = await getJson<{ avatarUrl: string }[]>('/oauth/token/accessible-resources');
  const response = await standin.fetch(entry?.avatarUrl ?? '');
  expect(response.headers.get('content-type')).toBe('image/png');
  expect(Buffer.from(await response.arrayBuffer()).toString('latin1', 1, 4)).toBe('PNG');
});
