import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from '../../standin/facts/sites.ts';
import { rejection } from '../../support/faults.ts';
import { connect } from '../../support/harness.ts';
import { apiCalls, bodyOf, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession({ standin: { transport: 'tls', extraHosts: ['evil.example'] } });
afterEach(() => {
  expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [] });
  expect(standin.refusedHosts).toEqual([]);
});
const writable = (): Promise<void> =>
  connect(harness, session, { sites: sitesAt(session, 'acme'), access: 'write' });

test.each([
  ['/rest/api/3/myself', `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/myself`],
  ['/wiki/api/v2/spaces?limit=2', `/ex/confluence/${ACME_CLOUD_ID}/wiki/api/v2/spaces`],
  ['https://acme.atlassian.net/rest/api/3/myself', `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/myself`],
  [
    'https://acme.atlassian.net/wiki/api/v2/pages',
    `/ex/confluence/${ACME_CLOUD_ID}/wiki/api/v2/pages`,
  ],
  [
    `https://api.atlassian.com/ex/jira/${ACME_CLOUD_ID}/rest/api/3/myself`,
    `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/myself`,
  ],
])('%s goes to the gateway as %s', async (input, path) => {
  const reply = await fetchAll(harness.page(), { input });
  expect(reply.status).toBe(200);
  expect(reply.url).toMatch(/^https:\/\/acme\.atlassian\.net\/(rest|wiki)\//u);
  expect(apiCalls(standin).map((entry) => entry.path)).toEqual([path]);
});

test('a query arrives as it was meant', async () => {
  const jql = 'project = ROC AND summary ~ "ä + b" ORDER BY key';
  const reply = await fetchAll(harness.page(), {
    input: `/rest/api/3/search/jql?jql=${encodeURIComponent(jql)}&x=a+b`,
  });
  expect(apiCalls(standin)[0]?.query.get('jql')).toBe(jql);
  expect(reply.status).toBe(200);
});

test('percent-encoded delimiters in a path arrive as they were sent', async () => {
  const reply = await fetchAll(harness.page(), {
    input: '/rest/api/3/issue/ROC-1/properties/cpu%25%23a%3Fb',
  });
  expect(apiCalls(standin).map(({ path }) => path)).toEqual([
    `/ex/jira/${ACME_CLOUD_ID}/rest/api/3/issue/ROC-1/properties/cpu%25%23a%3Fb`,
  ]);
  expect(reply.url).toMatch(/\/cpu%25%23a%3Fb$/u);
});

describe('nothing is sent for', () => {
  test.each([
    ['POST', '/rest/api/3/webhook'],
    ['PUT', '/rest/api/latest;x/webhook/refresh'],
    ['POST', '/rest/p%2561t/1.0/tokens'],
    ['GET', '/wiki/plugins/servlet/oauth/access-token'],
  ])(
    '%s %s, which makes or exchanges credentials, over a write connection',
    async (method, input) => {
      await writable();
      expect(await rejection(fetchAll(harness.page(), { method, input }))).toMatchObject({
        code: 'not_allowed',
        subject: 'path',
      });
      expect(apiCalls(standin)).toEqual([]);
    },
  );
  test.each([
    ['https://evil.example/rest/api/3/myself', 'not_allowed'],
    ['https://globex.atlassian.net/rest/api/3/myself', 'not_allowed'],
    [`https://api.atlassian.com/ex/jira/${GLOBEX_CLOUD_ID}/rest/api/3/myself`, 'not_allowed'],
    ['https://api.atlassian.com/oauth/token/accessible-resources', 'invalid_request'],
    ['https://api.atlassian.com/me', 'invalid_request'],
    [`/rest/../../${GLOBEX_CLOUD_ID}/rest/api/3/myself`, 'invalid_request'],
    [`/rest/%2e%2e/%2e%2e/${GLOBEX_CLOUD_ID}/rest/api/3/myself`, 'invalid_request'],
    ['/gateway/api/graphql', 'invalid_request'],
    ['//evil.example/rest/api/3/myself', 'invalid_request'],
  ])('%s', async (input, code) => {
    const before = standin.log.length;
    expect((await rejection(fetchAll(harness.page(), { input }))).code).toBe(code);
    expect(standin.log.length).toBe(before);
  });
  test('a site by the option `site` that was not granted', async () => {
    const fault = await rejection(fetchAll(harness.page(), { site: `jira:${GLOBEX_CLOUD_ID}` }));
    expect(fault.code).toBe('not_allowed');
    expect(apiCalls(standin)).toEqual([]);
  });
  test('a page that is not connected', async () => {
    expect((await rejection(fetchAll(harness.page('https://other.example')))).code).toBe(
      'not_connected',
    );
    expect(apiCalls(standin)).toEqual([]);
  });
  test.each(['POST', 'PUT', 'PATCH', 'DELETE'])('a %s over a read connection', async (method) => {
    const { code } = await rejection(
      fetchAll(harness.page(), { method, input: '/rest/api/3/status/200' }),
    );
    expect([code, apiCalls(standin).length]).toEqual(['not_allowed', 0]);
  });
  test.each(['Authorization', 'X-HTTP-Method-Override'])(
    'a call with the header %s',
    async (name) => {
      const fault = await rejection(fetchAll(harness.page(), { headers: [[name, 'x']] }));
      expect(fault).toMatchObject({
        code: 'invalid_request',
        subject: `header ${name.toLowerCase()}`,
      });
      expect(apiCalls(standin)).toEqual([]);
    },
  );
  test.each(['undefined', '[object Object]', '', 'rest/api/3/myself', `/${'x'.repeat(70_000)}`])(
    'a call whose input is no path: %.20s',
    async (input) => {
      const { code } = await rejection(fetchAll(harness.page(), { input }));
      expect([code, apiCalls(standin).length]).toEqual(['invalid_request', 0]);
    },
  );
  test.each(['GET', 'HEAD'])('a %s with a body', async (method) => {
    const { code } = await rejection(fetchAll(harness.page(), { method, body: bodyOf('x') }));
    expect([code, apiCalls(standin).length]).toEqual(['invalid_request', 0]);
  });
});

test('headers that libraries set by themselves are not sent, and the call is', async () => {
  const names = [
    'User-Agent',
    'Cookie',
    'Origin',
    'Host',
    'Proxy-Authorization',
    'X-Requested-With',
  ];
  const headers = names.map((name): [string, string] => [name, 'of-the-page']);
  const reply = await fetchAll(harness.page(), { headers: [...headers, ['Accept', 'text/plain']] });
  expect(reply.status).toBe(200);
  const [sent] = apiCalls(standin);
  expect(sent?.headers).toMatchObject({ accept: 'text/plain' });
  expect(JSON.stringify(sent?.headers)).not.toContain('of-the-page');
});

test('over a read connection no other method than a reading one is ever seen', async () => {
  const input = '/rest/api/3/search/jql';
  const search = {
    method: 'POST',
    input,
    headers: [['content-type', 'application/json']] as [string, string][],
  };
  const reply = await fetchAll(harness.page(), {
    ...search,
    body: bodyOf('{"jql":"project = ROC"}'),
  });
  expect(reply.status).toBe(200);
  expect(apiCalls(standin).map(({ method, path }) => `${method} ${path.slice(-10)}`)).toEqual([
    'POST search/jql',
  ]);
});

describe('a write over a write connection', () => {
  beforeEach(writable);
  test('is sent with X-Atlassian-Token, as scripts do', async () => {
    standin.xsrf = 'off';
    const reply = await fetchAll(harness.page(), {
      method: 'PUT',
      input: '/rest/api/3/status/200',
      body: bodyOf('{}'),
    });
    expect(reply.status).toBe(200);
    expect(apiCalls(standin)[0]?.headers['x-atlassian-token']).toBe('no-check');
  });
  test('keeps the X-Atlassian-Token of the page', async () => {
    const headers: [string, string][] = [['X-Atlassian-Token', 'nocheck']];
    await fetchAll(harness.page(), {
      method: 'POST',
      input: '/rest/api/3/echo',
      headers,
      body: bodyOf('x'),
    });
    expect(apiCalls(standin)[0]?.headers['x-atlassian-token']).toBe('nocheck');
  });
  test('whose connection broke may have taken effect: that is reported, and it is not sent again', async () => {
    standin.faults.add({ kind: 'drop-after', match: { path: /status/ } });
    const { code } = await rejection(
      fetchAll(harness.page(), { method: 'DELETE', input: '/rest/api/3/status/204' }),
    );
    expect([code, apiCalls(standin).length]).toEqual(['outcome_unknown', 1]);
  });
});

test('a read carries no X-Atlassian-Token, no cookie and our one bearer', async () => {
  await fetchAll(harness.page(), { headers: [['Accept-Language', 'de']] });
  const [entry] = apiCalls(standin);
  expect(entry?.headers).toMatchObject({ accept: 'application/json', 'accept-language': 'de' });
  expect(entry?.headers['authorization']).toMatch(/^Bearer \S+$/u);
  expect(entry?.headers).not.toHaveProperty('x-atlassian-token');
  expect(entry?.headers).not.toHaveProperty('cookie');
});

test('a read whose connection broke is `offline`', async () => {
  standin.faults.add({ kind: 'drop-before', match: { path: /myself/ }, times: Infinity });
  expect((await rejection(fetchAll(harness.page()))).code).toBe('offline');
});

test('half an answer is a failure, not a short answer', async () => {
  standin.faults.add({ kind: 'truncate', match: { path: /myself/ }, times: Infinity });
  expect((await rejection(fetchAll(harness.page()))).code).toBe('offline');
});

test.each([204, 304])('a %i has no body', async (status) => {
  standin.faults.add({ kind: 'status', status, match: { path: /myself/ } });
  const reply = await fetchAll(harness.page());
  expect([reply.status, reply.bytes.length, reply.isComplete]).toEqual([status, 0, true]);
});

test('a HEAD has no body', async () => {
  standin.faults.add({ kind: 'status', status: 200, body: 'x', match: { method: 'HEAD' } });
  const reply = await fetchAll(harness.page(), { method: 'HEAD' });
  expect([reply.status, reply.bytes.length, reply.isComplete]).toEqual([200, 0, true]);
});

test.each([400, 403, 404, 409, 500, 503])('an HTTP error is an answer: %i', async (status) => {
  const reply = await fetchAll(harness.page(), { input: `/rest/api/3/status/${String(status)}` });
  expect(reply.status).toBe(status);
  expect(reply.bytes.toString()).toContain(`Status ${String(status)}`);
});

test.each([301, 302, 303, 307, 308])(
  'a %i is refused, and its target sees nothing',
  async (status) => {
    for (const location of ['https://evil.example/x', 'https://api.atlassian.com/me', '/ex/x']) {
      standin.faults.add({ kind: 'redirect', status, location, match: { path: /myself/ } });
      expect((await rejection(fetchAll(harness.page()))).code).toBe('redirect_refused');
    }
    expect(standin.log.requests({ host: 'evil.example' })).toEqual([]);
    expect(apiCalls(standin)).toHaveLength(3);
  },
);

describe('a token that the server echoes', () => {
  const token = (): string => apiCalls(standin)[0]?.headers['authorization']?.slice(7) ?? 'none';
  test('in body and headers does not reach the page', async () => {
    standin.faults.add({ kind: 'echo-authorization', match: { path: /myself/ } });
    const reply = await fetchAll(harness.page());
    expect(reply.bytes.toString()).toContain('Bearer ****');
    expect(`${reply.bytes.toString()}${JSON.stringify(reply.headers)}`).not.toContain(token());
    expect(reply.headers.map(([name]) => name)).not.toContain('x-echo-authorization');
  });
  test('in a header that the page may see, and in the reason phrase, does not either', async () => {
    const { fetch } = harness.world;
    Object.assign(harness.world, {
      fetch: (input: string, init: RequestInit) => {
        const bearer = new Headers(init.headers).get('authorization') ?? '';
        if (!input.includes('/ex/')) return fetch(input, init);
        return Promise.resolve(
          new Response('x', { statusText: bearer, headers: { etag: bearer } }),
        );
      },
    });
    const reply = await fetchAll(harness.page());
    expect(reply.statusText).toBe('Bearer ');
    expect(reply.headers).toContainEqual(['etag', 'Bearer ']);
  });
});

test('the page sees the headers of the list alone', async () => {
  const headers = {
    'set-cookie': 'a=b',
    'x-internal': '1',
    etag: '"1"',
    'retry-after': '7',
    'x-ratelimit-limit': '9',
  };
  standin.faults.add({
    kind: 'status',
    status: 200,
    body: '{}',
    contentType: 'application/json',
    headers,
    match: { path: /myself/ },
  });
  const reply = await fetchAll(harness.page());
  expect(Object.fromEntries(reply.headers)).toEqual({
    ...{
      'content-type': 'application/json',
      etag: '"1"',
      'retry-after': '7',
      'x-ratelimit-limit': '9',
    },
  });
});

test('a granted site that the session does not reach any more asks for consent', async () => {
  standin.narrow({ sites: [GLOBEX_CLOUD_ID] });
  await harness.ui('session.refresh-sites', { id: session.id });
  expect((await rejection(fetchAll(harness.page()))).code).toBe('consent_required');
});
