import { beforeEach, describe, expect, test, vi } from 'vitest';
import {
  aPageSite,
  connectPage,
  fakeThreelo,
  notConnected,
  usePageWindow,
  type FakeThreelo,
} from '../../test/support/page-window.ts';
import { route, type RoutedFetch } from './route.ts';

usePageWindow();

const jira = 'https://acme.atlassian.net/rest/api/3/myself';
const original = vi.fn<typeof fetch>();
let threelo: FakeThreelo;
let routed: RoutedFetch;

beforeEach(() => {
  original.mockReset().mockImplementation(() => Promise.resolve(new Response('as before')));
  vi.stubGlobal('location', new URL('https://page.example/dashboard'));
  threelo = fakeThreelo(() => Promise.resolve([aPageSite()]));
  vi.stubGlobal('threelo', threelo);
  routed = route(original);
});

/** Who answered a call. */
async function answererOf(...args: Parameters<typeof fetch>): Promise<string> {
  return (await routed(...args)).text();
}

describe('goes to Threelo', () => {
  test.each([
    jira,
    'HTTPS://ACME.atlassian.net:443/rest/api/3/myself',
    'https://acme.atlassian.net',
    'https://acme.atlassian.net/wiki/api/v2/pages?limit=1#x',
    'https://api.atlassian.com/ex/jira/11111111-aaaa/rest/api/3/myself',
    'https://api.atlassian-us-gov-mod.com/ex/confluence/11111111-aaaa/wiki/api/v2/pages',
  ])('%s', async (url) => {
    expect(await answererOf(url)).toBe('by Threelo');
    expect(await answererOf(new URL(url))).toBe('by Threelo');
    expect(await answererOf(new Request(url))).toBe('by Threelo');
    expect(original).not.toHaveBeenCalled();
  });

  test('a URL below the base URL of a Data Center product', async () => {
    const site = aPageSite({ id: 'jira:0a1b:s', url: 'https://example.com/jira' });
    threelo.answer = () => Promise.resolve([site]);
    expect(await answererOf('https://example.com/jira/rest/api/2/myself')).toBe('by Threelo');
    expect(await answererOf('https://example.com/jirafe/rest/api/2/myself')).toBe('as before');
    expect(await answererOf('https://example.com/')).toBe('as before');
  });

  test('with the arguments that the page gave', async () => {
    const init = { method: 'POST', body: '{}' };
    await routed(jira, init);
    expect(threelo.fetched).toEqual([[jira, init]]);
  });
});

describe('goes to the original', () => {
  test.each([
    '/rest/api/3/myself',
    'rest/api/3/myself',
    '//acme.atlassian.net/rest/api/3/myself',
    'https://other.atlassian.net/rest/api/3/myself',
    'http://acme.atlassian.net/rest/api/3/myself',
    'https://acme.atlassian.net:8443/rest/api/3/myself',
    'https://acme.atlassian.net.evil.example/rest/api/3/myself',
    'https://api.atlassian.com/ex/jira/22222222-bbbb/rest/api/3/myself',
    'https://api.atlassian.com/oauth/token/accessible-resources',
    'https://proxy.page.example/ex/jira/11111111-aaaa/rest/api/3/myself',
    'http://api.atlassian.com/ex/jira/11111111-aaaa/rest/api/3/myself',
    'data:text/plain,https://acme.atlassian.net/',
    'https://',
  ])('%s', async (url) => {
    expect(await answererOf(url)).toBe('as before');
    expect(threelo.fetched).toEqual([]);
  });

  test('a `Request` at the origin of the page: it may have been made of a path', async () => {
    vi.stubGlobal('location', new URL('https://acme.atlassian.net/browse/ROC-1'));
    expect(await answererOf(new Request(jira))).toBe('as before');
    expect(await answererOf(jira)).toBe('by Threelo');
  });

  test.each([null, undefined, Object.create(null)])('what is no address (%#)', async (input) => {
    expect(await answererOf(input as string)).toBe('as before');
  });

  test('with the same arguments and `this`', async () => {
    const init = { method: 'POST' };
    const owner = { fetch: routed };
    await owner.fetch('/own', init);
    await owner.fetch('https://elsewhere.example/', init);
    expect(original.mock.calls).toEqual([
      ['/own', init],
      ['https://elsewhere.example/', init],
    ]);
    expect(original.mock.contexts).toEqual([owner, owner]);
  });

  test('all, without a wait, when there is no page API', () => {
    vi.stubGlobal('threelo', undefined);
    const answer = Promise.resolve(new Response());
    original.mockReturnValueOnce(answer);
    expect(routed(jira)).toBe(answer);
  });

  test('all, when the page is not connected any more', async () => {
    expect(await answererOf(jira)).toBe('by Threelo');
    threelo.answer = notConnected;
    threelo.change();
    expect(await answererOf(jira)).toBe('as before');
    expect(await answererOf(jira)).toBe('as before');
    expect(threelo.asked).toBe(2);
  });
});

