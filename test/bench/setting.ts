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
  /** The server rejects every access token that it has issued so far, as when all expire at this moment. */
  expireTokens(): void;
  close(): Promise<void>;
}

const api = 'api.atlassian.com';
/** The response bodies that are measured, in bytes. */
const bodySizes = [100, 10_000, 100_000, 1_000_000, 5_000_000] as const;

/**
 * Words that make a path another endpoint: Atlassian allows each endpoint 100 calls a second, and the measured ways make up to
 * some thousand. A part with a digit would not do, since it counts as an id.
 */
const endpoints = Array.from('abcdefghijklmnopqrst').flatMap((first) =>
  Array.from('abcdefghij').map((second) => `${first}${second}`),
);

/** The gateway URLs of a response of that many bytes, each of another endpoint; all ways can call them. */
export function urlsOf({ standin }: Pick<Bench, 'standin'>, bytes: number): readonly string[] {
  return endpoints.map((word) => `https://${api}${pathOf(standin, word, String(bytes))}`);
}

/** The gateway URLs of a small response that each need an access token that has not expired; see {@link Bench.expireTokens}. */
export function guardedUrls({ standin }: Pick<Bench, 'standin'>): readonly string[] {
  return endpoints.map((word) => `https://${api}${pathOf(standin, word, 'guarded')}`);
}

const pathOf = ({ sites }: Standin, word: string, last: string): string =>
  `/ex/jira/${sites[0]?.cloudId ?? ''}/rest/api/3/${word}/${last}`;

/** Starts the stand-in and both browsers; whoever calls it closes them. */
export async function openBench(folder: string): Promise<Bench> {
  const bareDir = writeBareExtension(folder, {
    pages: `${dashboard}*`,
    hosts: [`https://${api}/*`],
  });
  const setting = await openSetting({ alsoInstalled: [bareDir] });
  const { standin, browser } = setting;
  const expireTokens = serveResponses(standin);
  const page = await signedInPage(setting);
  await connectPage(setting, page);
  const { proxyPort, spkiSha256Base64 } = standin;
  const bare = await launchBrowser(browserName(), {
    buildDir: bareDir,
    proxyPort,
    spkiSha256Base64,
    firstRun: 'leave',
  });
  return {
    standin,
    page,
    browser,
    bare: { browser: bare, page: await bare.openPage(dashboard) },
    expireTokens,
    close: async () => {
      await bare.close();
      await setting.close();
    },
  };
}

/**
 * Pages of the stand-in, which cost it less than its endpoints do and are not counted by its rate limits. Returns
 * {@link Bench.expireTokens}.
 */
function serveResponses(standin: Standin): () => void {
  const { pages, issued } = standin;
  // The page's own fetch needs the permission of the server; the others do not.
  const headers = { 'content-type': 'application/json', 'access-control-allow-origin': '*' };
  const expired = new Set<string>();
  const guarded = { headers, body: '{}' };
  const rejected = { status: 401, headers, body: '{"code":401,"message":"Unauthorized"}' };
  const bodies = bodySizes.map((bytes) => [bytes, seededBytes(bytes, 'bench')] as const);
  for (const word of endpoints) {
    for (const [bytes, body] of bodies)
      pages.set(api, pathOf(standin, word, String(bytes)), { headers, body });
    pages.set(api, pathOf(standin, word, 'guarded'), ({ headers: { authorization } }) =>
      expired.has(authorization ?? '') ? rejected : guarded,
    );
  }
  return () => {
    for (const { value } of issued) expired.add(`Bearer ${value}`);
  };
}
