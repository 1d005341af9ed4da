import { beforeEach, describe, expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { harness, standin, useSession } from '../use-session.ts';

const refresh = { path: '/oauth/token', grantType: 'refresh_token' } as const;
const hour = 3_600_000;
useSession();
beforeEach(() => {
  standin.clock.advance(hour);
});

const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const myself = () => fetchAll(harness.page());
const stored = async () => (await harness.ui('session.list', {}))[0];

describe('a refresh token that is none, in every answer', () => {
  const damage = (): void => {
    const { fetch } = harness.world;
    Object.assign(harness.world, {
      fetch: async (input: string, init: RequestInit) => {
        const response = await fetch(input, init);
        if (!input.includes('/oauth/token') || init.method !== 'POST' || !response.ok)
          return response;
        return Response.json({ ...((await response.json()) as object), refresh_token: 7 });
      },
    });
  };
  test('is like a lost answer: the old one is sent once more after the leeway, and a refusal has a cause', async () => {
    damage();
    expect((await myself()).status).toBe(200);
    expect(refreshes()).toBe(2);
    standin.clock.advance(hour);
    const lost = standin.faults.add({
      kind: 'drop-before',
      match: { ...refresh, field: 'refresh_token' },
      times: Infinity,
    });
    expect((await rejection(myself())).code).toBe('consent_required');
    expect((await rejection(myself())).code).toBe('consent_required');
    lost();
    expect(refreshes()).toBe(3);
    expect(await stored()).toMatchObject({ status: 'recoverable' });
    expect((await stored())?.probableCause).toBeUndefined();
  });
  test('refused after the leeway, shows nothing of another browser', async () => {
    damage();
    expect((await myself()).status).toBe(200);
    standin.clock.advance(hour);
    const body = '{"error":"unauthorized_client"}';
    const match = { ...refresh, field: 'refresh_token' };
    standin.faults.add({ kind: 'status', status: 403, body, match });
    expect((await rejection(myself())).code).toBe('consent_required');
    expect((await stored())?.status).toBe('recoverable');
    expect((await stored())?.probableCause).toBeUndefined();
  });
  test('ends nothing while the provider accepts the old one', async () => {
    standin.faults.add({ kind: 'omit-refresh-token', match: refresh, times: Infinity });
    damage();
    for (let hours = 0; hours < 4; hours += 1) {
      expect((await myself()).status).toBe(200);
      standin.clock.advance(hour);
    }
    expect((await stored())?.status).toBe('valid');
  });
});
