import { beforeEach, expect, test } from 'vitest';
import type { ApiRequest } from '../../../extension/wire/api-call.ts';
import { api, SCOPES } from '../../standin/standin-session.ts';
import { chanceOf, seedCount } from '../../support/chance.ts';
import { apiCalls, bodyOf, sitesAt } from '../../support/page-calls.ts';
import { connectedPages, outcomesOf, type TimedPage } from '../../support/time/timed-pages.ts';
import { client, harness, session, standin, time, useTimedSession } from '../use-session.ts';

const scopes = SCOPES.split(' ');
useTimedSession({
  scopes,
});
let pages: TimedPage[];
beforeEach(async () => {
  pages = await connectedPages(harness, time, session, {
    count: 6,
    sites: sitesAt(session, 'acme'),
  });
  time.latencyMs = () => 100;
  standin.log.clear();
});

const issue = '/rest/api/3/issue/ROC-1';
const put = (input: string): Partial<ApiRequest> => ({
  method: 'PUT',
  input,
  headers: [['content-type', 'application/json']],
  body: bodyOf('{"fields":{}}'),
});
/** All pages send this at once, `count` times in all. */
async function sendAll(
  count: number,
  call: (at: number) => Partial<ApiRequest>,
): Promise<Record<string, number>> {
  const works = Array.from({ length: count }, (_, at) => at).flatMap(
    (at) => pages[at % pages.length]?.(call(at)) ?? [],
  );
  return outcomesOf(await time.until(Promise.all(works)));
}
/** How long the calls took that the stand-in saw, in seconds. */
function seconds(): number {
  const times = apiCalls(standin).map(({ atMs }) => atMs);
  return (Math.max(...times) - Math.min(...times)) / 1000;
}

test('calls of several pages to one endpoint are sent as fast as its limit allows, and no faster', async () => {
  expect(await sendAll(900, () => ({ input: issue }))).toEqual({ 200: 900 });
  expect(seconds()).toBeLessThan(900 / 70);
  standin.log.clear();
  expect(await sendAll(450, (at) => put(`/rest/api/3/issue/ROC-${String(1 + (at % 80))}`))).toEqual(
    {
      204: 450,
    },
  );
  expect(seconds()).toBeLessThan(450 / 35);
});

test('writes to one issue are spaced, and its reads are not', async () => {
  const writes = sendAll(60, () => put(issue));
  const reads = await sendAll(60, () => ({ input: issue }));
  expect([reads, time.nowMs() - (apiCalls(standin)[0]?.atMs ?? 0) < 2000]).toEqual([
    { 200: 60 },
    true,
  ]);
  expect(await writes).toEqual({ 204: 60 });
  expect(seconds()).toBeLessThan(8);
});

test.each(Array.from({ length: seedCount(3) }, (_, at) => `pace ${String(at)}`))(
  'a mixed load over a network of changing speed meets no limit: %s',
  async (seed) => {
    const chance = chanceOf(seed);
    time.latencyMs = () => 40 + chance.below(300);
    const calls: readonly (() => Partial<ApiRequest>)[] = [
      () => ({ input: issue }),
      () => ({ input: `/rest/api/3/issue/TNT-${String(1 + chance.below(40))}` }),
      () => ({ input: '/rest/api/3/myself' }),
      () => put(`/rest/api/3/issue/ROC-${String(1 + chance.below(3))}`),
      () => ({ method: 'POST', input: '/rest/api/3/search/jql', body: bodyOf('{"jql":"a=b"}') }),
    ];
    const outcomes = await sendAll(400, () => (calls[chance.below(calls.length)] ?? put)(issue));
    const { 200: found = 0, 204: written = 0, ...rest } = outcomes;
    expect([seed, found + written, rest]).toEqual([seed, 400, {}]);
  },
);

test('where another installation uses the limit too, calls are held and come back, and none waits for ever', async () => {
  const { cloudId = '' } = sitesAt(session, 'acme')[0] ?? {};
  standin.accounts.get('bo').sites.push(cloudId);
  const { accessToken } = standin.grant({ scopes, clientId: client.clientId, account: 'bo' });
  const path = `/ex/jira/${cloudId}${issue}`;
  let isOver = false;
  const others = async (): Promise<void> => {
    while (!isOver) {
      await api(standin, accessToken, path);
      await time.sleep(20);
    }
  };
  void others();
  const comesBack = async (page: TimedPage): Promise<void> => {
    for (;;) {
      const { status, headers } = await page({ input: issue });
      if (status === 200) return;
      expect(status).toBe(429);
      await time.sleep(1000 * Number(headers.get('retry-after')));
    }
  };
  const works = pages.flatMap((page) => Array.from({ length: 50 }, () => comesBack(page)));
  await time.until(Promise.all(works), 60_000);
  isOver = true;
  const own = apiCalls(standin).filter(
    ({ headers }) => !headers['authorization']?.includes(accessToken),
  );
  const refused = own.filter(({ status }) => status === 429).length;
  expect(refused).toBeGreaterThan(0);
  expect(refused).toBeLessThan(own.length / 4);
});
