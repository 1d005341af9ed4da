import type { Threelo } from '#wire/page-api.ts';
import { createPageFetch } from './page-fetch.ts';
import { openPageRequest } from './page-request.ts';
import { withSecondAttempt, type WorkerChannel } from './worker-channel.ts';

/**
 * The page API over a channel.
 * @param events - gets a `change` event when the grant changed or ended
 * @param version - of the extension
 */
export function createPageApi(
  channel: WorkerChannel,
  events: EventTarget,
  version: string,
): Threelo {
  return Object.freeze({
    version,
    sites: () => withSecondAttempt(() => channel.send('page.sites', {})),
    fetch: createPageFetch(channel),
    can: async (input, init) => {
      const { head, target } = openPageRequest(input, init);
      return withSecondAttempt(() => channel.send('page.can', { ...head, ...target }));
    },
    requestAccess: (wanted = {}) => channel.send('page.request-access', wanted),
    disconnect: () => channel.send('page.disconnect', {}).then(() => undefined),
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
  } satisfies Threelo);
}
