import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { ConsoleCall, ConsoleResponse } from '../../../extension/wire/console.ts';
import { rejection } from '../../support/faults.ts';
import {
  apiCalls,
  holdResponses,
  settled,
  sitesAt,
  tokenRequests,
} from '../../support/page-calls.ts';
import { leaks, type Canary } from '../../support/samples/leak-search.ts';
import { until } from '../../support/until.ts';
import { harness, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession({ sites: () => [] });
beforeEach(() => {
  // A consent is new for a minute.
  standin.clock.advance(61_000);
});
afterEach(() => {
  expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [] });
});

const api = { path: /^\/ex\// };
const mebibyte = 1_048_576;
const siteOf = (product: string, name = 'acme') => {
  const { cloudId, product: same } = sitesAt(session, name).find((one) => one.product === product)!;
  return { cloudId, product: same, sessionId: session.id };
};
const aConsoleCall = (part: Partial<ConsoleCall> = {}): ConsoleCall => ({
  callId: crypto.randomUUID(),
  site: siteOf('jira'),
  method: 'GET',
  path: '/rest/api/3/myself',
  ...part,
});
const send = (part: Partial<ConsoleCall> = {}): Promise<ConsoleResponse> =>
  harness.ui('console.send', aConsoleCall(part));
const explain = (part: Partial<Pick<ConsoleCall, 'site' | 'method' | 'path'>> = {}) => {
  const { site, method, path } = aConsoleCall(part);
  return harness.ui('console.explain', { site, method, path });
};

describe('a call', () => {
  test('goes to exactly the chosen site, with JSON as its body', async () => {
    const { cloudId } = siteOf('confluence', 'globex');
    // The path alone would mean Jira.
    const path = '/rest/api/space?limit=1';
    expect(await send({ site: siteOf('confluence', 'globex'), path })).toMatchObject({
      url: `https://globex.atlassian.net${path}`,
    });
    const body = '{"a":"ä"}';
    const reply = await send({ method: 'POST', path: '/rest/api/3/echo', body });
    expect(reply).toMatchObject({ status: 200, text: body, bodyBytes: 10, isTruncated: false });
    const [first, second] = apiCalls(standin);
    expect(first?.path).toBe(`/ex/confluence/${cloudId}/rest/api/space`);
    expect(second?.headers).toMatchObject({ 'content-type': 'application/json' });
  });

  test.each([
    ['a path that makes a credential', 'POST', '/rest/api/3/webhook', 'not_allowed'],
    ['a path that leaves the site', 'GET', '/rest/../../x', 'invalid_request'],
    [
      'a site that was not chosen',
      'GET',
      'https://globex.atlassian.net/rest/api/3/myself',
      'not_allowed',
    ],
    ['another host', 'GET', 'https://evil.example/rest/api/3/myself', 'not_allowed'],
    ['another method', 'TRACE', '/rest/api/3/myself', 'invalid_request'],
  ])('is refused for %s', async (_, method, path, code) => {
    expect(await rejection(send({ method, path }))).toMatchObject({ code });
    const { permitted, url } = await explain({ method, path });
    expect([permitted.ok, url]).toEqual([false, undefined]);
    expect(apiCalls(standin)).toEqual([]);
  });

  test('shows no token, and only the headers that a page would see', async () => {
    standin.faults.add({ kind: 'echo-authorization', match: api });
    const reply = await send();
    const [token = 'none'] = apiCalls(standin).flatMap(
      ({ headers }) => headers['authorization']?.slice(7) ?? [],
    );
    expect(reply.status).toBe(200);
    expect(reply.text).toContain('*'.repeat(token.length));
    expect(JSON.stringify(reply)).not.toContain(token);
    expect(reply.headers.map(([name]) => name)).not.toContain('set-cookie');
  });

  test('is sent again with a new token, once', async () => {
    const unauthorized = { code: 401, message: 'Unauthorized' };
    const status = { kind: 'status', status: 401, contentType: 'application/json' } as const;
    standin.faults.add({ ...status, match: api, body: JSON.stringify(unauthorized) });
    expect(await send()).toMatchObject({ status: 200 });
    expect([apiCalls(standin).length, tokenRequests(standin, 'refresh_token').length]).toEqual([
      2, 1,
    ]);
  });

  test('leaves nothing behind: no entry, no count, no grant, nothing stored', async () => {
    const canary: Canary = { name: 'path', value: 'canary-0123456789' };
    await harness.ui('activity.clear', {});
    await send({ path: `/rest/api/3/issue/${canary.value}` });
    await rejection(send({ method: 'POST', path: `/rest/api/3/webhook?${canary.value}` }));
    harness.world.elapse(1000);
    await settled();
    expect(await harness.ui('activity.list', {})).toMatchObject({
      isOn: true,
      entries: [],
      days: [],
    });
    expect(await connections(harness.ui)).toEqual([]);
    const { local, session: ofSession } = harness.world;
    const stored = JSON.stringify([[...local.entries], [...ofSession.entries]]);
    expect(leaks(stored, [canary])).toEqual([]);
  });
});

describe('a body', () => {
  test('of more than 5 MiB is cut, and the rest is not read', async () => {
    const ended = Promise.withResolvers<undefined>();
    let sent = 0;
    async function* pieces(): AsyncGenerator<Uint8Array> {
      try {
        for (;;) {
          sent += 1;
          yield await Promise.resolve(new Uint8Array(mebibyte).fill(0x61));
        }
      } finally {
        ended.resolve(undefined);
      }
    }
    standin.faults.add({ kind: 'stream', pieces, match: api });
    const reply = await send();
    expect(reply).toMatchObject({ status: 200, bodyBytes: 5 * mebibyte, isTruncated: true });
    expect(reply.text).toBe('a'.repeat(5 * mebibyte));
    await ended.promise;
    expect(sent).toBeLessThan(12);
  });

  test('that is no text is not shown', async () => {
    const reply = await send({ path: '/rest/api/3/bytes/1000?seed=console' });
    expect(reply).toMatchObject({ status: 200, bodyBytes: 1000, isTruncated: false });
    expect(reply.text).toBeUndefined();
  });

  test('that breaks off is shown as far as it came, with the status', async () => {
    async function* pieces(): AsyncGenerator<Uint8Array> {
      for (let at = 0; at < 3; at += 1) yield new Uint8Array(mebibyte).fill(0x61);
      await settled();
      throw new Error('broken');
    }
    standin.faults.add({ kind: 'stream', pieces, match: api });
    const reply = await send({ method: 'POST', path: '/rest/api/3/echo', body: '{}' });
    expect(reply).toMatchObject({ status: 200, isTruncated: true, bodyFault: { code: 'offline' } });
    expect(reply.text).toBe('a'.repeat(reply.bodyBytes));
    expect(reply.bodyBytes).toBeGreaterThanOrEqual(mebibyte);
  });
});

describe('a call ends', () => {
  test('when it is cancelled, and so does its request', async () => {
    const release = holdResponses(standin);
    const call = aConsoleCall({ method: 'POST', path: '/rest/api/3/echo', body: '{}' });
    const ended = rejection(harness.ui('console.send', call));
    await until(() => apiCalls(standin).length > 0);
    await harness.ui('console.cancel', { callId: call.callId });
    expect(await ended).toMatchObject({ code: 'unavailable' });
    release();
    // The id is free again.
    expect(await harness.ui('console.send', call)).toMatchObject({ status: 200 });
  });

  test('when its session is signed out', async () => {
    const release = holdResponses(standin);
    const ended = rejection(send());
    await until(() => apiCalls(standin).length > 0);
    await harness.ui('session.sign-out', { id: session.id });
    expect((await ended).code).toBe('consent_required');
    release();
    expect(await rejection(send())).toMatchObject({ code: 'not_found', subject: 'session' });
  });

  test('before it is sent, without the permission for the hosts of its client', async () => {
    harness.world.hosts.delete('https://api.atlassian.com/*');
    expect(await rejection(send())).toMatchObject({ code: 'permission_missing' });
    expect(apiCalls(standin)).toEqual([]);
  });
});

describe('an explanation', () => {
  test('has the address and the scopes, and sends nothing', async () => {
    const { cloudId } = siteOf('jira');
    expect(await explain()).toMatchObject({
      permitted: { ok: true },
      url: `https://api.atlassian.com/ex/jira/${cloudId}/rest/api/3/myself`,
      isReading: true,
    });
    const lacking = await explain({ path: '/rest/api/3/priorityscheme' });
    const scopes = lacking.scopes?.[0];
    expect(lacking.permitted).toMatchObject({ rule: 'scopes', missingScopes: scopes });
    expect((await explain({ path: '/rest/api/3/unheard-of' })).scopes).toBeUndefined();
    expect(apiCalls(standin)).toEqual([]);
  });

  test('is not given for a site that the session does not have', async () => {
    const cloudId = 'cloud-unknown' as ConsoleCall['site']['cloudId'];
    const site = { ...siteOf('jira'), cloudId };
    expect(await rejection(explain({ site }))).toMatchObject({
      code: 'not_found',
      subject: 'site',
    });
  });
});
