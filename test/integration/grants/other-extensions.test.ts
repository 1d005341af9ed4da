import { beforeEach, describe, expect, test } from 'vitest';
import type { Access, GrantedSite } from '../../../extension/core/grant/page-grant.ts';
import { extensionGrantee } from '../../../extension/core/values/origin.ts';
import type { Send } from '../../../extension/wire/send.ts';
import type { AskView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard, extensionSender, helperKey } from '../../support/harness.ts';
import {
  aCall,
  apiCalls,
  bodyOf,
  fetchAll,
  holdResponses,
  settled,
  sitesAt,
} from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

const otherId = 'ponmlkjihgfedcbaponmlkjihgfedcba';
useSession({ sites: () => [] });

const serve = (otherExtensions: boolean): Promise<unknown> =>
  harness.ui('settings.update', { changes: { otherExtensions } });
const windows = (): string[] => [...harness.world.openWindows.values()];
async function question(): Promise<AskView> {
  await until(() => windows().length === 1);
  const asks = await harness.ui('ask.list', {});
  return asks.find(({ id }) => windows()[0] === `popup/ask.html?id=${id}`) as AskView;
}
const acme = (): GrantedSite[] =>
  sitesAt(session, 'acme').map(({ cloudId, product }) => ({
    cloudId,
    product,
    sessionId: session.id,
  }));
async function answer(allow: boolean, access: Access = 'read'): Promise<AskView> {
  const asked = await question();
  const decision = allow
    ? ({ allow, sites: acme(), access } as const)
    : ({ allow: false } as const);
  await harness.ui('ask.decide', { id: asked.id, decision });
  return asked;
}
async function granted(send: Send = harness.extension(), access: Access = 'read'): Promise<void> {
  const work = send('page.request-access', { access });
  await answer(true, access);
  await work;
}
const codeOf = async (work: Promise<unknown>): Promise<string> => (await rejection(work)).code;
const abortedCalls = () => apiCalls(standin).filter(({ aborted }) => aborted);
const calling = (): Promise<void> => until(() => apiCalls(standin).length > 0);

describe('the first request for access of another extension', () => {
  beforeEach(() => serve(true));

  test('asks the person, and their answer makes the grant, listed under its key', async () => {
    const work = harness.extension()('page.request-access', {});
    const asked = await answer(true);
    expect(asked).toMatchObject({ kind: 'access', origin: helperKey, access: 'read' });
    expect(asked.granted).toEqual([]);
    const sites = await work;
    expect(new Set(sites.map(({ url }) => url))).toEqual(new Set(['https://acme.atlassian.net']));
    expect(await harness.extension()('page.sites', {})).toEqual(sites);
    expect(await harness.extension()('page.hello', {})).toEqual({ isConnected: true });
    expect((await fetchAll(harness.extension())).status).toBe(200);
    const grants = await connections(harness.ui);
    expect(grants).toMatchObject([{ origin: helperKey, access: 'read', isServed: true }]);
    const { origins } = await harness.ui('client.impact', { id: session.clientId });
    expect(origins).toEqual([helperKey]);
  });
  test('makes a grant of the paths and for the time that the person chose', async () => {
    const work = harness.extension()('page.request-access', { paths: ['/rest/'] });
    const { id, paths, duration } = await question();
    expect({ paths, duration }).toEqual({ paths: ['/rest/'], duration: 'always' });
    const chosen = { paths: ['/rest/api/3/myself'], duration: 'session' as const };
    const decision = { allow: true as const, sites: acme(), access: 'read' as const, ...chosen };
    await harness.ui('ask.decide', { id, decision });
    await work;
    expect((await fetchAll(harness.extension())).status).toBe(200);
    const outside = fetchAll(harness.extension(), { input: '/rest/api/3/serverInfo' });
    expect(await codeOf(outside)).toBe('not_allowed');
    harness.world.session.entries.clear();
    await revive();
    expect(await codeOf(fetchAll(harness.extension()))).toBe('not_connected');
    expect(await connections(harness.ui)).toEqual([]);
  });
  test('that is denied makes none, and is not shown again', async () => {
    const work = codeOf(harness.extension()('page.request-access', {}));
    await answer(false);
    expect(await work).toBe('not_allowed');
    expect(await codeOf(fetchAll(harness.extension()))).toBe('not_connected');
    expect(await codeOf(harness.extension()('page.request-access', {}))).toBe('not_allowed');
    expect(windows()).toEqual([]);
    const { denials } = await harness.ui('overview.get', {});
    const grants = await connections(harness.ui);
    expect([grants, denials.map(({ origin }) => origin)]).toEqual([[], [helperKey]]);
  });
  test('opens no window after three that closed without an answer', async () => {
    for (let time = 0; time < 3; time += 1) {
      const work = codeOf(harness.extension()('page.request-access', {}));
      await question();
      const [windowId = 0] = harness.world.openWindows.keys();
      await harness.world.windows.close(windowId);
      harness.background.questions.windowClosed(windowId);
      expect(await work).toBe('not_allowed');
    }
    expect(await codeOf(harness.extension()('page.request-access', {}))).toBe('not_allowed');
    expect(windows()).toEqual([]);
  });
  test('ends with its port, and over single messages after five minutes', async () => {
    const port = harness.extensionPort();
    void port.send('page.request-access', {});
    await question();
    port.end();
    await until(() => windows().length === 0);
    const single = codeOf(harness.extension()('page.request-access', {}));
    await question();
    harness.world.elapse(5 * 60_000);
    expect(await single).toBe('timeout');
  });
  test('waits while another is shown, of a page or of an extension', async () => {
    await connect(harness, session, { sites: sitesAt(session, 'acme') });
    const works = [
      harness.page()('page.request-access', {}),
      harness.extension()('page.request-access', {}),
      harness.extension(otherId)('page.request-access', {}),
    ];
    const asked: AskView[] = [];
    for (const work of works) {
      asked.push(await answer(true));
      await work;
    }
    expect(asked.map(({ origin }) => origin)).toEqual([
      dashboard,
      helperKey,
      extensionGrantee(otherId),
    ]);
  });
  test('of two ports of one extension is one question, and neither port takes it from the other', async () => {
    const ports = [harness.extensionPort(), harness.extensionPort()];
    const works = ports.map((port) => port.send('page.request-access', {}));
    await answer(true);
    expect((await Promise.all(works)).every((sites) => sites.length > 0)).toBe(true);
  });
});

