import type {
  BrowserName,
  BrowserUnderTest,
  LaunchOptions,
} from '../browser/browser-under-test.ts';
import { launchChromium } from '../chromium/chromium.ts';
import { launchFirefox } from '../firefox/firefox.ts';

/** Starts a browser with the build installed; whoever starts it calls `close()`. */
export function launchBrowser(
  name: BrowserName,
  options: LaunchOptions,
): Promise<BrowserUnderTest> {
  return name === 'chromium' ? launchChromium(options) : launchFirefox(options);
}
