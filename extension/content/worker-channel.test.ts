import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { handshake, type PortRequest } from './handshake.ts';
import { openChannel, type WorkerChannel } from './worker-channel.ts';

let page: EventTarget;
let received: PortRequest[];
let closePorts: () => void = () => undefined;
beforeEach(() => {
  page = Object.assign(new EventTarget(), { postMessage: () => undefined });
  vi.stubGlobal('window', page);
  vi.stubGlobal('location', { origin: 'https://page.example' });
  received = [];
});
afterEach(() => {
  closePorts();
  vi.unstubAllGlobals();
});

/** As the content script does: hands over a port, and answers each message. */
function handOverPort(): void {
  const { port1, port2 } = new MessageChannel();
  port1.onmessage = ({ data }: MessageEvent<PortRequest>) => {
    received.push(data);
    port1.postMessage({ id: data.id, reply: { ok: true, value: [] } });
  };
  closePorts = () => {
    port1.close();
  };
  const offer = new Event('message');
  const data = { threelo: handshake.port };
  Object.assign(offer, { source: page, origin: location.origin, data, ports: [port2] });
  page.dispatchEvent(offer);
}

const listeners = () => ({ onReady: vi.fn(), onEvent: vi.fn() });
const invalid = { name: 'ThreeloError', code: 'invalid_request' };
const uncloneable = { access: () => 'read' } as never;
const sendTwo = (channel: WorkerChannel) =>
  Promise.allSettled([
    channel.send('page.request-access', uncloneable),
    channel.send('page.sites', {}),
  ]);

test('an argument that cannot be cloned is an invalid request, and nothing is sent', async () => {
  const channel = openChannel(listeners());
  handOverPort();
  const [refused, answered] = await sendTwo(channel);
  expect(refused).toMatchObject({ status: 'rejected', reason: invalid });
  expect(answered).toEqual({ status: 'fulfilled', value: [] });
  expect(received.map(({ name }) => name)).toEqual(['page.sites']);
});

test('such an argument before the port is there holds up no other call', async () => {
  const watch = listeners();
  const both = sendTwo(openChannel(watch));
  handOverPort();
  const [refused, answered] = await both;
  expect(refused).toMatchObject({ status: 'rejected', reason: invalid });
  expect(answered).toEqual({ status: 'fulfilled', value: [] });
  expect(watch.onReady).toHaveBeenCalledOnce();
});
