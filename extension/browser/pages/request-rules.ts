import browser from 'webextension-polyfill';

const ruleId = 1;

/**
 * Lets our own calls look like what they are, an API client: Atlassian refuses writes from what looks
 * like a browser on a foreign page ("XSRF check failed"), Microsoft the redemption of a code with an `Origin`. The rule
 * touches requests that the extension itself starts and no others, and ends with the browser session.
 * @param hosts of the APIs and the token endpoints, without ports
 * @see Atlassian, "XSRF check failed when calling Cloud APIs"
 */
export async function installRequestRules(
  userAgent: string,
  hosts: readonly string[],
): Promise<void> {
  const filteredHosts = [...hosts];
  if (filteredHosts.length === 0) return;
  await browser.declarativeNetRequest.updateSessionRules({
    removeRuleIds: [ruleId],
    addRules: [
      {
        id: ruleId,
        condition: {
          requestDomains: filteredHosts,
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
