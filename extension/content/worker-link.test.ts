import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { openWorkerPort } from '#browser/messages/content-messages.ts';
import type { PortMessage, PortRequest } from './handshake.ts';
import { createWorkerLink, type WorkerLink } from './worker-link.ts';

type Listeners = Parameters<typeof openWorkerPort>[0];

/** The ports that were opened, with what was posted to each. */
let ports: { posted: [number, string, unknown][]; listeners: Listeners; isClosed: boolean }[];
let isUpdated: boolean;
vi.mock('#browser/messages/content-messages.ts', () => ({
  openWorkerPort: (listeners: Listeners) => {
    if (isUpdated) throw new Error('Extension context invalidated.');
    const port = { posted: [] as [number, string, unknown][], listeners, isClosed: false };
    ports.push(port);
    return {
      post: (...message: [number, string, unknown]) => port.posted.push(message),
      close: () => (port.isClosed = true),
    };
  },
}));

let page: EventTarget;
let prerendered: EventTarget & { prerendering: boolean };
let received: PortMessage[];
beforeEach(() => {
  ports = [];
  isUpdated = false;
  received = [];
  page = new EventTarget();
  prerendered = Object.assign(new EventTarget(), { prerendering: false });
  vi.stubGlobal('addEventListener', page.addEventListener.bind(page));
  vi.stubGlobal('document', prerendered);
});
afterEach(() => {
  vi.unstubAllGlobals();
});

const from = { postMessage: (message: PortMessage) => received.push(message) } as never;
const sites = (id: number): PortRequest => ({ id, name: 'page.sites', body: {} });
const relay = (link: WorkerLink, ...ids: number[]): void => {
  for (const id of ids) link.relay(sites(id), from);
};
const event = (name: string, members = {}) => Object.assign(new Event(name), members);
const reply = { ok: true, value: [] } as const;

test('one port carries all commands, and each reply goes where its command came from', () => {
  const link = createWorkerLink();
  expect(ports).toHaveLength(0);
  relay(link, 7);
  const others: PortMessage[] = [];
  const other = { postMessage: (message: PortMessage) => others.push(message) } as never;
  link.relay(sites(7), other);
  expect(ports).toHaveLength(1);
  const [one, two] = ports[0]?.posted.map(([id]) => id) ?? [];
  ports[0]?.listeners.onReply({ id: two ?? NaN, reply });
  ports[0]?.listeners.onReply({ id: one ?? NaN, reply });
  ports[0]?.listeners.onReply({ id: one ?? NaN, reply });
  expect([received, others]).toEqual([[{ id: 7, reply }], [{ id: 7, reply }]]);
});

test('a worker that stops loses the commands without a reply, and the next one opens a port', () => {
  const link = createWorkerLink();
  relay(link, 1, 2);
  ports[0]?.listeners.onReply({ id: ports[0].posted[0]?.[0] ?? NaN, reply });
  ports[0]?.listeners.onClosed();
  expect(received).toEqual([
    { id: 1, reply },
    { id: 2, isLost: true },
  ]);
  relay(link, 3);
  expect(ports.map(({ posted }) => posted.length)).toEqual([2, 1]);
});

test('after an update of the extension a command is unavailable: it was not sent', () => {
  isUpdated = true;
  relay(createWorkerLink(), 1);
  const fault = { code: 'unavailable', message: expect.any(String) as string };
  expect(received).toEqual([{ id: 1, reply: { ok: false, fault } }]);
});

test('when the grant has ended, the port is closed after the last reply, and the next command opens another', () => {
  const link = createWorkerLink();
  relay(link, 1, 2);
  link.end();
  for (const [id] of ports[0]?.posted ?? []) {
    expect(ports[0]?.isClosed).toBe(false);
    ports[0]?.listeners.onReply({ id, reply });
  }
  expect(ports[0]?.isClosed).toBe(true);
  relay(link, 3);
  expect(ports.map(({ posted }) => posted.length)).toEqual([2, 1]);
});

test('a document that is hidden closes its port; what runs is lost, what follows waits until it is shown', () => {
  const link = createWorkerLink();
  relay(link, 1);
  page.dispatchEvent(event('pagehide', { persisted: true }));
  expect(ports[0]?.isClosed).toBe(true);
  relay(link, 2);
  page.dispatchEvent(event('pageshow', { persisted: false }));
  expect(ports).toHaveLength(1);
  // A message to a document in the back-forward cache ends its stay there in Firefox.
  expect(received).toEqual([]);
  page.dispatchEvent(event('pageshow', { persisted: true }));
  expect(received).toEqual([{ id: 1, isLost: true }]);
  expect(ports[1]?.posted).toHaveLength(1);
});

test('a prerendered document opens no port before it is shown', () => {
  prerendered.prerendering = true;
  const link = createWorkerLink();
  relay(link, 1, 2);
  expect(ports).toHaveLength(0);
  prerendered.prerendering = false;
  prerendered.dispatchEvent(new Event('prerenderingchange'));
  expect(ports.map(({ posted }) => posted.length)).toEqual([2]);
});
