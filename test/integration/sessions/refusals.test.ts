/** How a provider refuses a refresh, in the envelopes that providers use, and how the person gets to know it. */
import { beforeEach, describe, expect, test } from 'vitest';
import { passUntil } from '../../support/days.ts';
import { aDraft, runFlow } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';

const refresh = { path: '/oauth/token', grantType: 'refresh_token' } as const;
const minute = 60_000;
const hour = 60 * minute;

useSession({ sites: (all) => sitesAt(all, 'acme').slice(0, 1) });
beforeEach(() => {
  harness.world.elapse(hour);
});

const call = (): Promise<number | string> => outcome(harness);
const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;
const refuse = (status: number, contentType: string, body: string, times = Infinity) =>
  standin.faults.add({ kind: 'status', status, contentType, body, match: refresh, times });
/** What popup and badge show of the session. */
const shown = async () => {
  await harness.background.consentAlerts.update();
  const sessions = await harness.ui('session.list', {});
  const { status, isClientRejected, refreshError } = sessions.find(({ id }) => id === session.id)!;
  return { status, isClientRejected, refreshError, badge: harness.world.seen.badge };
};
const json = 'application/json';
const form = 'application/x-www-form-urlencoded';

describe('a definitive rejection', () => {
  test.each([
    ['200', 200, json, '{"error":"invalid_grant","error_description":"…"}'],
    ['200 with a form', 200, form, 'error=unauthorized_client&error_description=Incorrect.'],
    ['400 as text', 400, 'text/plain', '{"error":"invalid_grant"}'],
    ['400 as a web page', 400, 'text/html', '{"error":"invalid_grant"}'],
    ['400 with a form', 400, form, 'error=invalid_grant&error_description=Unknown+token'],
    ['403 with prose', 403, json, '{"error":"invalid_grant: Unknown or invalid refresh token."}'],
    ['500', 500, json, '{"error":"invalid_grant"}'],
  ])('as %s is told on the call and on the badge, after one request', async (_, ...answer) => {
    refuse(...answer);
    expect(await call()).toBe('consent_required');
    expect(await shown()).toMatchObject({ status: 'recoverable', badge: 1 });
    expect(await call()).toBe('consent_required');
    expect(refreshes()).toBe(1);
  });
  test('that upkeep meets is on the badge at once', async () => {
    refuse(200, json, '{"error":"invalid_grant"}', 1);
    await passUntil(harness, harness.world.nowMs() + 31 * 24 * hour);
    expect(await shown()).toMatchObject({ badge: 1 });
    expect(refreshes()).toBe(1);
  });
});

test('a rejected client is told on the badge, keeps the session, and is tried again after a minute', async () => {
  const end = refuse(200, json, '{"error":"access_denied"}');
  expect(await call()).toBe('consent_required');
  await until(() => harness.world.seen.badge === 1);
  expect(await shown()).toMatchObject({ status: 'valid', isClientRejected: true, badge: 1 });
  end();
  harness.world.elapse(minute);
  expect(await call()).toBe(200);
  expect(await shown()).toMatchObject({ status: 'valid', isClientRejected: false, badge: 0 });
});

describe('an error that is not known', () => {
  test.each([
    ['400', 400, '{"error":"quota_used_up"}'],
    ['200', 200, '{"error":"quota_used_up: try again tomorrow"}'],
    ['500', 500, '{"error":"quota_used_up"}'],
  ])(
    'with status %s is retried, told after the third time, and forgotten after a success',
    async (_, status, body) => {
      const end = refuse(status, json, body);
      expect(await call()).toBe('offline');
      expect(refreshes()).toBe(3);
      const told = { status: 'valid', refreshError: 'quota_used_up', badge: 1 };
      expect(await shown()).toMatchObject(told);
      expect(harness.world.seen.notifications.size).toBe(0);
      end();
      expect(await call()).toBe(200);
      expect(await shown()).toMatchObject({ status: 'valid', refreshError: undefined, badge: 0 });
      expect(standin.auditor.replaysOutsideLeeway).toEqual([]);
    },
  );
  test('is not told when the third request succeeds', async () => {
    refuse(400, json, '{"error":"quota_used_up"}', 2);
    expect(await call()).toBe(200);
    expect(await shown()).toMatchObject({ refreshError: undefined, badge: 0 });
    harness.world.elapse(hour);
    refuse(400, json, '{"error":"quota_used_up"}', 2);
    expect(await call()).toBe(200);
    expect(await shown()).toMatchObject({ refreshError: undefined, badge: 0 });
  });
});

test('an error that is not known, beside a new refresh token each time, is told after the third time', async () => {
  const end = refuse(200, json, '{"error":"quota_used_up","refresh_token":"r1"}', 1);
  for (const at of [2, 3])
    refuse(200, json, `{"error":"quota_used_up","refresh_token":"r${String(at)}"}`, 1);
  expect(await call()).toBe('offline');
  expect(refreshes()).toBe(3);
  expect(await shown()).toMatchObject({ refreshError: 'quota_used_up', badge: 1 });
  end();
});

test('a refusal is not put down to another browser if this one signed in to the app twice', async () => {
  const { clients } = await harness.ui('overview.get', {});
  const second = await harness.ui('client.create', {
    client: aDraft({ name: 'Second', clientId: clients[0]!.clientId }),
  });
  await runFlow(harness, second);
  refuse(403, json, '{"error":"unauthorized_client"}', 1);
  expect(await call()).toBe('consent_required');
  const sessions = await harness.ui('session.list', {});
  const refused = sessions.find(({ id }) => id === session.id);
  expect(refused?.status).toBe('recoverable');
  expect(refused?.probableCause).toBeUndefined();
});

test('a refresh ahead that is refused is tried again an hour later, also without its access token', async () => {
  expect((await fetchAll(harness.page())).status).toBe(200);
  const end = refuse(404, 'text/html', '<html></html>');
  await passUntil(harness, harness.world.nowMs() + 50 * minute);
  expect(await shown()).toMatchObject({ status: 'valid', badge: 0 });
  await harness.world.session.remove([`access:${session.id}`]);
  await revive();
  end();
  const before = refreshes();
  await passUntil(harness, harness.world.nowMs() + 2 * hour);
  expect(refreshes()).toBe(before + 1);
});
