import { beforeEach, describe, expect, test } from 'vitest';
import { createPageFetch } from '../../../extension/content/page-fetch.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { apiCalls, bodyOf, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { flattened, leaks } from '../../support/samples/leak-search.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession({ access: 'write' });

const path = '/rest/api/3/issue/ROC-1';
const other = 'https://other.example' as Origin;
const match = { path: /^\/ex\// };
const fetchIn = (origin: string = dashboard) => createPageFetch({ send: harness.page(origin) });
/** A 429 with these headers, for the next call. */
async function limited(headers: Record<string, string>, method = 'GET'): Promise<Response> {
  const contentType = 'application/json';
  standin.faults.add({ kind: 'status', status: 429, headers, contentType, body: '{"a":1}', match });
  return fetchIn()(path, { method });
}
beforeEach(() => connect(harness, session, { origin: other, sites: sitesAt(session, 'acme') }));

describe('a call that is not sent because of a limit', () => {
  const headers = {
    'Retry-After': '60',
    'RateLimit-Reason': 'jira-burst-based',
    'X-RateLimit-Limit': '100',
    'X-RateLimit-Remaining': '0',
    'X-RateLimit-NearLimit': 'true',
    'X-RateLimit-Reset': '2026-11-26T10:00Z',
    'Beta-RateLimit-Policy': '"tenant-app-quota";q=100100;w=3600',
    'Beta-RateLimit': '"tenant-app-quota";r=99999;t=900',
    'X-Beta-RateLimit-Reason': 'jira-burst-based',
    'Beta-Retry-After': '60',
  };
  test('gets a Response 429 with the headers that the server sent last, and what is left of the time', async () => {
    const real = await limited({ ...headers, etag: '"1"', 'x-internal': '1' });
    expect([real.status, await real.json(), real.headers.has('x-threelo-held')]).toEqual([
      429,
      { a: 1 },
      false,
    ]);
    standin.clock.advance(18_500);
    const held = await fetchIn(other)(path);
    expect([held.status, held.ok, held.statusText]).toEqual([429, false, 'Too Many Requests']);
    expect(held.url).toBe(`https://acme.atlassian.net${path}`);
    const sent = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
    expect(Object.fromEntries(held.headers)).toEqual({
      ...Object.fromEntries(sent),
      'retry-after': '42',
      'content-type': 'application/json',
      'x-threelo-held': '1',
    });
    expect(Object.keys((await held.clone().json()) as object)).toEqual(['code', 'message']);
    expect((await held.text()).length).toBeLessThan(300);
    expect(apiCalls(standin)).toHaveLength(1);
  });
  test('has no body for HEAD, and is settled for a write: nothing of it was sent', async () => {
    await limited(headers, 'HEAD');
    const head = await fetchIn()(path, { method: 'HEAD' });
    expect([head.status, head.headers.get('x-threelo-held'), await head.text()]).toEqual([
      429,
      '1',
      '',
    ]);
    await limited(headers, 'PUT');
    const write = await fetchIn()(path, { method: 'PUT', body: '{"fields":{}}' });
    expect([write.status, write.headers.get('x-threelo-held')]).toEqual([429, '1']);
    expect(apiCalls(standin)).toHaveLength(2);
  });
  test('frees its body: more of them than an origin may have at once are held one after the other', async () => {
    await limited(headers, 'PUT');
    for (let at = 0; at < 80; at += 1) {
      const call = { method: 'PUT', input: path, body: new ArrayBuffer(1_048_576) };
      expect((await fetchAll(harness.page(), call)).status).toBe(429);
    }
    expect(apiCalls(standin)).toHaveLength(1);
  });
  test('is judged like every call: one that is not allowed is told so', async () => {
    await limited(headers, 'PUT');
    const write = { method: 'PUT', input: path, body: bodyOf('{}') };
    await expect(fetchAll(harness.page(other), write)).rejects.toMatchObject({
      fault: { code: 'not_allowed' },
    });
    await harness.ui('grant.remove', { origin: dashboard });
    await expect(fetchAll(harness.page(), write)).rejects.toMatchObject({
      fault: { code: 'not_connected' },
    });
  });
  test('gets no token, though the server repeats it in the headers of the limit', async () => {
    const { fetch } = harness.world;
    Object.assign(harness.world, {
      fetch: (input: string, init: RequestInit) => {
        if (!input.includes('/ex/')) return fetch(input, init);
        const echo = new Headers(init.headers).get('authorization') ?? '';
        const fields = { 'retry-after': '60', 'ratelimit-reason': 'jira-burst-based' };
        const repeated = { 'x-ratelimit-limit': echo, 'beta-ratelimit': `x;y=${echo.slice(7)}` };
        return Promise.resolve(
          new Response(echo, { status: 429, headers: { ...fields, ...repeated } }),
        );
      },
    });
    const real = await fetchAll(harness.page(), { input: path });
    const held = await fetchAll(harness.page(other), { input: path });
    expect(Object.fromEntries(held.headers)['x-threelo-held']).toBe('1');
    const canaries = standin.issued.map(({ kind, value }) => ({ name: kind, value }));
    expect(leaks([real, held], canaries)).toEqual([]);
    expect(flattened(held).length).toBeGreaterThan(100);
    harness.world.elapse(10_000);
    const stored = [...harness.world.session.entries].filter(([name]) => name.includes('quota'));
    expect([stored.length, leaks(stored, canaries)]).toEqual([1, []]);
  });
});

test('a server cannot pretend that a response was held', async () => {
  const headers = { 'x-threelo-held': '1', 'x-ratelimit-limit': '5' };
  const real = await limited(headers);
  expect([real.status, real.headers.get('x-ratelimit-limit')]).toEqual([429, '5']);
  expect(real.headers.has('x-threelo-held')).toBe(false);
  standin.faults.add({ kind: 'status', status: 200, headers, match });
  const fine = await fetchIn()('/rest/api/3/myself');
  expect([fine.status, fine.headers.has('x-threelo-held')]).toEqual([200, false]);
});
