/** How long tokens live, by what the provider says of them. */
import { describe, expect, test } from 'vitest';
import type { SessionView } from '../../../extension/wire/views.ts';
import { passUntil } from '../../support/days.ts';
import { connect, signedIn } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { tamperOnce } from '../../support/samples/token-tamper.ts';
import { harness, standin, useBackground } from '../use-session.ts';

const hour = 3_600_000;
const day = 24 * hour;

useBackground();

/** Signs in with a token response that is changed so. */
async function signInWith(members: Readonly<Record<string, unknown>>): Promise<SessionView> {
  tamperOnce(harness.world, { members });
  const { session } = await signedIn(harness, standin);
  await connect(harness, session, { sites: sitesAt(session, 'acme').slice(0, 1) });
  return session;
}
const statuses = async (): Promise<string[]> =>
  (await harness.ui('session.list', {})).map(({ status }) => status);
const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const pass = (ms: number) => passUntil(harness, harness.world.nowMs() + ms);

describe('a session without a refresh token', () => {
  test.each([
    ['60 days', 60 * 86_400, 60 * day],
    ['10 years', '315360000', 3_650 * day],
  ])('lives the %s that its provider says', async (_, expires_in, lifetimeMs) => {
    const signedInAtMs = harness.world.nowMs();
    const session = await signInWith({ refresh_token: undefined, expires_in });
    expect(session.endsAtMs).toBe(signedInAtMs + lifetimeMs);
    await pass(lifetimeMs - hour);
    expect(await statuses()).toEqual(['valid']);
    await pass(2 * hour);
    expect(await statuses()).toEqual(['unrecoverable']);
    expect(refreshes()).toBe(0);
  });
  test.each([undefined, null, '', 0, -1])(
    'whose lifetime is not known (%s) lives until a service rejects its token',
    async (expires_in) => {
      const session = await signInWith({ refresh_token: undefined, expires_in });
      expect([session.endsAtMs, session.isShortLived]).toEqual([undefined, false]);
      expect(await outcome(harness)).toBe(200);
      await pass(90 * day);
      expect(await statuses()).toEqual(['valid']);
      // The stand-in ends it after an hour.
      expect(await outcome(harness)).toBe('consent_required');
      expect(await statuses()).toEqual(['recoverable']);
      expect(refreshes()).toBe(0);
    },
  );
});

describe('a session with a refresh token', () => {
  test.each([0, -1, null, ''])(
    'takes the lifetime %j for unknown, not for over',
    async (expires_in) => {
      await signInWith({ expires_in });
      expect([await outcome(harness), await outcome(harness)]).toEqual([200, 200]);
      harness.world.elapse(hour / 2);
      expect(await outcome(harness)).toBe(200);
      expect(refreshes()).toBe(0);
    },
  );
  test.each(['refresh_token_expires_in', 'refresh_expires_in'])(
    'is refreshed within the lifetime that %s names, though it is not used',
    async (name) => {
      await signInWith({ [name]: 6 * 3600 });
      await pass(hour);
      expect(refreshes()).toBe(0);
      await pass(2 * hour);
      expect(refreshes()).toBe(1);
      // The new refresh token came without a lifetime.
      await pass(5 * day);
      expect(refreshes()).toBe(1);
      expect(await outcome(harness)).toBe(200);
    },
  );
  test('that was rejected after that lifetime is unrecoverable', async () => {
    await signInWith({ refresh_token_expires_in: 6 * 3600 });
    standin.revokeGrant('ada', 'team-client');
    harness.world.elapse(7 * hour);
    expect(await outcome(harness)).toBe('consent_required');
    expect(await statuses()).toEqual(['unrecoverable']);
  });
  test('keeps that lifetime in both copies and for the next worker', async () => {
    const signedInAtMs = harness.world.nowMs();
    const { id } = await signInWith({ refresh_token_expires_in: 6 * 3600 });
    const revived = await harness.revive();
    for (const area of [revived.world.local, revived.world.mirror]) {
      const stored = JSON.stringify(area.entries.get(`session:${id}`));
      expect(stored).toContain(`"refreshTokenExpiresAtMs":${signedInAtMs + 6 * hour}`);
    }
    expect(await revived.ui('session.list', {})).toHaveLength(1);
  });
});
