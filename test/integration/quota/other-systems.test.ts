import { beforeEach, expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { SessionView } from '../../../extension/wire/views.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { sitesAt } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { outcomesOf, timedPage, type TimedPage } from '../../support/time/timed-pages.ts';
import {
  addSystemClient,
  harness,
  session,
  standin,
  time,
  useTimedSession,
} from '../use-session.ts';

useTimedSession();

let origins = 0;
async function pageOf(view: SessionView, sites = view.sites): Promise<TimedPage> {
  origins += 1;
  const origin = `https://system-${String(origins)}.example` as Origin;
  await connect(harness, view, { origin, sites });
  return timedPage(harness, time, origin);
}
async function signedInAt(name: string): Promise<{ session: SessionView; input: string }> {
  const one = systemCase(name);
  const { sessionId } = await runFlow(harness, await addSystemClient(one));
  const sessions = await harness.ui('session.list', {});
  return { session: sessions.find(({ id }) => id === sessionId) as SessionView, input: one.path };
}
let cloud: TimedPage;
beforeEach(async () => {
  cloud = await pageOf(session, sitesAt(session, 'acme'));
});
const cloudPath = '/rest/api/3/myself';

test.each(['Data Center, jira', 'generic'])(
  '%s: a 429 closes all calls of the session there, and none elsewhere',
  async (name) => {
    const { session: other, input } = await signedInAt(name);
    const [first, second] = [await pageOf(other), await pageOf(other)];
    const match = { path: new RegExp(`${input}$`) };
    standin.faults.add({ kind: 'rate-limit', reason: '', retryAfterSeconds: 60, match });
    expect((await time.until(first({ input }))).headers.get('x-threelo-held')).toBeNull();
    const another = input.replace(/[^/]+$/, 'another');
    const replies = [first({ input }), second({ input }), second({ input: another })];
    expect(outcomesOf(await time.until(Promise.all(replies)))).toEqual({ held: 3 });
    expect((await time.until(cloud({ input: cloudPath }))).status).toBe(200);
    await time.pass(60_000);
    expect((await time.until(second({ input }))).status).toBe(200);
  },
);

test.each(['Data Center, jira', 'cloud, gov', 'cloud, isolated'])(
  '%s goes on when the points of Atlassian Cloud are used up, and has no points itself',
  async (name) => {
    const { session: other, input } = await signedInAt(name);
    const page = await pageOf(other, other.sites.slice(0, 1));
    standin.limits.spend('team-client', 65_000);
    expect((await time.until(cloud({ input: cloudPath }))).status).toBe(429);
    const { status, headers } = await time.until(page({ input }));
    expect([status, headers.get('beta-ratelimit-policy')]).toEqual([200, null]);
    expect(outcomesOf([await time.until(cloud({ input: cloudPath }))])).toEqual({ held: 1 });
  },
);
