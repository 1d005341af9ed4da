import { browser } from '../api/browser.ts';

const ruleId = 1;

/**
 * Removes the `Origin` header and sets `User-Agent` on the extension's own requests: Atlassian refuses writes that look
 * like a browser's cross-site request ("XSRF check failed"), Microsoft refuses to redeem a code with an `Origin`. The rule
 * applies only to requests that the extension starts, and ends with the browser session.
 * @param hosts of the APIs and the token endpoints, without ports
 * @see Atlassian, "XSRF check failed when calling Cloud APIs"
 */
export async function installRequestRules(
  userAgent: string,
  hosts: readonly string[],
): Promise<void> {
  if (hosts.length === 0) return;
  await browser.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [ruleId],
    addRules: [
      {
        id: ruleId,
        condition: {
          requestDomains: [...hosts],
          initiatorDomains: [new URL(browser.runtime.getURL('')).hostname],
          resourceTypes: ['xmlhttprequest'],
        },
        action: {
          type: 'modifyHeaders',
          requestHeaders: [
            { header: 'origin', operation: 'remove' },
            { header: 'user-agent', operation: 'set', value: userAgent },
          ],
        },
      },
    ],
  });
}
