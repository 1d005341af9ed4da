import { browser } from '../api/own-browser.ts';
import { pageFault } from '#core/values/own-page-fault.ts';
import {
  readAnnouncement,
  wireVersion,
  type Announcement,
  type NumberedReply,
  type Reply,
} from '#wire/envelope.ts';

/** Sends a command to the worker; the reply is `unavailable` if the worker cannot be reached. */
export async function sendCommand(name: string, body: unknown): Promise<Reply<unknown>> {
  try {
    return await browser.runtime.sendMessage<unknown, Reply<unknown>>({
      v: wireVersion,
      name,
      body,
    });
  } catch {
    // The worker was stopped, or the extension was updated and this script belongs to the old version.
    return { ok: false, fault: pageFault('unavailable') };
  }
}

/** A long-lived port to the worker. */
export interface WorkerPort {
  /** Sends a command unchanged. @throws when the port is closed */
  readonly post: (id: number, name: string, body: unknown) => void;
  readonly close: () => void;
}

/** How long the worker may take to receive a port, its start included, in milliseconds. */
const openLimitMs = 20_000;

/**
 * Opens a port to the worker, and starts the worker if it does not run. An idle port does not keep the worker running.
 * A port that the worker does not receive is closed: else its commands would have no end.
 * @throws when the extension was updated, and this script belongs to the old version
 */
export function openWorkerPort(listeners: {
  readonly onReply: (reply: NumberedReply) => void;
  /** The worker stopped or closed the port. */
  readonly onClosed: () => void;
}): WorkerPort {
  const port = browser.runtime.connect();
  const limit = setTimeout(() => {
    port.disconnect();
    listeners.onClosed();
  }, openLimitMs);
  port.onMessage.addListener((message) => {
    clearTimeout(limit);
    if (!('isOpen' in (message as object))) listeners.onReply(message as NumberedReply);
  });
  port.onDisconnect.addListener(() => {
    clearTimeout(limit);
    listeners.onClosed();
  });
  return {
    post: (id, name, body) => {
      port.postMessage({ v: wireVersion, id, name, body });
    },
    close: () => {
      clearTimeout(limit);
      port.disconnect();
    },
  };
}

/** Calls the listener with each event that the worker announces to this document's origin. */
export function onAnnouncement(listener: (event: Announcement['event']) => void): void {
  browser.runtime.onMessage.addListener((message: unknown): undefined => {
    const announcement = readAnnouncement(message);
    if (announcement?.origin === self.origin) listener(announcement.event);
    return undefined;
  });
}
