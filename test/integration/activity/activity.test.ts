import { beforeEach, describe, expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { ActivityEntryView } from '../../../extension/wire/views.ts';
import { connect, dashboard } from '../../support/harness.ts';
import {
  aCall,
  bodyOf,
  codeOf,
  fetchAll,
  hasRefreshToken,
  sitesAt,
  whileTimePasses,
} from '../../support/page-calls.ts';
import { leaks, type Canary } from '../../support/samples/leak-search.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';
import { call, days, listed, written } from '../recorded-activity.ts';

useSession({ access: 'write' });

const issue = '/rest/api/3/issue/ROC-1';
const api = { path: /^\/ex\// };
const gateway = (status: number, message: string) => ({
  kind: 'status' as const,
  status,
  contentType: 'application/json',
  match: api,
  body: JSON.stringify({ code: status, message }),
});
const storedKeys = (area: 'session' | 'local'): string[] =>
  [...harness.world[area].entries.keys()].filter((key) => key.startsWith('activity'));

beforeEach(async () => {
  // The connection itself is recorded; and a new consent is over for a minute.
  await harness.ui('activity.clear', {});
  standin.clock.advance(61_000);
});

describe('an entry tells how it ended', () => {
  /** The only entry, without what all of them have. */
  const only = async (): Promise<Record<string, unknown>> => {
    const [entry, ...others] = await listed();
    expect(others).toEqual([]);
    const { id: _id, atMs: _atMs, origin, kind, ...rest } = entry as ActivityEntryView;
    expect([origin, kind]).toEqual([dashboard, 'call']);
    return rest;
  };
  const site = () => {
    const [{ cloudId, product, url } = { cloudId: '', product: '', url: '' }] = sitesAt(
      session,
      'acme',
    ).filter((one) => one.product === 'jira');
    return { cloudId, product, sessionId: session.id, url };
  };
  const tookMs = expect.any(Number) as number;

  test('a call with a response', async () => {
    expect(await call({ input: `${issue}?fields=summary` })).toBe(200);
    expect(await only()).toEqual({
      method: 'GET',
      path: issue,
      site: site(),
      tookMs,
      result: 'ok',
      status: 200,
    });
    const { accountId, name, email } = session.account;
    const account = { accountId, name, email };
    const { sessions, isOn } = await harness.ui('activity.list', {});
    expect(sessions).toEqual([{ id: session.id, clientId: session.clientId, account }]);
    expect(isOn).toBe(true);
  });
  test('a call with an error response', async () => {
    expect(await call({ input: '/rest/api/3/issue/NONE-1' })).toBe(404);
    expect(await only()).toMatchObject({ result: 'failed', status: 404, site: site() });
  });
  test('a call that no rule allows', async () => {
    const input = 'https://me:secret@other.atlassian.net/rest/api/3/myself?a=b';
    expect(await call({ method: 'DELETE', input: '/rest/api/3/../../x?a=b' })).toBe(
      'invalid_request',
    );
    expect(await only()).toEqual({
      method: 'DELETE',
      path: '/rest/api/3/../../x',
      tookMs,
      result: 'refused',
      code: 'invalid_request',
      subject: 'path',
      rule: 'path',
    });
    await harness.ui('activity.clear', {});
    expect(await call({ input: input.replace('me:secret@', '') })).toBe('not_allowed');
    expect(await only()).toEqual({
      method: 'GET',
      path: '/rest/api/3/myself',
      otherHost: 'https://other.atlassian.net',
      tookMs,
      result: 'refused',
      code: 'not_allowed',
      subject: 'site',
      rule: 'site',
    });
    await harness.ui('activity.clear', {});
    // Not by a rule of `can`, which knows no body.
    expect(await call({ input: issue, body: bodyOf('{}') })).toBe('invalid_request');
    expect(await only()).toMatchObject({ result: 'refused', subject: 'body' });
    expect((await listed())[0]).not.toHaveProperty('rule');
  });
  test('a call that the provider limits, and one that is held', async () => {
    standin.faults.add({ kind: 'rate-limit', retryAfterSeconds: 60, match: api });
    expect(await call({ input: issue })).toBe(429);
    expect(await only()).toMatchObject({ result: 'failed', status: 429 });
    await harness.ui('activity.clear', {});
    expect(await call({ input: issue })).toBe(429);
    expect(await only()).toMatchObject({ result: 'refused', status: 429, isHeld: true });
  });
  test('a call that the page aborts', async () => {
    standin.faults.add({ kind: 'hang', match: api });
    const wanted = aCall({ input: issue });
    const work = codeOf(harness.page()('api.request', wanted));
    await until(() => standin.log.requests({ path: api.path }).length > 0);
    await harness.page()('api.abort', { callId: wanted.callId });
    await work;
    expect(await only()).toMatchObject({ result: 'aborted', path: issue, site: site() });
  });
  test('a write of which nobody knows whether it took effect', async () => {
    standin.faults.add({ kind: 'drop-after', match: api });
    expect(await call({ method: 'PUT', input: issue, body: bodyOf('{}') })).toBe('outcome_unknown');
    expect(await only()).toMatchObject({ result: 'failed', code: 'outcome_unknown' });
  });
  test('a call that was sent again', async () => {
    standin.faults.add({ kind: 'status', status: 503, match: api });
    expect(await call({ input: issue })).toBe(200);
    expect(await only()).toMatchObject({ result: 'ok', attempts: 2 });
    await harness.ui('activity.clear', {});
    standin.faults.add(gateway(401, 'Unauthorized'));
    expect(await call({ input: issue })).toBe(200);
    expect(await only()).toMatchObject({ result: 'ok', attempts: 2, isRefreshed: true });
  });
  test('a call for which the session lacks a scope', async () => {
    standin.faults.add(gateway(401, 'Unauthorized; scope does not match'));
    expect(await call({ input: issue })).toBe(401);
    expect(await only()).toMatchObject({ result: 'failed', status: 401, lacksScope: true });
  });
  test('a call without a session', async () => {
    standin.faults.add({
      kind: 'status',
      status: 403,
      contentType: 'application/json',
      body: '{"error":"invalid_grant"}',
      match: { path: '/oauth/token' },
    });
    standin.clock.advance(7_200_000);
    expect(await call({ input: issue })).toBe('consent_required');
    expect(await only()).toMatchObject({ result: 'refused', site: site() });
  });
});

test('a page that is not connected leaves no entry, and causes no write', async () => {
  // The copy of what the popup shows, after the connection.
  await written();
  const dump = () => harness.world.local.dump() + harness.world.session.dump();
  const before = dump();
  const stranger = harness.page('https://stranger.example');
  expect(await codeOf(stranger('api.request', aCall()))).toBe('not_connected');
  await stranger('page.disconnect', {});
  await written();
  expect(await listed()).toEqual([]);
  expect(dump() === before).toBe(true);
});

const canaries: readonly Canary[] = ['query', 'body', 'field', 'user'].map((name) => ({
  name,
  value: `canary-of-the-${name}-4711`,
}));
const [query, body, field, user] = canaries.map(({ value }) => value);

test('of hundreds of calls nothing but their paths is kept: no query, body, header or token', async () => {
  const inputs = [
    `${issue}?jql=${query ?? ''}`,
    `https://acme.atlassian.net${issue}?x=${query ?? ''}`,
    `https://${user ?? ''}:${user ?? ''}@acme.atlassian.net${issue}`,
    `/rest/api/3/no\\way?x=${query ?? ''}#${query ?? ''}`,
    `//${user ?? ''}/x?${query ?? ''}`,
  ];
  const calls = Array.from({ length: 300 }, (_, at) =>
    codeOf(
      fetchAll(harness.page(), {
        input: inputs[at % inputs.length] ?? '',
        headers: [[at % 2 === 0 ? 'x-trace' : 'authorization', field ?? '']],
        ...(at % 3 === 0 ? { method: 'PUT', body: bodyOf(`{"summary":"${body ?? ''}"}`) } : {}),
      }),
    ),
  );
  await whileTimePasses(harness.world, Promise.all(calls));
  await written();
  const entries = await listed();
  expect(entries).toHaveLength(300);
  const counts = (await days())[0];
  const sum = (counts?.ok ?? 0) + (counts?.failed ?? 0) + (counts?.refused ?? 0);
  expect([counts?.origin, sum]).toEqual([dashboard, 300]);
  const tokens = standin.log
    .requests({ path: '/oauth/token' })
    .filter(hasRefreshToken)
    .map(({ bodyText }) => ({ name: 'refresh token', value: bodyText.slice(0, 2000) }));
  const stored = ['session', 'local'].flatMap((name) =>
    storedKeys(name as 'session' | 'local').map((key) =>
      harness.world[name as 'session' | 'local'].entries.get(key),
    ),
  );
  const access = harness.world.session.entries.get(`access:${session.id}`) as { token: string };
  const secret = { name: 'access token', value: access.token };
  expect(leaks([stored, entries], [...canaries, ...tokens, secret])).toEqual([]);
  expect(stored.length).toBeGreaterThanOrEqual(4);
});

test('is listed by origin, site and result, page by page', async () => {
  const other = 'https://other.example' as Origin;
  await connect(harness, session, { origin: other, sites: sitesAt(session, 'acme') });
  await harness.ui('activity.clear', {});
  for (let at = 0; at < 3; at += 1) await call({ input: `${issue}?${String(at)}` });
  await call({ input: '/rest/api/3/issue/NONE-1' });
  await whileTimePasses(
    harness.world,
    fetchAll(harness.page(other), { input: '/wiki/api/v2/pages' }),
  );
  const first = await listed({ limit: 2 });
  const second = await listed({ limit: 10, before: first[1]?.id ?? 0 });
  expect([first.length, second.length]).toEqual([2, 3]);
  expect([...first, ...second]).toEqual(await listed());
  expect(await listed({ origin: other })).toHaveLength(1);
  expect(await listed({ result: 'failed' })).toHaveLength(1);
  const [entry] = await listed({ origin: dashboard });
  const of = entry?.kind === 'call' ? entry.site : undefined;
  const siteId = `${of?.product ?? ''}:${of?.cloudId ?? ''}`;
  expect(await listed({ siteId })).toHaveLength(4);
  expect(await listed({ siteId: `${siteId}:${session.id}` })).toHaveLength(4);
  expect(await listed({ siteId: siteId.slice(0, -1) })).toHaveLength(0);
  expect((await harness.ui('activity.list', { origin: other })).days).toHaveLength(1);
});

test('a worker that is killed loses the last second, and nothing before it', async () => {
  for (let at = 0; at < 5; at += 1) await call({ input: `/rest/api/3/issue/ROC-${String(at)}` });
  await written();
  await call({ input: '/rest/api/3/myself' });
  await revive();
  expect(await listed()).toHaveLength(5);
  await call({ input: '/rest/api/3/myself' });
  await written();
  await revive();
  const paths = (await listed()).map((one) => (one.kind === 'call' ? one.path : ''));
  expect([paths.length, paths[0], paths.at(-1)]).toEqual([
    6,
    '/rest/api/3/myself',
    '/rest/api/3/issue/ROC-0',
  ]);
  const { ok = 0, failed = 0 } = (await days())[0] ?? {};
  expect(ok + failed).toBe(6);
});

test('switched off, nothing is recorded, and what was there is gone', async () => {
  await call({ input: issue });
  await written();
  expect([storedKeys('session').length, storedKeys('local').length]).toEqual([2, 2]);
  const kept = [...harness.world.session.entries].filter(([key]) => key.startsWith('activity'));
  await harness.ui('settings.update', { changes: { activityLog: false } });
  expect((await harness.ui('activity.list', {})).isOn).toBe(false);
  await call({ input: issue });
  await written();
  expect([storedKeys('session'), storedKeys('local'), await listed()]).toEqual([[], [], []]);
  // What could not be erased is erased by the next upkeep, and not listed before.
  for (const [key, value] of kept) harness.world.session.entries.set(key, value);
  await revive();
  expect(await listed()).toEqual([]);
  await harness.background.upkeep.run();
  expect(storedKeys('session')).toEqual([]);
  await harness.ui('settings.update', { changes: { activityLog: true } });
  await call({ input: issue });
  expect(await listed()).toHaveLength(1);
});

test('what somebody else wrote prevents no start and no call, and is not listed', async () => {
  await call({ input: issue });
  await written();
  const [entry] = await listed();
  harness.world.session.entries.set('activity:0', [entry, { ...entry, path: 7 }, 'x']);
  harness.world.session.entries.set('activity:3', { length: 100 });
  harness.world.session.entries.set('activity-counts', [1]);
  harness.world.local.entries.set('activity-days', [[dashboard, [[1, 2]]], 'x']);
  await revive();
  expect(await listed()).toEqual([entry]);
  expect(await days()).toEqual([]);
  expect((await harness.ui('overview.get', {})).storageFaults).toEqual([]);
  expect(await call({ input: issue })).toBe(200);
  await written();
  expect(await listed()).toHaveLength(2);
});

test('a storage that takes no writes fails no call, and gets what it missed later', async () => {
  harness.world.session.failWrites(1);
  expect(await call({ input: issue })).toBe(200);
  await written();
  await call({ input: '/rest/api/3/myself' });
  await written();
  await revive();
  expect(await listed()).toHaveLength(2);
});
