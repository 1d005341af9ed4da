/** The faults of a token endpoint that a session has to survive. */
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { aDraft, dashboard, runFlow } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { tamperOnce } from '../../support/samples/token-tamper.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

const refresh = { path: '/oauth/token', grantType: 'refresh_token' } as const;
const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const invalidGrant = {
  kind: 'status',
  contentType: 'application/json',
  body: '{"error":"invalid_grant","error_description":"Unknown or invalid refresh token."}',
  match: refresh,
} as const;

useSession({ sites: (all) => sitesAt(all, 'acme').slice(0, 1) });
beforeEach(() => {
  harness.world.elapse(hour);
});
afterEach(() => {
  expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [] });
});

const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const replays = (): number => standin.auditor.replaysOutsideLeeway.length;
const call = (from = harness): Promise<number | string> => outcome(from);
const statusOf = async (from = harness): Promise<string | undefined> =>
  (await from.ui('session.list', {})).find(({ id }) => id === session.id)?.status;

/** One token response was changed; a minute and an hour later everything works, and nothing was replayed. */
async function expectSurvived(): Promise<void> {
  await call();
  harness.world.elapse(minute);
  expect(await call()).toBe(200);
  harness.world.elapse(hour);
  expect(await call()).toBe(200);
  expect([await statusOf(), replays()]).toEqual(['valid', 0]);
  expect(refreshes()).toBeLessThanOrEqual(4);
}

describe('a refresh response', () => {
  test('without a refresh token keeps the old one', async () => {
    standin.rotation = 'never';
    await expectSurvived();
    expect(refreshes()).toBe(2);
  });
  test('with the same refresh token keeps it', async () => {
    standin.rotation = 'never';
    const sent = standin.issued.findLast(({ kind }) => kind === 'refresh');
    tamperOnce(harness.world, { members: { refresh_token: sent?.value } });
    await expectSurvived();
    expect(refreshes()).toBe(2);
  });
  test.each([
    ['an empty one', ''],
    ['a number', 7],
    ['a list', ['a']],
    ['100 KiB', 'x'.repeat(102_400)],
  ])('with %s in its place counts as no response', async (_, token) => {
    tamperOnce(harness.world, { members: { refresh_token: token } });
    await expectSurvived();
  });
});

test.each([
  ['no token type', { members: { token_type: undefined } }],
  ['the token type mac', { members: { token_type: 'mac' } }],
  ['an expiry of -1', { members: { expires_in: -1 } }],
  ['an expiry of 0', { members: { expires_in: 0 } }],
  ['the expiry "3600abc"', { members: { expires_in: '3600abc' } }],
  ['an expiry of 1e308', { members: { expires_in: 1e308 } }],
  ['no expiry', { members: { expires_in: undefined } }],
  ['no access token', { members: { access_token: undefined } }],
  ['the content type of a page', { contentType: 'text/html' }],
])('the new refresh token is stored although the response has %s', async (_, tampering) => {
  tamperOnce(harness.world, tampering);
  await expectSurvived();
  expect(standin.auditor.replaysInsideLeeway).toEqual([]);
});

describe('two backgrounds over the same stores', () => {
  test('share one refresh', async () => {
    const other = await harness.beside();
    expect(await Promise.all([call(), call(other), call(), call(other)])).toEqual(
      Array(4).fill(200),
    );
    expect(refreshes()).toBe(1);
  });
  test('use the refresh token that the other one got', async () => {
    const other = await harness.beside();
    expect(await call()).toBe(200);
    harness.world.elapse(hour);
    expect(await call(other)).toBe(200);
    harness.world.elapse(hour);
    expect(await call()).toBe(200);
    expect([refreshes(), replays()]).toEqual([3, 0]);
  });
  test.each([400, 401, 403])(
    'ignore a rejection with status %i that arrives after the other one has refreshed',
    async (status) => {
      const waiting = Promise.withResolvers<undefined>();
      const late = standin.faults.add({ kind: 'latency', until: waiting.promise, match: refresh });
      standin.faults.add({ ...invalidGrant, status });
      const work = call();
      await late.arrived;
      // With locks of its own, as a browser that restarts beside a dying one.
      expect(await call(await harness.revive())).toBe(200);
      waiting.resolve(undefined);
      expect(await work).toBe(200);
      expect([await statusOf(), refreshes(), replays()]).toEqual(['valid', 2, 0]);
    },
  );
});

test.each([400, 401, 403])(
  'a rejection with status %i of the newest refresh token: consent is needed, and everything else is kept',
  async (status) => {
    standin.faults.add({ ...invalidGrant, status });
    expect(await call()).toBe('consent_required');
    expect(await call()).toBe('consent_required');
    expect(refreshes()).toBe(1);
    const sessions = await harness.ui('session.list', {});
    const grants = await connections(harness.ui);
    const { status: _before, statusSinceMs: _since, sites: _sites, ...kept } = session;
    expect(sessions).toMatchObject([{ ...kept, status: 'recoverable' }]);
    expect(sessions[0]?.sites).toHaveLength(session.sites.length);
    expect(grants).toMatchObject([{ origin: dashboard, sites: [{}] }]);
    await runFlow(harness, client);
    expect(await call()).toBe(200);
    expect([await statusOf(), replays()]).toEqual(['valid', 0]);
  },
);

