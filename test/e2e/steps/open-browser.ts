import type {
  BrowserName,
  BrowserUnderTest,
  LaunchOptions,
} from '../browser/browser-under-test.ts';
import { launchChromium } from '../chromium/chromium.ts';
import { launchFirefox } from '../firefox/firefox.ts';

/** Starts a browser with the build installed; whoever starts it calls `close()`. */
export async function launchBrowser(
  name: BrowserName,
  options: LaunchOptions,
): Promise<BrowserUnderTest> {
  const browser = await (name === 'chromium' ? launchChromium(options) : launchFirefox(options));
  if (options.firstRun === 'leave') return browser;
  try {
    await closeFirstRun(browser);
    return browser;
  } catch (error) {
    await browser.close();
    throw error;
  }
}

/** Closes the tab that opens when the extension is installed, open already or soon. */
export async function closeFirstRun(browser: BrowserUnderTest): Promise<void> {
  const tab = await browser.waitForTab(firstRunUrl);
  // Closed while it loads its texts, Chromium has no texts for any page of the extension until it is started again.
  await tab.waitForText(/\S/u);
  await tab.close();
}

/** The address of the tab that opens when the extension is installed. */
export const firstRunUrl = /options\/index\.html#\/welcome$/u;
