import browser from 'webextension-polyfill';
import { pageFault } from '#core/values/page-fault.ts';
import { readAnnouncement, wireVersion, type Announcement, type Reply } from '#wire/envelope.ts';

/** Forwards a page's command to the worker unchanged; the reply is `unavailable` if the worker cannot be reached. */
export async function relay(name: string, body: unknown): Promise<Reply<unknown>> {
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

/** Calls the listener with each event that the worker announces to this document's origin. */
export function onAnnouncement(listener: (event: Announcement['event']) => void): void {
  browser.runtime.onMessage.addListener((message: unknown): undefined => {
    const announcement = readAnnouncement(message);
    if (announcement?.origin === self.origin) listener(announcement.event);
    return undefined;
  });
}
