import { browser, type Runtime } from '../api/browser.ts';
import type { Origin } from '#core/values/origin.ts';
import { wireVersion, type Announcement, type OwnPageEvent } from '#wire/envelope.ts';

/** The members of the browser's `MessageSender` that are used. */
export interface Sender {
  readonly id?: string | undefined;
  readonly origin?: string | undefined;
  readonly url?: string | undefined;
  readonly frameId?: number | undefined;
  readonly tabId?: number | undefined;
  readonly documentId?: string | undefined;
  readonly documentLifecycle?: string | undefined;
  /** The native program that sent it. */
  readonly nativeApplication?: string | undefined;
  /** The world of the user script that sent it. */
  readonly userScriptWorldId?: string | undefined;
}

/** Returns a promise of the reply, or undefined for a foreign message. Never async itself, never throws. */
export type MessageListener = (message: unknown, sender: Sender) => Promise<unknown> | undefined;

/** Registers the background's only message listener. */
export function onMessage(listener: MessageListener): void {
  browser.runtime.onMessage.addListener((message: unknown, sender: Runtime.MessageSender) =>
    listener(message, senderOf(sender)),
  );
}

/** Registers the background's only listener for messages of other extensions, of their content scripts too. */
export function onExternalMessage(listener: MessageListener): void {
  browser.runtime.onMessageExternal.addListener((message: unknown, sender: Runtime.MessageSender) =>
    listener(message, senderOf(sender)),
  );
}

/** A long-lived port that a content script or another extension opened. */
export interface OpenedPort {
  /** What the browser reported about the sender when the port was opened. */
  readonly sender: Sender;
  /** Sends a message; without effect when the port is closed. */
  readonly post: (message: unknown) => void;
  readonly onMessage: (listener: (message: unknown) => void) => void;
  /** Calls back when the other side closed the port, or ended. */
  readonly onClosed: (listener: () => void) => void;
  readonly close: () => void;
}

/** Registers the background's only listener for ports of content scripts. */
export function onPort(listener: (port: OpenedPort) => void): void {
  browser.runtime.onConnect.addListener((port) => {
    listener(openedPort(port));
  });
}

/** Registers the background's only listener for ports of other extensions, of their content scripts too. */
export function onExternalPort(listener: (port: OpenedPort) => void): void {
  browser.runtime.onConnectExternal.addListener((port) => {
    listener(openedPort(port));
  });
}

/** Our own id and origin. */
export const self = {
  id: browser.runtime.id,
  origin: new URL(browser.runtime.getURL('')).origin,
} as const;

/** Notifies the extension's own pages of an event: without one, that the state changed. */
export function notifyExtensionPages(event: OwnPageEvent = 'state.changed'): void {
  const announcement: Announcement = { v: wireVersion, event };
  // Rejects when no page is open, which is expected.
  browser.runtime.sendMessage(announcement).catch(() => undefined);
}

/**
 * Sends an event of an origin to every tab: without the host permission, which may be removed by now, the browser does not
 * reveal which tabs show the origin.
 */
export async function notifyPages(
  origin: Origin,
  event: 'grant.changed' | 'grant.ended',
): Promise<void> {
  const announcement: Announcement = { v: wireVersion, event, origin };
  const tabs = await browser.tabs.query({});
  for (const { id } of tabs) {
    // Rejects in every tab without a content script of ours, which is expected.
    if (id !== undefined)
      browser.tabs.sendMessage(id, announcement, { frameId: 0 }).catch(() => undefined);
  }
}

function openedPort(port: Runtime.Port): OpenedPort {
  return {
    sender: senderOf(port.sender ?? {}),
    post: (message) => {
      try {
        port.postMessage(message);
      } catch {
        // The other side ended meanwhile.
      }
    },
    onMessage: (receive) => {
      port.onMessage.addListener(receive);
    },
    onClosed: (act) => {
      port.onDisconnect.addListener(act);
    },
    close: () => {
      port.disconnect();
    },
  };
}

function senderOf(sender: Runtime.MessageSender): Sender {
  // The types lack what both browsers send since Chrome 106 and Firefox 153.
  const full = sender as Runtime.MessageSender & {
    origin?: string;
    documentId?: string;
    documentLifecycle?: string;
    nativeApplication?: string;
    userScriptWorldId?: string;
  };
  return {
    id: full.id,
    origin: full.origin,
    url: full.url,
    frameId: full.frameId,
    tabId: full.tab?.id,
    documentId: full.documentId,
    documentLifecycle: full.documentLifecycle,
    nativeApplication: full.nativeApplication,
    userScriptWorldId: full.userScriptWorldId,
  };
}