describe('the grant of another extension', () => {
  beforeEach(async () => {
    await serve(true);
    await granted();
  });

  test('limits it to its sites and its access, and more is asked for', async () => {
    const send = harness.extension();
    const write = { method: 'PUT', input: '/rest/api/3/issue/ROC-1', body: bodyOf('{}') };
    const headers: [string, string][] = [['content-type', 'application/json']];
    expect(await codeOf(fetchAll(send, { ...write, headers }))).toBe('not_allowed');
    const elsewhere = 'https://globex.atlassian.net/rest/api/3/myself';
    expect(await codeOf(fetchAll(send, { input: elsewhere }))).toBe('not_allowed');
    await granted(send, 'write');
    await fetchAll(send, { ...write, headers });
    expect(apiCalls(standin).map(({ method }) => method)).toEqual(['PUT']);
  });
  test('is no other extension’s, and no page’s', async () => {
    expect(await codeOf(fetchAll(harness.extension(otherId)))).toBe('not_connected');
    expect(await codeOf(fetchAll(harness.page()))).toBe('not_connected');
  });
  test('outlives the worker, and the setting that is turned off and on', async () => {
    await revive();
    expect((await fetchAll(harness.extension())).status).toBe(200);
    await serve(false);
    const message = { v: 1, name: 'page.sites', body: {} };
    expect(await harness.rawExternal(message, extensionSender())).toBeUndefined();
    const grants = await connections(harness.ui);
    expect(grants).toMatchObject([{ origin: helperKey, isServed: false }]);
    // The browser reports that the permission of some page was removed.
    await harness.background.grants.followPermissions();
    await revive();
    expect(await harness.rawExternal(message, extensionSender())).toBeUndefined();
    await serve(true);
    expect((await fetchAll(harness.extension())).status).toBe(200);
  });
  test.each([
    ['the person withdraws it', () => harness.ui('grant.remove', { origin: helperKey })],
    ['the extension gives it back', () => harness.extension()('page.disconnect', {})],
  ])('ends when %s, with its calls', async (_, end) => {
    holdResponses(standin);
    const work = codeOf(fetchAll(harness.extension()));
    await calling();
    await end();
    expect(await work).toBe('not_connected');
    expect(await connections(harness.ui)).toEqual([]);
    expect(await codeOf(harness.extension()('page.sites', {}))).toBe('not_connected');
    expect(harness.world.told).toEqual([]);
    expect(harness.world.injected.size).toBe(0);
  });
  test('ends with its last session, as that of a page', async () => {
    await harness.ui('session.sign-out', { id: session.id });
    expect(await codeOf(fetchAll(harness.extension()))).toBe('not_connected');
    expect(await connections(harness.ui)).toEqual([]);
  });
  test('is changed by the extension’s own pages without a host permission', async () => {
    const sites = acme().slice(0, 1);
    await harness.ui('grant.prepare', { origin: helperKey, sites, access: 'write' });
    const grants = await connections(harness.ui);
    expect(grants).toMatchObject([{ origin: helperKey, access: 'write' }]);
    expect(grants[0]?.sites).toHaveLength(1);
    expect(harness.world.injected.size).toBe(0);
  });
});