describe('before the sites are known', () => {
  let tell: (sites: readonly ReturnType<typeof aPageSite>[]) => void;
  beforeEach(() => {
    const answer = Promise.withResolvers<readonly ReturnType<typeof aPageSite>[]>();
    tell = answer.resolve;
    threelo.answer = () => answer.promise;
  });

  test('calls with absolute URLs wait for them, and ask once', async () => {
    const calls = Promise.all([answererOf(jira), answererOf('https://elsewhere.example/')]);
    await vi.advanceTimersByTimeAsync(100);
    expect([threelo.fetched.length, original.mock.calls.length]).toEqual([0, 0]);
    tell([aPageSite()]);
    expect(await calls).toEqual(['by Threelo', 'as before']);
    expect(threelo.asked).toBe(1);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('paths of the page do not wait', () => {
    void routed('/own');
    expect(original).toHaveBeenCalledTimes(1);
  });

  test('a call waits no longer than the time, later calls not at all, and the late answer counts', async () => {
    const first = answererOf(jira);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await first).toBe('as before');
    expect(await answererOf(jira)).toBe('as before');
    tell([aPageSite()]);
    await vi.advanceTimersByTimeAsync(0);
    expect(await answererOf(jira)).toBe('by Threelo');
    expect(threelo.asked).toBe(1);
  });

  test('a change during the wait makes the first answer void for later calls', async () => {
    const first = answererOf(jira);
    threelo.change();
    threelo.answer = () =>
      Promise.resolve([aPageSite({ id: 'jira:3:s', url: 'https://b.example' })]);
    expect(await answererOf('https://b.example/rest/x')).toBe('by Threelo');
    tell([aPageSite()]);
    expect(await first).toBe('by Threelo');
    expect(await answererOf(jira)).toBe('as before');
  });
});

test('follows changes of the sites', async () => {
  threelo.answer = () => Promise.resolve([]);
  expect(await answererOf(jira)).toBe('as before');
  threelo.answer = () => Promise.resolve([aPageSite()]);
  expect(await answererOf(jira)).toBe('as before');
  threelo.change();
  expect(await answererOf(jira)).toBe('by Threelo');
});

test('follows a page API that is there later, and the newest after a reconnection', async () => {
  vi.stubGlobal('threelo', undefined);
  routed = route(original);
  expect(await answererOf(jira)).toBe('as before');
  connectPage(threelo);
  expect(await answererOf(jira)).toBe('by Threelo');
  const second = fakeThreelo(() => Promise.resolve([aPageSite()]));
  connectPage(second);
  expect(await answererOf(jira)).toBe('by Threelo');
  expect([threelo.fetched.length, second.fetched.length]).toEqual([1, 1]);
});

test('keeps the sites that it knew when they cannot be read, and asks again with the next call', async () => {
  expect(await answererOf(jira)).toBe('by Threelo');
  threelo.answer = () => Promise.reject(Object.assign(new Error(), { code: 'unavailable' }));
  threelo.change();
  expect(await answererOf(jira)).toBe('by Threelo');
  threelo.answer = () => Promise.resolve([]);
  expect(await answererOf(jira)).toBe('as before');
});

test('uses the page API that it is given', async () => {
  vi.stubGlobal('threelo', undefined);
  routed = route(original, { threelo });
  expect(await answererOf(jira)).toBe('by Threelo');
});

describe('stop', () => {
  test('gives the global `fetch` back, and sends everything to the original', async () => {
    vi.stubGlobal('fetch', routed);
    routed.stop();
    expect(globalThis.fetch).toBe(original);
    expect(await answererOf(jira)).toBe('as before');
  });

  test('leaves a `fetch` that another script wrapped since', () => {
    const wrapped = vi.fn<typeof fetch>();
    vi.stubGlobal('fetch', wrapped);
    routed.stop();
    expect(globalThis.fetch).toBe(wrapped);
  });
});
