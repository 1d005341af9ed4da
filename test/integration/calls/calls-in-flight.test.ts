import { afterEach, describe, expect, test } from 'vitest';
import type { ApiChunk } from '../../../extension/wire/api-call.ts';
import { GLOBEX_CLOUD_ID } from '../../standin/facts/sites.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { aCall, apiCalls, bodyOf, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession({ standin: { transport: 'tls', extraHosts: ['evil.example'] } });
afterEach(() => {
  expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [] });
  expect(standin.refusedHosts).toEqual([]);
});
const writable = (): Promise<void> =>
  connect(harness, session, { sites: sitesAt(session, 'acme'), access: 'write' });

const huge = {
  kind: 'status',
  status: 200,
  body: 'x'.repeat(24 * 1_048_576),
  match: { path: /myself/ },
} as const;

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
/** Lets time pass until `work` has ended. */
async function inTime<T>(work: Promise<T>): Promise<T> {
  let isEnded = false;
  const ended = work.finally(() => (isEnded = true));
  await until(() => {
    harness.world.elapse(5);
    return isEnded;
  });
  return ended;
}

describe('a call in flight', () => {
  const hanging = () => standin.faults.add({ kind: 'hang', match: { path: /myself/ } });

  test('ends upstream when the page aborts it', async () => {
    const fault = hanging();
    const call = aCall();
    const work = rejection(harness.page()('api.request', call));
    await fault.arrived;
    await harness.page()('api.abort', { callId: call.callId });
    await work;
    await standin.log.waitFor((entry) => entry.aborted);
  });
  test('ends upstream when the page aborts it in the middle of its answer', async () => {
    standin.faults.add(huge);
    const call = aCall();
    expect(await harness.page()('api.request', call)).toMatchObject({ isComplete: false });
    await harness.page()('api.abort', { callId: call.callId });
    await standin.log.waitFor((entry) => entry.aborted);
    expect((await rejection(harness.page()('api.read', { callId: call.callId }))).code).toBe(
      'unavailable',
    );
  });
  test('cannot be read or aborted by another document', async () => {
    const call = aCall({ input: '/rest/api/3/bytes/3000000' });
    await harness.page()('api.request', call);
    const other = harness.page(dashboard, { documentId: 'document-2', tabId: 8 });
    expect((await rejection(other('api.read', { callId: call.callId }))).code).toBe('unavailable');
    await other('api.abort', { callId: call.callId });
    expect(
      (await harness.page()('api.read', { callId: call.callId })).chunk.byteLength,
    ).toBeGreaterThan(0);
  });
  test('ends with `not_connected` when the person disconnects the page', async () => {
    const fault = hanging();
    const work = rejection(fetchAll(harness.page()));
    await fault.arrived;
    await harness.ui('grant.remove', { origin: dashboard });
    expect((await work).code).toBe('not_connected');
    await standin.log.waitFor((entry) => entry.aborted);
    expect(harness.world.told).toContainEqual({ origin: dashboard, event: 'grant.ended' });
    expect(harness.world.injected).not.toContain(dashboard);
  });
  test('ends with `not_connected` in the middle of its answer as well', async () => {
    standin.faults.add(huge);
    const call = aCall();
    await harness.page()('api.request', call);
    await harness.ui('grant.remove', { origin: dashboard });
    await standin.log.waitFor((entry) => entry.aborted);
    expect((await rejection(harness.page()('api.read', { callId: call.callId }))).code).toMatch(
      /not_connected|unavailable/u,
    );
  });
  test('ends with `not_connected` when the page gives its grant back', async () => {
    const fault = hanging();
    const work = rejection(fetchAll(harness.page()));
    await fault.arrived;
    await harness.page()('page.disconnect', {});
    expect((await work).code).toBe('not_connected');
  });
  test('ends with `not_connected` when the browser withholds the host', async () => {
    const fault = hanging();
    const work = rejection(fetchAll(harness.page()));
    await fault.arrived;
    harness.world.hosts.delete(`${dashboard}/*`);
    await harness.background.grants.followPermissions();
    expect((await work).code).toBe('not_connected');
  });
  test('is not sent when the page is disconnected while its token is fetched', async () => {
    standin.clock.advance(3_600_000);
    const done = Promise.withResolvers<undefined>();
    const fault = standin.faults.add({
      kind: 'latency',
      until: done.promise,
      match: { grantType: 'refresh_token' },
    });
    const work = rejection(fetchAll(harness.page()));
    await fault.arrived;
    await harness.ui('grant.remove', { origin: dashboard });
    done.resolve(undefined);
    expect((await work).code).toBe('not_connected');
    expect(apiCalls(standin)).toEqual([]);
  });
  test('ends with the reason of its end when its session is signed out while its token is fetched', async () => {
    standin.clock.advance(3_600_000);
    const done = Promise.withResolvers<undefined>();
    const match = { grantType: 'refresh_token' } as const;
    const fault = standin.faults.add({ kind: 'latency', until: done.promise, match });
    const work = rejection(fetchAll(harness.page()));
    await fault.arrived;
    await harness.ui('session.sign-out', { id: session.id });
    done.resolve(undefined);
    expect((await work).code).toBe('not_connected');
    expect(apiCalls(standin)).toEqual([]);
  });
  test('is not sent as a write when the connection was narrowed while its token was fetched', async () => {
    await writable();
    standin.clock.advance(3_600_000);
    const done = Promise.withResolvers<undefined>();
    const fault = standin.faults.add({
      kind: 'latency',
      until: done.promise,
      match: { grantType: 'refresh_token' },
    });
    const page = harness.page();
    const work = rejection(
      fetchAll(page, { method: 'POST', input: '/rest/api/3/echo', body: bodyOf('x') }),
    );
    const reading = fetchAll(page);
    await fault.arrived;
    await connect(harness, session, { sites: sitesAt(session, 'acme'), access: 'read' });
    done.resolve(undefined);
    expect((await work).code).toBe('not_allowed');
    expect((await reading).status).toBe(200);
    expect(apiCalls(standin).map(({ method }) => method)).toEqual(['GET']);
  });
  describe.each([
    ['before its response', hanging],
    ['in the middle of its response', () => standin.faults.add(huge)],
  ])('with a write that is not permitted any more ends %s', (when, play) => {
    test.each<[string, () => Promise<unknown>, string]>([
      [
        'the connection is narrowed to reading',
        () => connect(harness, session, { sites: sitesAt(session, 'acme') }),
        'outcome_unknown',
      ],
      [
        'its path is removed from the connection',
        () =>
          connect(harness, session, {
            sites: sitesAt(session, 'acme'),
            access: 'write',
            paths: ['/rest/api/3/issue/'],
          }),
        'outcome_unknown',
      ],
      [
        'its site is removed from the connection',
        () => connect(harness, session, { sites: sitesAt(session, 'globex'), access: 'write' }),
        'outcome_unknown',
      ],
      [
        'its session lost the site',
        () => {
          standin.narrow({ sites: [GLOBEX_CLOUD_ID] });
          return harness.ui('session.refresh-sites', { id: session.id });
        },
        'outcome_unknown',
      ],
      [
        'its session is signed out',
        () => harness.ui('session.sign-out', { id: session.id }),
        'not_connected',
      ],
    ])('when %s', async (_, change, code) => {
      await writable();
      const fault = play();
      const call = aCall({ method: 'POST', input: '/rest/api/3/myself', body: bodyOf('x') });
      const work = harness.page()('api.request', call);
      const ended = when === 'before its response' ? rejection(work) : work;
      await fault.arrived;
      if (when !== 'before its response') await ended;
      await change();
      if (when === 'before its response') expect(await ended).toMatchObject({ code });
      await standin.log.waitFor((entry) => entry.aborted);
      expect((await rejection(harness.page()('api.read', { callId: call.callId }))).code).toBe(
        'unavailable',
      );
    });
  });
  test.each([
    ['GET', null, 'timeout'],
    ['POST', bodyOf('x'), 'outcome_unknown'],
  ])(
    'with %s that gets no response for 25 seconds ends, and is not repeated',
    async (method, body, code) => {
      await writable();
      const fault = hanging();
      let isEnded = false;
      const work = rejection(fetchAll(harness.page(), { method, body })).finally(
        () => (isEnded = true),
      );
      await fault.arrived;
      harness.world.elapse(20_000);
      await turn();
      expect(isEnded).toBe(false);
      harness.world.elapse(5000);
      expect((await work).code).toBe(code);
      await standin.log.waitFor((entry) => entry.aborted);
      expect(apiCalls(standin)).toHaveLength(1);
    },
  );
  test('whose response has begun may take longer', async () => {
    const rest = Promise.withResolvers<undefined>();
    async function* pieces() {
      yield Buffer.from('[1,');
      await rest.promise;
      yield Buffer.from('2]');
    }
    standin.faults.add({ kind: 'stream', pieces, match: { path: /myself/ } });
    const call = aCall();
    const page = harness.page();
    const head = await inTime(page('api.request', call));
    harness.world.elapse(60_000);
    rest.resolve(undefined);
    const received = [head.chunk];
    for (let { isComplete } = head as ApiChunk; !isComplete;) {
      const next = await inTime(page('api.read', { callId: call.callId }));
      received.push(next.chunk);
      ({ isComplete } = next);
    }
    expect(Buffer.concat(received.map((piece) => Buffer.from(piece))).toString()).toBe('[1,2]');
  });
  test('an id in use is refused', async () => {
    hanging();
    const call = aCall();
    const first = rejection(harness.page()('api.request', call));
    expect(await rejection(harness.page()('api.request', call))).toMatchObject({
      code: 'invalid_request',
      subject: 'callId',
    });
    await harness.page()('api.abort', { callId: call.callId });
    await first;
  });
});