describe('a port of another extension', () => {
  beforeEach(async () => {
    await serve(true);
    await granted();
  });
  const event = (name: string) => ({ v: 1, event: name });

  test('carries calls by their numbers, and is told of changes of its own grant only', async () => {
    const port = harness.extensionPort();
    const other = harness.extensionPort(extensionSender(otherId));
    expect((await fetchAll(port.send)).status).toBe(200);
    await granted(harness.extension(), 'write');
    await harness.ui('grant.remove', { origin: helperKey });
    const events = port.received.filter((message) => !('id' in (message as object)));
    expect(events).toEqual([event('grant.changed'), event('grant.ended')]);
    expect(other.received).toEqual([]);
    expect(await codeOf(port.send('page.sites', {}))).toBe('not_connected');
    expect(port.isClosed()).toBe(false);
    expect(harness.world.told).toEqual([]);
  });
  test('that ends ends its own calls, and no other ones', async () => {
    holdResponses(standin);
    const ports = [harness.extensionPort(), harness.extensionPort()];
    for (const { send } of ports) send('api.request', aCall()).catch(() => undefined);
    const single = harness.extension()('api.request', aCall());
    single.catch(() => undefined);
    await until(() => apiCalls(standin).length === 3);
    ports[0]?.end();
    await standin.log.waitFor((entry) => entry.aborted);
    await settled();
    expect(abortedCalls()).toHaveLength(1);
  });
  test('shares no calls with another extension, also under the same number and call id', async () => {
    await granted(harness.extension(otherId));
    holdResponses(standin);
    const callId = 'the-same';
    const work = harness.extension()('api.request', aCall({ callId }));
    work.catch(() => undefined);
    await calling();
    const other = harness.extension(otherId);
    expect(await codeOf(other('api.read', { callId }))).toBe('unavailable');
    await other('api.abort', { callId });
    await settled();
    expect(abortedCalls()).toEqual([]);
    await harness.extension()('api.abort', { callId });
    await standin.log.waitFor((entry) => entry.aborted);
  });
});

describe('the setting that is turned off', () => {
  beforeEach(async () => {
    await serve(true);
    await granted();
  });

  test('ends calls and questions with not_connected, then closes the ports', async () => {
    holdResponses(standin);
    const port = harness.extensionPort();
    const idle = harness.extensionPort();
    const works = [
      codeOf(fetchAll(port.send)),
      codeOf(fetchAll(harness.extension())),
      codeOf(port.send('page.request-access', { access: 'write' })),
      codeOf(harness.extension(otherId)('page.request-access', {})),
    ];
    await question();
    await until(() => apiCalls(standin).length === 2);
    await serve(false);
    expect(await Promise.all(works)).toEqual(works.map(() => 'not_connected'));
    await until(() => port.isClosed() && idle.isClosed() && windows().length === 0);
    const later = harness.extensionPort();
    later.post({ v: 1, id: 1, name: 'page.hello', body: {} });
    await until(() => later.isClosed());
    expect(later.received).toEqual([]);
  });
  test('leaves pages alone', async () => {
    await connect(harness, session, { sites: sitesAt(session, 'acme') });
    await serve(false);
    expect((await fetchAll(harness.page())).status).toBe(200);
    const grants = await connections(harness.ui);
    expect(new Map(grants.map(({ origin, isServed }) => [origin, isServed]))).toEqual(
      new Map([
        [helperKey, false],
        [dashboard, true],
      ]),
    );
  });
  test('lets an extension do nothing, not even give its grant back', async () => {
    await serve(false);
    const message = { v: 1, name: 'page.disconnect', body: {} };
    expect(await harness.rawExternal(message, extensionSender())).toBeUndefined();
    expect(await connections(harness.ui)).toHaveLength(1);
  });
});
