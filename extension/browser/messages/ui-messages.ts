import { browser } from '../api/browser.ts';
import { readAnnouncement } from '#wire/envelope.ts';
import { createSend, type Send } from '#wire/send.ts';

/** Sends commands from one of the extension's own pages to the worker. */
export const send: Send = createSend((message) => browser.runtime.sendMessage(message));

/** Calls the listener when the worker announces a change. */
export function onStateChanged(listener: () => void): void {
  browser.runtime.onMessage.addListener((message: unknown): undefined => {
    if (readAnnouncement(message)?.event === 'state.changed') listener();
    return undefined;
  });
}
