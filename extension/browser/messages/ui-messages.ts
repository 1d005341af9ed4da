import { browser } from '../api/browser.ts';
import { readAnnouncement, type OwnPageEvent } from '#wire/envelope.ts';
import { createSend, type Send } from '#wire/send.ts';

/** Sends commands from one of the extension's own pages to the worker. */
export const send: Send = createSend((message) => browser.runtime.sendMessage(message));

/** Calls the listener when the worker announces a change. */
export function onStateChanged(listener: () => void): void {
  onEvent('state.changed', listener);
}

/** Calls the listener when the worker announces that it recorded something of pages: once a second at most. */
export function onActivityChanged(listener: () => void): void {
  onEvent('activity.changed', listener);
}

function onEvent(event: OwnPageEvent, listener: () => void): void {
  browser.runtime.onMessage.addListener((message: unknown): undefined => {
    if (readAnnouncement(message)?.event === event) listener();
    return undefined;
  });
}