test('a client secret that its owner replaced is reported as such, changes no status, and makes no loop', async () => {
  const app = standin.apps.get('team-client')!;
  app.clientSecret = 'another';
  const fault = await rejection(harness.ui('session.refresh-sites', { id: session.id }));
  expect(fault.code).toBe('client_rejected');
  for (let time = 0; time < 5; time += 1) expect(await call()).not.toBe(200);
  expect(refreshes()).toBeLessThanOrEqual(6);
  app.clientSecret = aDraft().clientSecret!;
  harness.world.elapse(10 * minute);
  expect(await call()).toBe(200);
  expect(await statusOf()).toBe('valid');
});

describe('a token endpoint that responds after', () => {
  let held = 0;
  beforeEach(() => {
    held = 0;
    const { withKeepAlive } = harness.world;
    Object.assign(harness.world, {
      withKeepAlive: async <T>(work: () => Promise<T>): Promise<T> => {
        held += 1;
        return withKeepAlive(work).finally(() => (held -= 1));
      },
    });
  });
  test('19 seconds is waited for, and the background kept alive', async () => {
    const waiting = Promise.withResolvers<undefined>();
    const slow = standin.faults.add({ kind: 'latency', until: waiting.promise, match: refresh });
    const work = call();
    await slow.arrived;
    harness.world.elapse(19 * second);
    expect(held).toBeGreaterThan(0);
    waiting.resolve(undefined);
    expect(await work).toBe(200);
    expect([held, refreshes()]).toEqual([0, 1]);
  });
  test('21 seconds is given up, and requested again with the same token', async () => {
    const never = new Promise(() => undefined);
    const slow = standin.faults.add({
      kind: 'latency',
      until: never,
      when: 'after',
      match: refresh,
    });
    const work = call();
    await slow.arrived;
    harness.world.elapse(21 * second);
    await slow.clientGone;
    await work;
    expect(await call()).toBe(200);
    expect([await statusOf(), refreshes(), replays()]).toEqual(['valid', 2, 0]);
  });
});

describe('a refresh that was told after 15 of 20 seconds to retry later', () => {
  const toldToRetryAfter = async (retryAfterSeconds: number, pause: (ms: number) => void) => {
    await harness.ui('settings.update', { changes: { serverDelaySeconds: 20 } });
    standin.faults.add({ kind: 'rate-limit', retryAfterSeconds, match: refresh });
    const { world } = harness;
    const { fetch } = world;
    Object.assign(world, {
      fetch: async (input: string, init: RequestInit) => {
        const response = await fetch(input, init);
        if (response.status === 429) world.elapse(15 * second);
        return response;
      },
      pause: async (ms: number) => {
        await Promise.resolve();
        pause(ms);
      },
    });
    return [await call(), refreshes()];
  };
  test('does not pause when the pause would take all that is left', async () => {
    const pauses: number[] = [];
    expect(await toldToRetryAfter(5, (ms) => pauses.push(ms))).toEqual(['rate_limited', 1]);
    expect(pauses).toEqual([]);
  });
  test('sends nothing more when the machine was suspended until its time was over', async () => {
    const suspend = (): void => {
      harness.world.sleep(5 * second);
    };
    expect(await toldToRetryAfter(4, suspend)).toEqual(['rate_limited', 1]);
  });
  test('is sent again within its time', async () => {
    const { elapse } = harness.world;
    expect(await toldToRetryAfter(4, elapse)).toEqual([200, 2]);
  });
});

describe('a lost refresh response', () => {
  const loseResponses = async (kind: 'drop-after' | 'drop-before'): Promise<void> => {
    const lost = standin.faults.add({ kind, match: refresh, times: Infinity });
    expect(await call()).toBe('offline');
    expect(await statusOf()).toBe('valid');
    lost();
    standin.log.clear();
  };
  test('is requested again with the same token nine minutes later', async () => {
    const lostAtMs = standin.clock.nowMs();
    await loseResponses('drop-after');
    harness.world.elapse(lostAtMs + 9 * minute - standin.clock.nowMs());
    expect(await call()).toBe(200);
    expect([await statusOf(), replays()]).toEqual(['valid', 0]);
  });
  test('is requested once more after eleven minutes; then consent is needed', async () => {
    await loseResponses('drop-after');
    harness.world.elapse(11 * minute);
    expect(await call()).toBe('consent_required');
    expect(await call()).toBe('consent_required');
    await revive();
    expect(await call()).toBe('consent_required');
    expect([await statusOf(), refreshes(), replays()]).toEqual(['recoverable', 1, 1]);
  });
  test('costs nothing after eleven minutes if the server never got the request', async () => {
    await loseResponses('drop-before');
    harness.world.elapse(11 * minute);
    expect(await call()).toBe(200);
    expect([await statusOf(), refreshes(), replays()]).toEqual(['valid', 1, 0]);
  });
  test('is not requested a second time after the leeway, if that response is lost too', async () => {
    await loseResponses('drop-after');
    // The probe before the late attempt is answered.
    const match = { ...refresh, field: 'refresh_token' };
    standin.faults.add({ kind: 'drop-after', match, times: Infinity });
    for (let time = 0; time < 5; time += 1) {
      harness.world.elapse(11 * minute);
      await call();
    }
    expect([await statusOf(), refreshes(), replays()]).toEqual(['recoverable', 1, 1]);
  });
});

test('a lost response of a server without a leeway needs consent after at most two requests', async () => {
  standin.leewayMs = 0;
  standin.faults.add({ kind: 'drop-after', match: refresh });
  for (let time = 0; time < 5; time += 1) {
    expect(await call()).not.toBe(200);
    harness.world.elapse(minute);
  }
  expect(await statusOf()).toBe('recoverable');
  expect(refreshes()).toBeLessThanOrEqual(2);
  await runFlow(harness, client);
  expect(await call()).toBe(200);
});
