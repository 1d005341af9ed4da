import { beforeEach, describe, expect, test } from 'vitest';
import { ACME_CLOUD_ID } from '../../standin/facts/sites.ts';
import { chanceOf, type Chance } from '../../support/chance.ts';
import { apiCalls, sitesAt } from '../../support/page-calls.ts';
import {
  connectedPages,
  outcomesOf,
  slowOf,
  type TimedPage,
  type TimedReply,
} from '../../support/time/timed-pages.ts';
import { client, harness, session, standin, time, useTimedSession } from '../use-session.ts';

const minute = 60_000;
const hour = 60 * minute;
useTimedSession();

let rogue: TimedPage;
let others: TimedPage[];
let chance: Chance;
beforeEach(async () => {
  const [first, ...rest] = await connectedPages(harness, time, session, {
    count: 20,
    sites: sitesAt(session, 'acme'),
  });
  rogue = first as TimedPage;
  others = rest;
  chance = chanceOf('rogue');
  time.latencyMs = () => 100;
  // A whole hour before the points are counted anew.
  standin.clock.advance(hour - (time.nowMs() % hour));
});

const issue = '/rest/api/3/issue/ROC-1';
const limitedUpstream = (): number =>
  apiCalls(standin).filter(({ status }) => status === 429).length;

/** What people do: each page sends a call now and then. */
async function visits(forMs: number, everyMs: number, input: string): Promise<TimedReply[]> {
  const endMs = time.nowMs() + forMs;
  const replies: TimedReply[] = [];
  const visit = async (page: TimedPage): Promise<void> => {
    for (;;) {
      await time.sleep(everyMs * (0.5 + chance.next()));
      if (time.nowMs() >= endMs) return;
      replies.push(await page({ input }));
    }
  };
  await time.until(Promise.all(others.map(visit)), forMs + 2 * everyMs);
  return replies;
}

describe('a page that sends thousands of calls at once', () => {
  test.each([
    ['the endpoint that the others call', issue],
    ['another endpoint', '/rest/api/3/myself'],
  ])('to %s delays those of nineteen others by less than one round trip', async (_, input) => {
    const alone = await visits(10_000, 3000, issue);
    const flood = Promise.all(Array.from({ length: 2000 }, () => rogue({ input })));
    const beside = await visits(20_000, 3000, issue);
    expect(beside.length).toBeGreaterThan(110);
    expect(outcomesOf(beside)).toEqual({ 200: beside.length });
    expect(slowOf(alone)).toBeGreaterThanOrEqual(100);
    expect(slowOf(beside)).toBeLessThan(2 * slowOf(alone));
    expect(outcomesOf(await time.until(flood))).toEqual({ 200: 2000 });
    expect(limitedUpstream()).toBe(0);
  });
});

test('a page that writes one endpoint in many ways causes no 429 for the others', async () => {
  const names = ['ROC-1', 'roc-%31', 'ROC-1/', 'ROC-1;a=b', '%52OC-1', 'random'];
  const inputs = Array.from({ length: 1500 }, (_, at) => {
    const letters = at % 3 === 0 ? [...String(at)].map((digit) => 'abcdefghij'[+digit]) : [];
    const name = letters.length === 0 ? names[at % names.length] : letters.join('');
    return `/rest/api/${at % 2 === 0 ? '3' : '2'}/issue/${name}`;
  });
  time.latencyMs = () => 20;
  const flood = Promise.all(inputs.map((input) => rogue({ input })));
  const beside = await visits(10_000, 3000, issue);
  expect(outcomesOf(beside)).toEqual({ 200: beside.length });
  const { 429: refused = 0 } = outcomesOf(await time.until(flood));
  expect([refused, limitedUpstream()]).toEqual([0, 0]);
});

describe('a page that uses up the points of the hour', () => {
  const search = {
    input: '/rest/api/3/search/jql?jql=project%20in%20(ROC,TNT)&maxResults=100',
  };
  /** Searches until the points are scarce; then again every ten seconds. */
  async function searchUntil(endMs: number): Promise<TimedReply[]> {
    const replies: TimedReply[] = [];
    while (time.nowMs() < endMs) {
      const reply = await rogue(search);
      replies.push(reply);
      if (reply.status !== 200) await time.sleep(10_000);
    }
    return replies;
  }
  test('is held when a fifth is left, and the others get their responses until the hour ends', async () => {
    const before = await visits(2 * minute, minute, issue);
    const greedy = searchUntil(time.nowMs() + hour - 4 * minute);
    const modest = [...before, ...(await visits(hour - 5 * minute, minute, issue))];
    const searches = await time.until(greedy);
    expect(modest.length).toBeGreaterThan(900);
    expect(outcomesOf(modest)).toEqual({ 200: modest.length });
    const { 200: found = 0, held = 0, ...rest } = outcomesOf(searches);
    expect(rest).toEqual({});
    // Four fifths of 65,000 points less those of the others, and then a twentieth of the last fifth.
    expect(found * 101).toBeGreaterThan(52_000 - 2 * modest.length);
    expect(found * 101).toBeLessThan(52_000 + 13_000 / 20 + 2 * 101);
    expect(held).toBeGreaterThan(300);
    expect(standin.limits.used(client.clientId)).toBeLessThan(65_000);
    expect(limitedUpstream()).toBe(0);
    await time.pass(5 * minute);
    expect((await time.until(rogue(search))).status).toBe(200);
  });
  test.each([
    ['app', 65_000, undefined],
    ['app at one site', 100_100, ACME_CLOUD_ID],
  ])(
    'has its part of what other people of the %s have left, and no more',
    async (_, points, site) => {
      if (site !== undefined) standin.limits.tenantPoints.set(client.clientId, points);
      standin.limits.spend(client.clientId, points - 6000, site);
      const modest = await visits(minute, minute / 2, issue);
      const searches: TimedReply[] = [];
      for (let at = 0; at < 20; at += 1) searches.push(await time.until(rogue(search)));
      // Of 6000 points a twentieth are three searches.
      const { 200: found = 0, held = 0 } = outcomesOf(searches);
      expect([found + held, found >= 2 && found <= 4]).toEqual([20, true]);
      modest.push(...(await visits(minute, minute / 10, issue)));
      expect(outcomesOf(modest)).toEqual({ 200: modest.length });
      const [elsewhere] = await connectedPages(harness, time, session, {
        count: 1,
        sites: sitesAt(session, 'globex'),
        name: 'elsewhere',
      });
      const many = { input: '/rest/api/3/search/jql?jql=project=DOM&maxResults=50' };
      const others = Array.from({ length: 8 }, () => (elsewhere as TimedPage)(many));
      const { 200: foundElsewhere = 0 } = outcomesOf(await time.until(Promise.all(others)));
      // The points of another site are not those of this one.
      if (site !== undefined) expect(foundElsewhere).toBe(8);
      expect(foundElsewhere).toBeGreaterThan(0);
    },
  );
});
