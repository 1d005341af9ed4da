import browser from 'webextension-polyfill';

const ruleId = 1;
/** Hosts whose XSRF filter judges a browser by `Origin` and `User-Agent`. */
const filteredHosts = ['api.atlassian.com'];

/**
 * Lets our own calls look like what they are, an API client: Atlassian refuses writes from what looks
 * like a browser on a foreign page ("XSRF check failed"). The rule touches requests that the extension
 * itself starts and no others, and ends with the browser session.
 * @see Atlassian, "XSRF check failed when calling Cloud APIs"
 */
export async function installRequestRules(userAgent: string): Promise<void> {
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
