import type { Fault } from '#core/values/fault.ts';
import { pageFault } from '#core/values/own-page-fault.ts';
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
  /** Rejects with a `ThreeloError`; with a {@link LostCommand} when the worker stopped before it replied. */
  send<N extends PageCommand>(name: N, body: RequestOf<N>): Promise<ValueOf<N>>;
}

/** No reply will come: the worker stopped, or the document was put into the back-forward cache. */
export class LostCommand extends ThreeloError {
  constructor() {
    super(pageFault('unavailable'));
  }
}

/** Attempts something that changes nothing once more when the worker stopped before it replied. */
export async function withSecondAttempt<T>(attempt: () => Promise<T>): Promise<T> {
  try {
    return await attempt();
  } catch (thrown) {
    if (!(thrown instanceof LostCommand)) throw thrown;
    return attempt();
  }
}

interface Pending {
  readonly resolve: (value: never) => void;
  readonly reject: (error: ThreeloError) => void;
}

/** Opens the channel. `onReady` runs when the content script has handed over a port, `onEvent` for each event. */
export function openChannel(listeners: {
  onReady: () => void;
  onEvent: (event: string) => void;
}): WorkerChannel {
  const pending = new Map<number, Pending>();
  let lastId = 0;
  let port: MessagePort | undefined;
  const queued: PortRequest[] = [];
  const settle = (id: number, act: (one: Pending) => void): void => {
    const one = pending.get(id);
    pending.delete(id);
    if (one !== undefined) act(one);
  };
  const post = (to: MessagePort, request: PortRequest): void => {
    try {
      to.postMessage(request);
    } catch {
      // An argument that cannot be cloned, such as a function.
      settle(request.id, ({ reject }) => {
        reject(new ThreeloError(pageFault('invalid_request')));
      });
    }
  };
  const receive = (message: PortMessage): void => {
    if ('event' in message) listeners.onEvent(message.event);
    else
      settle(message.id, ({ resolve, reject }) => {
        if ('isLost' in message) reject(new LostCommand());
        else settleWith(message.reply, resolve, reject);
      });
  };
  const attach = (offered: MessagePort | undefined): void => {
    if (port !== undefined || offered === undefined) return;
    port = offered;
    port.onmessage = ({ data }: MessageEvent<PortMessage>) => {
      receive(data);
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
        pending.set(lastId, { resolve, reject });
        if (port) post(port, request);
        else queued.push(request);
      }),
  };
}

function settleWith(reply: unknown, resolve: Pending['resolve'], reject: Pending['reject']): void {
  const known = reply as { ok: true; value: never } | { ok: false; fault: Fault } | undefined;
  if (known?.ok) resolve(known.value);
  else reject(new ThreeloError(known?.fault ?? pageFault('unavailable')));
}
