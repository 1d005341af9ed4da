/* `threelo.fetch`: what it accepts, what it returns, what it refuses. */
import { describe, expect, test } from 'vitest';
import { withDeadline } from '../machine/deadline.ts';
import { callWithForeignObjects } from '../page/frame-requests.ts';
import { browserName, callThreelo } from '../steps/steps.ts';
import { page, setting, useConnectedTab } from './setting.ts';

useConnectedTab();

const acme = 'https://acme.atlassian.net';
const isFirefox = browserName() === 'firefox';
const api = { host: 'api.atlassian.com' } as const;

test('an answer is a real Response whose url is the site URL, also after clone()', async () => {
  const seen = await page.evaluate(async () => {
    const response = await window.threelo.fetch('/rest/api/3/myself');
    const clone = response.clone();
    return {
      isResponse: response instanceof Response && clone instanceof Response,
      urls: [response.url, clone.url, clone.clone().url],
      type: response.headers.get('content-type'),
      redirected: response.redirected,
      same: JSON.stringify(await response.json()) === JSON.stringify(await clone.json()),
    };
  });
  const url = `${acme}/rest/api/3/myself`;
  expect(seen).toMatchObject({
    isResponse: true,
    urls: [url, url, url],
    redirected: false,
    same: true,
  });
  expect(seen.type).toMatch(/^application\/json/u);
});

test('paths, site URLs, gateway URLs, URL objects and Requests all reach the site', async () => {
  const cloudId = setting.standin.sites.find(({ url }) => url === acme)?.cloudId ?? '';
  const gateway = `https://api.atlassian.com/ex/jira/${cloudId}/rest/api/3/serverInfo`;
  for (const input of ['/rest/api/3/serverInfo', `${acme}/rest/api/3/serverInfo`, gateway]) {
    expect(await callThreelo(page, input)).toMatchObject({
      status: 200,
      url: `${acme}/rest/api/3/serverInfo`,
    });
  }
  const statuses = await page.evaluate(async () => [
    (await window.threelo.fetch(new URL('https://acme.atlassian.net/rest/api/3/serverInfo')))
      .status,
    (await window.threelo.fetch(new Request('/rest/api/3/serverInfo'))).status,
    (await window.threelo.fetch('/wiki/api/v2/spaces')).status,
  ]);
  expect(statuses).toEqual([200, 200, 200]);
});

test('can() tells the scope that is lacking by the table in the package, without a request', async () => {
  const answer = await page.evaluate(() => window.threelo.can('/rest/api/3/priorityscheme'));
  const missingScopes = ['manage:jira-configuration'];
  expect(answer).toMatchObject({ status: 401, rule: 'scopes', missingScopes });
  expect(setting.standin.log.requests({ path: /priorityscheme/u })).toEqual([]);
});

test.each([204, 205, 304])('a %i has no body', async (status) => {
  expect(await callThreelo(page, `/rest/api/3/status/${String(status)}`)).toMatchObject({
    status,
    text: '',
  });
});

test.each([599, 999])('a status of %i is an answer that keeps it', async (status) => {
  const match = { path: /serverInfo$/u };
  setting.standin.faults.add({ kind: 'status', status, body: '{"odd":true}', match });
  const called = await callThreelo(page, '/rest/api/3/serverInfo');
  expect(called).toMatchObject({ status, text: '{"odd":true}' });
});

test('an HTTP error is an answer', async () => {
  const called = await callThreelo(page, '/rest/api/3/issue/NOPE-1');
  expect(called.status).toBe(404);
  expect(JSON.parse(called.text ?? '')).toHaveProperty('errorMessages');
});

