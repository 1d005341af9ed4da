import browser from 'webextension-polyfill';
import { readAnnouncement } from '../../wire/envelope.ts';
import { createSend, type Send } from '../../wire/send.ts';

/** Sends commands from one of our own pages or the content script to the worker. */
export const send: Send = createSend((message) => browser.runtime.sendMessage(message));

/** Calls back when the worker says that something changed; returns the way to stop. */
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
