import { browser } from '../api/browser.ts';

const [requestRule, responseRule] = [1, 2];

/** How the headers of our own requests and of their responses are changed. */
export interface HeaderChanges {
  readonly userAgent: string;
  /** Added to the `Cache-Control` of every response. */
  readonly cacheControl: string;
}

/**
 * Removes the `Origin` header and sets `User-Agent` on the extension's own requests: Atlassian refuses writes that look
 * like a browser's cross-site request ("XSRF check failed"), Microsoft refuses to redeem a code with an `Origin`.
 * Responses to the extension are marked `no-store`: Chromium reads those from the network only as their body is read,
 * others about 60 MB ahead. The rules apply only to requests that the extension starts, and end with the browser session.
 * @param hosts of the APIs and the token endpoints, without ports
 * @see Atlassian, "XSRF check failed when calling Cloud APIs"
 * @see Chromium, `FetchManager::Loader::DidStartLoadingResponseBody` and `BufferingBytesConsumer`
 */
export async function installRequestRules(
  hosts: readonly string[],
  { userAgent, cacheControl }: HeaderChanges,
): Promise<void> {
  if (hosts.length === 0) return;
  const ownRequests = {
    initiatorDomains: [new URL(browser.runtime.getURL('')).hostname],
    resourceTypes: ['xmlhttprequest' as const],
  };
  await browser.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [requestRule, responseRule],
    addRules: [
      {
        id: requestRule,
        condition: { ...ownRequests, requestDomains: [...hosts] },
        action: {
          type: 'modifyHeaders',
          requestHeaders: [
            { header: 'origin', operation: 'remove' },
            { header: 'user-agent', operation: 'set', value: userAgent },
          ],
        },
      },
      {
        // Of any host: a download ends at one that no client names.
        id: responseRule,
        condition: ownRequests,
        action: {
          type: 'modifyHeaders',
          responseHeaders: [{ header: 'cache-control', operation: 'append', value: cacheControl }],
        },
      },
    ],
  });
}
