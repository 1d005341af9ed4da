import { describe, expect, test } from 'vitest';
import { createPageFetch } from '../../../extension/content/page-fetch.ts';
import type { Sender } from '../../../extension/browser/messages/background-messages.ts';
import { commands, type CommandName } from '../../../extension/wire/commands.ts';
import { connect, dashboard, pageSender, self, uiSender } from '../../support/harness.ts';
import { aCall, sitesAt } from '../../support/page-calls.ts';
import { sampleBodies } from '../../support/samples/command-samples.ts';
import { until } from '../../support/until.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

useSession();

const page = pageSender(dashboard);
const names = Object.keys(commands) as CommandName[];
const notPages: readonly (readonly [string, Sender])[] = [
  ['the popup', uiSender],
  ['a sandboxed frame of a connected page', { ...page, origin: 'null' }],
  ['a frame in a connected page', { ...page, frameId: 5 }],
  ['a prerendered connected page', { ...page, documentLifecycle: 'prerender' }],
  ['a connected page in the back-forward cache', { ...page, documentLifecycle: 'cached' }],
  ['another extension', { ...uiSender, id: 'another', origin: 'chrome-extension://another' }],
  ['another extension from a connected page', { ...page, id: 'another' }],
  ['a sender without an id', { ...page, id: undefined }],
  ['a page without TLS', pageSender('http://dashboard.example')],
];

const hanging = () => standin.faults.add({ kind: 'hang', match: { path: /myself/ } });

test.each(notPages)('the port of %s is closed at once, and does nothing', (_, sender) => {
  const port = harness.port(sender);
  expect(port.isClosed()).toBe(true);
  for (const name of names) port.post({ v: 1, id: 1, name, body: sampleBodies[name] });
  expect(port.received).toEqual([]);
});

describe('a port of a page', () => {
  test.each(
    names.filter((name) => !(commands[name].callers as readonly string[]).includes('page')),
  )('may not send %s', async (name) => {
    const port = harness.port(page);
    await expect(port.send(name, sampleBodies[name] as never)).rejects.toMatchObject({
      fault: { code: 'not_allowed' },
    });
  });

  test('that is not connected stays open, and its commands are not_connected', async () => {
    const port = harness.port(pageSender('https://other.example'));
    await expect(port.send('page.sites', {})).rejects.toMatchObject({
      fault: { code: 'not_connected' },
    });
    expect(port.isClosed()).toBe(false);
  });

  test('answers each message by its number, whatever the order, and ignores what is none', async () => {
    const port = harness.port(page);
    for (const message of [
      null,
      7,
      {},
      { v: 1, name: 'page.sites', body: {} },
      { v: 1, id: -1, name: 'page.sites', body: {} },
      { v: 1, id: 0.5, name: 'page.sites', body: {} },
      { v: 2, id: 1, name: 'page.sites', body: {} },
    ])
      port.post(message);
    port.post({ v: 1, id: 11, name: 'api.request', body: aCall() });
    port.post({ v: 1, id: 12, name: 'page.sites', body: {}, origin: self.origin });
    await until(() => port.received.length === 2);
    expect(port.received.map((message) => (message as { id: number }).id)).toEqual([12, 11]);
    expect(port.received[1]).toMatchObject({ reply: { ok: true, value: { status: 200 } } });
  });

  test('that ends ends the calls and the questions of its document', async () => {
    await connect(harness, session);
    const [one, two] = [harness.port(page), harness.port({ ...page, documentId: 'another' })];
    const works = [one, two].map((port) => port.send('page.request-access', {}));
    for (const work of works) work.catch(() => undefined);
    await until(() => harness.world.openWindows.size === 1);
    one.end();
    await until(async () => (await harness.ui('ask.list', {})).length === 1);
    two.end();
    await until(async () => (await harness.ui('ask.list', {})).length === 0);
  });

  test('that ends aborts the calls of its document', async () => {
    const fault = hanging();
    const port = harness.port(page);
    void port.send('api.request', aCall());
    await fault.arrived;
    port.end();
    await fault.clientGone;
    expect(port.received).toEqual([]);
  });

  test('gets not_connected for its calls when the grant ends, and for each further command', async () => {
    const fault = hanging();
    const port = harness.port(page);
    const call = port.send('api.request', aCall());
    call.catch(() => undefined);
    await fault.arrived;
    await harness.ui('grant.remove', { origin: dashboard });
    for (const sent of [call, port.send('api.request', aCall()), port.send('page.sites', {})])
      await expect(sent).rejects.toMatchObject({ fault: { code: 'not_connected' } });
  });

  test('is judged at each call: after a new grant the same origin calls again over a new port', async () => {
    await harness.ui('grant.remove', { origin: dashboard });
    await connect(harness, session, { sites: sitesAt(session, 'acme') });
    const { status } = await harness.port(page).send('api.request', aCall());
    expect(status).toBe(200);
  });
});

test('a page that awaits twenty responses of 2 MiB before it reads one gets them all', async () => {
  const fetchInPage = createPageFetch({ send: harness.page() });
  const length = 2 * 1_048_576;
  const paths = Array.from({ length: 20 }, (_, at) => `/rest/api/3/bytes/${length}?seed=${at}`);
  const responses = await Promise.all(paths.map((path) => fetchInPage(path)));
  const bodies = await Promise.all(responses.map((response) => response.arrayBuffer()));
  expect(bodies.map(({ byteLength }) => byteLength)).toEqual(paths.map(() => length));
});
