/**
 * The content script of a connected page, in its isolated world. It relays between the page and the
 * worker and decides nothing: who calls is what the browser tells the worker of this document.
 */
import { arePortsInPatterns } from '../browser/host-pattern.ts';
import { onAnnouncement, relay } from '../browser/messages/content-messages.ts';
import { connectableOrigin } from '../core/values/origin.ts';
import type { ValueOf } from '../wire/commands.ts';
import { calls, callWindow, onCall, type PortMessage, type PortRequest } from './handshake.ts';

const ports = new Set<MessagePort>();
const pageCommands = /^(page|api)\./u;

function serve(port: MessagePort): void {
  const post = (message: PortMessage, transfer: Transferable[] = []): void => {
    port.postMessage(message, transfer);
  };
  port.onmessage = ({ data }: MessageEvent<PortRequest>) => {
    if (typeof data.name !== 'string' || !pageCommands.test(data.name)) return;
    void relay(data.name, data.body).then((reply) => {
      post({ id: data.id, reply });
    });
  };
  ports.add(port);
}

function tellPage(event: string): void {
  for (const port of ports) port.postMessage({ event } satisfies PortMessage);
}

function start(): void {
  onCall(calls.shim, () => {
    const { port1, port2 } = new MessageChannel();
    serve(port1);
    callWindow(calls.port, [port2]);
  });
  onAnnouncement(tellPage);
  // The page's own word would come too late: its port is served after the document is gone.
  addEventListener('pagehide', () => {
    void relay('page.leave', {});
  });
  callWindow(calls.content);
}

// A second injection into the same document, after it was connected again, finds the first at work.
const mark = Symbol.for('threelo content script');

function startOnce(): void {
  if (Reflect.has(globalThis, mark)) return;
  Reflect.set(globalThis, mark, true);
  start();
}

/** Where the browser runs this on other origins too, the worker says whether this is a connected one; else nothing may be seen. */
async function startWhereConnected(): Promise<void> {
  const reply = await relay('page.hello', {});
  if (reply.ok && (reply.value as ValueOf<'page.hello'>).isConnected) startOnce();
}

if (connectableOrigin(self.origin) !== undefined) {
  if (arePortsInPatterns) startOnce();
  else void startWhereConnected();
}
