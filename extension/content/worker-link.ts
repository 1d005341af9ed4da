import { openWorkerPort, type WorkerPort } from '#browser/messages/content-messages.ts';
import { pageFault } from '#core/values/own-page-fault.ts';
import type { PortMessage, PortRequest } from './handshake.ts';

/** Relays the commands of this document to the worker, over one port that lives as long as the worker does. */
export interface WorkerLink {
  /** Sends a command of the page; the reply goes to the port that it came from. */
  relay(request: PortRequest, from: MessagePort): void;
  /** Closes the port when each command has its reply; the next command opens another. */
  end(): void;
}

/**
 * The port is opened by the first command, and by the next one after it was closed. It is closed when the document is
 * hidden for good or put into the back-forward cache: there Chrome ends a port without notice, and Firefox loses its
 * messages. Commands that have no reply by then, or when the worker stops, are lost, and the page is told so. While the
 * document is prerendered or cached, commands wait: the browser reports a sender as of the moment it opened its port.
 */
export function createWorkerLink(): WorkerLink {
  const waiting = new Map<number, { readonly id: number; readonly from: MessagePort }>();
  /** What is relayed when the document is shown; undefined while it is. */
  let held: (() => void)[] | undefined = isPrerendered() ? [] : undefined;
  let port: WorkerPort | undefined;
  let lastId = 0;
  /** Whether the port is closed after the last reply. */
  let isEnding = false;

  const loseAll = (): void => {
    port = undefined;
    const lost = [...waiting.values()];
    waiting.clear();
    for (const { id, from } of lost) from.postMessage({ id, isLost: true } satisfies PortMessage);
  };
  const open = (): WorkerPort => {
    port ??= openWorkerPort({
      onReply: ({ id, reply }) => {
        const request = waiting.get(id);
        waiting.delete(id);
        request?.from.postMessage({ id: request.id, reply } satisfies PortMessage, chunkOf(reply));
        closeWhenDone();
      },
      onClosed: loseAll,
    });
    return port;
  };
  const closeWhenDone = (): void => {
    if (!isEnding || waiting.size > 0) return;
    isEnding = false;
    port?.close();
    port = undefined;
  };
  const send = ({ id, name, body }: PortRequest, from: MessagePort): void => {
    lastId += 1;
    waiting.set(lastId, { id, from });
    try {
      open().post(lastId, name, body);
    } catch {
      // The command was not sent: the port was closed without notice, or this script belongs to an older version.
      waiting.delete(lastId);
      port = undefined;
      const reply = { ok: false, fault: pageFault('unavailable') };
      from.postMessage({ id, reply } satisfies PortMessage);
    }
  };
  const hide = (): void => {
    held ??= [];
    port?.close();
    port = undefined;
  };
  const resume = (): void => {
    // Not earlier: a message to a document in the cache makes Firefox discard it.
    loseAll();
    const commands = held ?? [];
    held = undefined;
    for (const command of commands) command();
  };
  // Captured, so that no later listener of the page can stop the events.
  addEventListener('pagehide', hide, true);
  addEventListener('pageshow', ({ persisted }) => persisted && resume(), true);
  document.addEventListener('prerenderingchange', resume, true);
  return {
    relay: (request, from) => {
      if (held === undefined) send(request, from);
      else
        held.push(() => {
          send(request, from);
        });
    },
    end: () => {
      isEnding = true;
      closeWhenDone();
    },
  };
}

/** Chrome prerenders documents that are shown only if the person navigates there. */
function isPrerendered(): boolean {
  return (document as { readonly prerendering?: boolean }).prerendering === true;
}

/** The bytes in a reply are handed over, not copied. */
function chunkOf(reply: unknown): Transferable[] {
  const { value } = reply as { readonly value?: { readonly chunk?: unknown } | null };
  return value?.chunk instanceof ArrayBuffer ? [value.chunk] : [];
}