test('JSON goes up and creates an issue, with the sign that keeps the XSRF filter quiet', async () => {
  const fields = { project: { key: 'ROC' }, summary: 'From a page', issuetype: { name: 'Task' } };
  const called = await callThreelo(page, '/rest/api/3/issue', {
    method: 'post',
    headers: { 'Content-Type': 'application/json' },
    body: JSON.stringify({ fields }),
  });
  expect(called).toMatchObject({ status: 201 });
  const [upstream] = setting.standin.log.requests({
    ...api,
    path: /\/rest\/api\/3\/issue$/u,
    method: 'POST',
  });
  expect(upstream?.headers).toMatchObject({ 'x-atlassian-token': 'no-check' });
  expect(upstream?.headers['user-agent']).toMatch(/^Threelo\//u);
  expect(upstream?.headers['origin']).toBeUndefined();
});

test('what other frames made is read like what the page made, also after the page replaced window.Request', async () => {
  const calls = page.evaluate(callWithForeignObjects);
  expect(await withDeadline(calls, 'all calls to end')).toEqual({
    'a Request made before the page replaced the class': '200 text/x-foreign early',
    'a Request of a frame': '200 text/x-foreign framed',
    'a Request of an empty frame': '200 text/x-foreign blank',
    // Chromium cannot read its body any more, in its own `fetch` neither.
    'a Request of a removed frame': isFirefox
      ? '200 text/x-foreign of a removed frame'
      : 'ThreeloError invalid_request',
    'a URL and headers of a frame': '200 text/x-foreign url',
    'a Blob of a frame': '200 text/x-foreign blob',
    'bytes of a frame': '200 text/x-foreign bytes',
    'a stream of a frame': '200 text/x-foreign stream',
    'an aborted signal of a frame': 'AbortError 20',
  });
});

test('aborting rejects as fetch does and ends the upstream request', async () => {
  const hanging = setting.standin.faults.add({ kind: 'hang', match: { path: /serverInfo$/u } });
  const aborted = page.evaluate(async () => {
    const controller = new AbortController();
    Object.assign(window, { abortNow: () => controller.abort() });
    return window.threelo.fetch('/rest/api/3/serverInfo', { signal: controller.signal }).then(
      () => 'answered',
      (thrown: Error) => `${thrown.constructor.name} ${thrown.name}`,
    );
  });
  await withDeadline(hanging.arrived, 'the call to reach the service');
  await page.evaluate(() => (window as unknown as { abortNow: () => void }).abortNow());
  expect(await aborted).toBe('DOMException AbortError');
  await withDeadline(hanging.clientGone, 'the request to be given up', 60_000);
});

test('leaving the page ends its upstream requests', async () => {
  const hanging = setting.standin.faults.add({ kind: 'hang', match: { path: /serverInfo$/u } });
  await page.evaluate(() => {
    window.threelo.fetch('/rest/api/3/serverInfo').catch(() => undefined);
  });
  await withDeadline(hanging.arrived, 'the call to reach the service');
  await page.reload();
  await withDeadline(hanging.clientGone, 'the request to be given up', 60_000);
});

test.each([
  ['//evil.example/rest/api/3/myself', 'invalid_request'],
  ['https://evil.example/rest/api/3/myself', 'not_allowed'],
  ['https://acme.atlassian.net@evil.example/rest/api/3/myself', 'invalid_request'],
  ['https://globex.atlassian.net/rest/api/3/myself', 'not_allowed'],
  ['/rest/api/3/../../../oauth/token/accessible-resources', 'invalid_request'],
  ['/rest/api/3/%2e%2e/%2e%2e/x', 'invalid_request'],
  ['/secure/Dashboard.jspa', 'invalid_request'],
  ['rest/api/3/myself', 'invalid_request'],
])('%s is refused (%s) before anything is sent', async (input, code) => {
  const before = setting.standin.log.requests(api).length;
  expect(await callThreelo(page, input)).toEqual({ code });
  expect(setting.standin.log.requests(api)).toHaveLength(before);
});

test('a header that is not on the list is refused by name, one that fetch ignores is ignored', async () => {
  const seen = await page.evaluate(async () => {
    const headers = { 'X-HTTP-Method-Override': 'DELETE' };
    const message = await window.threelo.fetch('/rest/api/3/myself', { headers }).then(
      () => 'sent',
      (thrown: { code?: string; message: string }) => `${thrown.code ?? ''}: ${thrown.message}`,
    );
    const ignored = await window.threelo.fetch('/rest/api/3/myself', {
      headers: { Cookie: 'a=b', Host: 'evil' },
    });
    return { message, ignored: ignored.status };
  });
  expect(seen.message).toMatch(/^invalid_request: .*x-http-method-override/u);
  expect(seen.ignored).toBe(200);
});

test('a redirect is refused and its target sees nothing', async () => {
  setting.standin.faults.add({
    kind: 'redirect',
    status: 307,
    location: 'https://evil.example/stolen',
    match: { path: /serverInfo$/u },
  });
  expect(await callThreelo(page, '/rest/api/3/serverInfo')).toEqual({ code: 'redirect_refused' });
  expect(setting.standin.log.requests({ host: 'evil.example' })).toEqual([]);
});

test('a write that Jira runs as a task is a 303, and any other write that is redirected outcome_unknown', async () => {
  const redirect = {
    kind: 'redirect',
    status: 303,
    location: `${acme}/rest/api/3/task/1`,
  } as const;
  for (const path of [/field\/customfield_1$/u, /issue\/ROC-1$/u])
    setting.standin.faults.add({ ...redirect, match: { method: 'DELETE', path } });
  const init = { method: 'DELETE' };
  expect(await callThreelo(page, '/rest/api/3/field/customfield_1', init)).toMatchObject({
    status: 303,
    text: '',
    url: `${acme}/rest/api/3/field/customfield_1`,
  });
  expect(await callThreelo(page, '/rest/api/3/issue/ROC-1', init)).toEqual({
    code: 'outcome_unknown',
  });
  expect(setting.standin.log.requests({ path: /\/task\//u })).toEqual([]);
});

test('the location of a 202 is the URL at the site', async () => {
  setting.standin.faults.add({
    kind: 'status',
    status: 202,
    headers: { location: '/rest/api/3/task/1' },
    match: { path: /serverInfo$/u },
  });
  const location = await page.evaluate(async () => {
    const response = await window.threelo.fetch('/rest/api/3/serverInfo');
    return response.headers.get('location');
  });
  expect(location).toBe(`${acme}/rest/api/3/task/1`);
});

test('a write whose connection broke is outcome_unknown, a read is offline', async () => {
  setting.standin.faults.add({
    kind: 'drop-before',
    match: { path: /serverInfo$/u },
    times: Infinity,
  });
  expect(await callThreelo(page, '/rest/api/3/serverInfo')).toEqual({ code: 'offline' });
  setting.standin.faults.clear();
  setting.standin.faults.add({ kind: 'drop-after', match: { path: /echo$/u }, times: 10 });
  const init = { method: 'POST', body: 'x' };
  expect(await callThreelo(page, '/rest/api/3/echo', init)).toEqual({ code: 'outcome_unknown' });
});

test('a truncated answer is no answer', async () => {
  setting.standin.faults.add({
    kind: 'truncate',
    match: { path: /bytes\/300000$/u },
    times: Infinity,
  });
  expect(await callThreelo(page, '/rest/api/3/bytes/300000')).toEqual({ code: 'offline' });
});

test('a token that a server echoes does not reach the page', async () => {
  setting.standin.faults.add({ kind: 'echo-authorization', match: { path: /serverInfo$/u } });
  const { status, text } = await callThreelo(page, '/rest/api/3/serverInfo');
  expect(status).toBe(200);
  expect(text).toContain('*****');
  for (const { canary } of setting.standin.issued) expect(text).not.toContain(canary);
});

test('a 429 is an answer whose headers the page can read, and the next call is answered without being sent', async () => {
  // An endpoint that no other test calls: for 30 seconds its calls are not sent.
  const match = { path: /priority$/u };
  const limit = setting.standin.faults.add({ kind: 'rate-limit', retryAfterSeconds: 30, match });
  const seen = await page.evaluate(async () => {
    const seen: [number, ...(string | null)[]][] = [];
    for (const path of ['priority', 'priority', 'myself']) {
      const { status, headers } = await window.threelo.fetch(`/rest/api/3/${path}`);
      const names = ['ratelimit-reason', 'x-threelo-held'];
      seen.push([status, ...names.map((name) => headers.get(name))]);
    }
    return seen;
  });
  expect(seen).toEqual([
    [429, 'jira-burst-based', null],
    [429, 'jira-burst-based', '1'],
    [200, null, null],
  ]);
  expect(limit.hits()).toBe(1);
});

// Firefox does not prerender.
describe.skipIf(isFirefox)('a prerendered page', () => {
  const called = '/rest/api/3/bytes/7';
  const calls = () => setting.standin.log.requests({ path: /bytes\/7$/u });
  /** Has a page prerendered that makes a call at once, and waits until it has made it. */
  const prerender = async (path: string): Promise<void> => {
    const script = `const tell = (result) => fetch('${path}/result?' + result);
      threelo.fetch('${called}').then(({ status }) => tell(status), ({ code }) => tell(code));
      if (document.prerendering) fetch('${path}/called')`;
    const body = `<!doctype html><script>${script}</script>`;
    setting.standin.pages.set('dashboard.example', path, { body });
    setting.standin.log.clear();
    const hasCalled = setting.standin.log.waitFor((entry) => entry.path === `${path}/called`);
    await page.evaluate((url) => {
      const rules = document.createElement('script');
      rules.type = 'speculationrules';
      rules.text = JSON.stringify({ prerender: [{ urls: [url], eagerness: 'immediate' }] });
      document.head.append(rules);
    }, path);
    await withDeadline(hasCalled, 'the prerendered page to make its call');
    expect(await callThreelo(page, '/rest/api/3/myself')).toMatchObject({ status: 200 });
    expect(calls()).toEqual([]);
  };

  test('that is never shown sends nothing', async () => {
    await prerender('/hidden');
    await page.goto('https://dashboard.example/');
    expect(await callThreelo(page, '/rest/api/3/myself')).toMatchObject({ status: 200 });
    expect(calls()).toEqual([]);
  });

  test('waits with its calls until it is shown', async () => {
    await prerender('/shown');
    await page.evaluate(() => {
      // It is answered before the document is left, which would end the answer.
      setTimeout(() => location.assign('/shown'));
    });
    const { log } = setting.standin;
    const told = log.waitFor(({ path }) => path === '/shown/result');
    expect(String((await withDeadline(told, 'the call to end')).query)).toBe('200=');
  });
});
