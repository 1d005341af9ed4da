/**
 * The content script of a connected page, in its isolated world. It relays messages between the page and the
 * worker and makes no decisions: the worker learns the caller from the browser's `MessageSender`.
 */
import { arePortsInPatterns } from '#browser/host-pattern.ts';
import { onAnnouncement, sendCommand } from '#browser/messages/content-messages.ts';
import { connectableOrigin } from '#core/values/origin.ts';
import type { ValueOf } from '#wire/commands.ts';
import {
  handshake,
  postToOwnWindow,
  onOwnMessage,
  type PortMessage,
  type PortRequest,
} from './handshake.ts';
import { createWorkerLink, type WorkerLink } from './worker-link.ts';

const ports = new Set<MessagePort>();
const pageCommands = /^(page|api)\./u;

function serve(port: MessagePort, worker: WorkerLink): void {
  port.onmessage = ({ data }: MessageEvent<PortRequest>) => {
    if (typeof data.name === 'string' && pageCommands.test(data.name)) worker.relay(data, port);
  };
  ports.add(port);
}

function notifyPage(event: string): void {
  for (const port of ports) port.postMessage({ event } satisfies PortMessage);
}

function start(): void {
  const worker = createWorkerLink();
  onOwnMessage(handshake.shim, () => {
    const { port1, port2 } = new MessageChannel();
    serve(port1, worker);
    postToOwnWindow(handshake.port, [port2]);
  });
  onAnnouncement((event) => {
    notifyPage(event);
    if (event === 'grant.ended') worker.end();
    markTab();
  });
  postToOwnWindow(handshake.content);
  // The browser forgets the mark when the tab navigates, and a document that is prerendered has none.
  addEventListener('pageshow', ({ persisted }) => persisted && markTab(), true);
  document.addEventListener('prerenderingchange', markTab, true);
  markTab();
}

/** Has the worker mark the toolbar button in this tab, or take the mark away. */
function markTab(): void {
  void sendCommand('page.shown', {});
}

// A second injection into the same document, after a reconnection, finds the first one running.
const mark = Symbol.for('threelo content script');

function startOnce(): void {
  if (Reflect.has(globalThis, mark)) return;
  Reflect.set(globalThis, mark, true);
  start();
}

/** For browsers that run this script on other origins too: only on a connected origin may the page see the script. */
async function startWhereConnected(): Promise<void> {
  const reply = await sendCommand('page.hello', {});
  if (reply.ok && (reply.value as ValueOf<'page.hello'>).isConnected) startOnce();
}

if (connectableOrigin(self.origin) !== undefined) {
  if (arePortsInPatterns) startOnce();
  else void startWhereConnected();
}
