import type { BrowserUnderTest, PageUnderTest } from '../e2e/browser/browser-under-test.ts';
import {
  browserName,
  connectPage,
  dashboard,
  openSetting,
  signedInPage,
} from '../e2e/steps/steps.ts';
import { launchBrowser } from '../e2e/steps/open-browser.ts';
import { seededBytes } from '../standin/facts/seeded-bytes.ts';
import type { Standin } from '../standin/standin.ts';
import { writeBareExtension } from './bare-extension.ts';

/** One page that is connected to Threelo and has the bare chain too, and a second browser with the bare chain alone. */
export interface Bench {
  readonly standin: Standin;
  readonly page: PageUnderTest;
  readonly browser: BrowserUnderTest;
  /** A browser in which the bare chain is the only extension, so that its background can be ended. */
  readonly bare: { readonly page: PageUnderTest; readonly browser: BrowserUnderTest };
  close(): Promise<void>;
}

const api = 'api.atlassian.com';
/** The response bodies that are measured, in bytes. */
export const bodySizes = [100, 10_000, 100_000, 1_000_000, 5_000_000] as const;

/** The gateway URL of a response of that many bytes, which all ways can call. */
export function urlOf({ standin }: Pick<Bench, 'standin'>, bytes: number): string {
  return `https://${api}${pathOf(standin, bytes)}`;
}

const pathOf = ({ sites }: Standin, bytes: number): string =>
  `/ex/jira/${sites[0]?.cloudId ?? ''}/rest/api/3/bench/${String(bytes)}`;

/** Starts the stand-in and both browsers; whoever calls it closes them. */
export async function openBench(folder: string): Promise<Bench> {
  const bareDir = writeBareExtension(folder, {
    pages: `${dashboard}*`,
    hosts: [`https://${api}/*`],
  });
  const setting = await openSetting({ alsoInstalled: [bareDir] });
  const { standin, browser } = setting;
  // The page's own fetch needs the permission of the server; the others do not.
  const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
  for (const bytes of bodySizes) {
    const body = seededBytes(bytes, 'bench');
    standin.pages.set(api, pathOf(standin, bytes), { headers, body });
  }
  const page = await signedInPage(setting);
  await connectPage(setting, page);
  const { proxyPort, spkiSha256Base64 } = standin;
  const bare = await launchBrowser(browserName(), {
    buildDir: bareDir,
    proxyPort,
    spkiSha256Base64,
  });
  return {
    standin,
    page,
    browser,
    bare: { browser: bare, page: await bare.openPage(dashboard) },
    close: async () => {
      await bare.close();
      await setting.close();
    },
  };
}
