import type { Fault } from '#core/values/fault.ts';
import { pageFault } from '#core/values/page-fault.ts';
import type { CommandName, RequestOf, ValueOf } from '#wire/commands.ts';
import {
  handshake,
  postToOwnWindow,
  onOwnMessage,
  type PortMessage,
  type PortRequest,
} from './handshake.ts';
import { ThreeloError } from './threelo-error.ts';

/** The commands that a page may send. */
export type PageCommand = Extract<CommandName, `page.${string}` | `api.${string}`>;

/** Sends commands of the page to the worker, through the content script. */
export interface WorkerChannel {
  /** Rejects with a `ThreeloError`. */
  send<N extends PageCommand>(name: N, body: RequestOf<N>): Promise<ValueOf<N>>;
}

type Settle = (reply: { ok: true; value: unknown } | { ok: false; fault: Fault }) => void;

/** Opens the channel. `onReady` runs when the content script has handed over a port, `onEvent` for each event. */
export function openChannel(listeners: {
  onReady: () => void;
  onEvent: (event: string) => void;
}): WorkerChannel {
  const pending = new Map<number, Settle>();
  let lastId = 0;
  let port: MessagePort | undefined;
  const queued: PortRequest[] = [];
  const post = (to: MessagePort, request: PortRequest): void => {
    try {
      to.postMessage(request);
    } catch {
      // An argument that cannot be cloned, such as a function.
      settle(pending, {
        id: request.id,
        reply: { ok: false, fault: pageFault('invalid_request') },
      });
    }
  };
  const attach = (offered: MessagePort | undefined): void => {
    if (port !== undefined || offered === undefined) return;
    port = offered;
    port.onmessage = ({ data }: MessageEvent<PortMessage>) => {
      if ('event' in data) listeners.onEvent(data.event);
      else settle(pending, data);
    };
    for (const request of queued.splice(0)) post(port, request);
    listeners.onReady();
  };
  const stop = onOwnMessage(handshake.port, ([offered]) => {
    stop();
    attach(offered);
  });
  onOwnMessage(handshake.content, () => {
    if (port === undefined) postToOwnWindow(handshake.shim);
  });
  postToOwnWindow(handshake.shim);
  return {
    send: (name, body) =>
      new Promise((resolve, reject) => {
        lastId += 1;
        const request: PortRequest = { id: lastId, name, body };
        pending.set(lastId, (reply) => {
          if (reply.ok) resolve(reply.value as ValueOf<typeof name>);
          else reject(new ThreeloError(reply.fault));
        });
        if (port) post(port, request);
        else queued.push(request);
      }),
  };
}

function settle(pending: Map<number, Settle>, { id, reply }: { id: number; reply: unknown }): void {
  const known = reply as Parameters<Settle>[0] | undefined;
  pending.get(id)?.(known ?? { ok: false, fault: pageFault('unavailable') });
  pending.delete(id);
}
