import browser from 'webextension-polyfill';
import { readAnnouncement } from '#wire/envelope.ts';
import { createSend, type Send } from '#wire/send.ts';

/** Sends commands from one of the extension's own pages to the worker. */
export const send: Send = createSend((message) => browser.runtime.sendMessage(message));

/** Calls the listener when the worker announces a change; returns a function that removes the listener. */
export function onStateChanged(listener: () => void): () => void {
  const onMessage = (message: unknown): undefined => {
    if (readAnnouncement(message)?.event === 'state.changed') listener();
    return undefined;
  };
  browser.runtime.onMessage.addListener(onMessage);
  return () => {
    browser.runtime.onMessage.removeListener(onMessage);
  };
}
