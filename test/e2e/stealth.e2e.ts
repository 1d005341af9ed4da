/*
 * A page that was not connected sees what it would see in a clean profile, while the extension holds a session and another page
 * is connected; and in a connected page only the top document of that very origin gets anything. Each comparison is also
 * made with the connected page, where it must come out different: else it would see nothing for being blind.
 *
 * Not covered: how long refused loads take, prerendered documents.
 */
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test, vi } from 'vitest';
import type { LogEntry } from '../standin/http/traffic-log.ts';
import type { BrowserUnderTest, PageUnderTest } from './browser/browser-under-test.ts';
import { writeIdleExtension } from './browser/plain-browser.ts';
import { withDeadline } from './machine/deadline.ts';
import { connected, otherPort, setProbePages, unconnected } from './page/stealth-pages.ts';
import {
  askAround,
  askFrames,
  loadPackaged,
  observe,
  type FrameReport,
} from './page/stealth-probes.ts';
import { launchBrowser } from './steps/open-browser.ts';
import {
  browserName,
  callThreelo,
  connectPage,
  openSetting,
  signedInPage,
  type Setting,
} from './steps/steps.ts';

const myself = '/rest/api/3/myself';

let setting: Setting;
let page: PageUnderTest;
let scratch: string;

/** What a browser without the extension shows. */
const clean = {
  seen: new Map<string, Record<string, unknown>>(),
  endings: {} as Record<string, string>,
  requests: new Map<string, Record<string, string[]>>(),
};

beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'threelo-stealth-'));
  setting = await openSetting();
  setProbePages(setting.standin.pages);
  await recordClean();
  page = await signedInPage(setting, { url: `${connected}/probe`, scopes: ['write:jira-work'] });
  await connectPage(setting, page, { access: 'Read and write' });
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
});
afterAll(async () => {
  await setting.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

/** Opens an address afresh and observes it. */
async function observeAt(browser: BrowserUnderTest, url: string): Promise<Record<string, unknown>> {
  const probe = await browser.openPage(url);
  const seen = await probe.evaluate(observe);
  await probe.close();
  return seen;
}

/** Every path of the build, its root, and two that no build has. */
function packagedPaths(): string[] {
  const build = path.resolve(
    import.meta.dirname,
    '../../dist',
    browserName() === 'chromium' ? 'chrome' : 'firefox',
  );
  const files = readdirSync(build, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => path.relative(build, path.join(entry.parentPath, entry.name)));
  expect(files).toContain('manifest.json');
  return ['no-such-file.js', 'no/such/page.html', '', '_generated_background_page.html', ...files];
}

/** Sends the probes of a page that is open, and gathers the headers under which each arrived. */
async function requestsOf(probe: PageUnderTest): Promise<Record<string, string[]>> {
  const { log } = setting.standin;
  log.clear();
  await probe.evaluate(askAround);
  const isProbe = ({ path: asked }: LogEntry): boolean => asked.startsWith('/probe/');
  const last = log.waitFor((entry) => entry.path === '/probe/beacon');
  await withDeadline(last, 'the last probe to be sent');
  const sent = log.filter((entry) => isProbe(entry) && entry.method !== 'OPTIONS');
  return Object.fromEntries(
    sent.map(({ method, host, path: asked, headers }) => [
      `${method} ${host}${asked}`,
      Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    ]),
  );
}

async function recordClean(): Promise<void> {
  const browser = await launchBrowser(browserName(), {
    buildDir: writeIdleExtension(path.join(scratch, 'idle')),
    proxyPort: setting.standin.proxyPort,
    spkiSha256Base64: setting.standin.spkiSha256Base64,
    firstRun: 'leave',
  });
  try {
    for (const origin of [connected, unconnected, otherPort])
      clean.seen.set(origin, await observeAt(browser, `${origin}/probe`));
    for (const origin of [connected, unconnected]) {
      const probe = await browser.openPage(`${origin}/probe`);
      clean.requests.set(origin, await requestsOf(probe));
      if (origin === unconnected)
        clean.endings = await probe.evaluate(
          loadPackaged,
          setting.browser.extensionOrigin,
          packagedPaths(),
        );
      await probe.close();
    }
  } finally {
    await browser.close();
  }
}

test('globals, DOM, listeners, messages: an unconnected page sees what it sees without the extension', async () => {
  expect(await observeAt(setting.browser, `${unconnected}/probe`)).toEqual(
    clean.seen.get(unconnected),
  );
});

test('the same observation at the connected page differs', async () => {
  const seen = await observeAt(setting.browser, `${connected}/probe`);
  expect(seen['window']).toContain('threelo');
  expect(seen['messages']).toContain('{"threelo":"threelo:port"} with 1 ports');
  expect(clean.seen.get(connected)?.['window']).not.toContain('threelo');
  expect(clean.seen.get(connected)?.['messages']).toEqual(['"settle" with 0 ports']);
});

test('another port of the connected host is another origin', async () => {
  expect(await observeAt(setting.browser, `${otherPort}/probe`)).toEqual(clean.seen.get(otherPort));
});

test.each(['unconnected page', 'connected page'])(
  'every packaged path fails for a %s as one that does not exist, and as without the extension',
  async (who) => {
    const probe = await setting.browser.openPage(
      `${who === 'unconnected page' ? unconnected : connected}/probe`,
    );
    const paths = packagedPaths();
    const endings = await probe.evaluate(loadPackaged, setting.browser.extensionOrigin, paths);
    await probe.close();
    expect(Object.keys(endings)).toHaveLength(paths.length);
    expect(endings).toEqual(
      Object.fromEntries(paths.map((at) => [at, endings['no-such-file.js']])),
    );
    expect(endings).toEqual(clean.endings);
  },
);

test.each([
  ['an unconnected page', unconnected],
  ['the connected page itself', connected],
])('requests of %s leave as they would in a clean profile', async (_, origin) => {
  const probe = await setting.browser.openPage(`${origin}/probe`);
  const requests = await requestsOf(probe);
  await probe.close();
  expect(Object.keys(requests).length).toBeGreaterThan(10);
  expect(requests['POST api.atlassian.com/probe/post']).toContain(`origin: ${origin}`);
  expect(requests).toEqual(clean.requests.get(origin));
});

test("the rule for requests is in force all the while, for the extension's own", async () => {
  setting.standin.log.clear();
  await callThreelo(page, '/rest/api/3/echo', { method: 'POST', body: 'x' });
  const [own] = setting.standin.log.requests({ host: 'api.atlassian.com', method: 'POST' });
  expect(own?.headers['user-agent']).toMatch(/^Threelo\//u);
  expect(own?.headers).not.toHaveProperty('origin');
});

/** Breaks the page's policy once on purpose, and answers what was reported until then, that included. */
async function reportsUntilOwn(
  probe: PageUnderTest,
): Promise<{ events: string[]; reports: string[] }> {
  await probe.evaluate(async () => {
    const seen = new Promise((resolve) => {
      document.addEventListener('securitypolicyviolation', resolve, { once: true });
    });
    new Image().src = 'https://frame.example/on-purpose';
    await seen;
  });
  const { log } = setting.standin;
  const reported = log.waitFor(
    ({ path: asked, bodyText }) => asked === '/reports' && bodyText.includes('on-purpose'),
  );
  await withDeadline(reported, 'the violation to be reported', 60_000);
  return {
    events: await probe.evaluate(() => window.watched.violations),
    reports: log
      .requests({ path: '/reports' })
      .map(({ bodyText }) => bodyText)
      .filter((report) => !report.includes('favicon.ico')),
  };
}

test.each([
  ['an unconnected page', unconnected],
  ['the connected page, which works there too', connected],
])("under default-src 'none' nothing is reported to %s", async (_, origin) => {
  setting.standin.log.clear();
  const probe = await setting.browser.openPage(`${origin}/strict`);
  if (origin === connected) expect(await callThreelo(probe, myself)).toMatchObject({ status: 200 });
  const { events, reports } = await reportsUntilOwn(probe);
  await probe.close();
  expect(events).toEqual([expect.stringContaining('img-src https://frame.example')]);
  expect(reports).toHaveLength(1);
});

const nothing = (name: string, origin: string): FrameReport => ({
  name,
  origin,
  hasApi: false,
  heard: [],
});

test('in a connected page no frame gets anything, of whatever origin', async () => {
  const tab = await setting.browser.openPage(`${connected}/frames`);
  expect(await callThreelo(tab, myself)).toMatchObject({ status: 200 });
  const reports = await tab.evaluate(askFrames, 9);
  expect(reports).toEqual([
    nothing('data', 'null'),
    nothing('inner of dashboard.example', connected),
    nothing('inner of dashboard.example', connected),
    nothing('inner of dashboard.example', connected),
    nothing('inner of dashboard.example', 'null'),
    nothing('inner of frame.example', 'https://frame.example'),
    nothing('nest of frame.example', 'https://frame.example'),
    nothing('sandboxed srcdoc', 'null'),
    nothing('srcdoc', connected),
  ]);
  const blank = await tab.evaluate(() =>
    ['blank', 'about'].map((name) => {
      const child = window.open('', name);
      return [child?.location.href, child !== null && 'threelo' in child];
    }),
  );
  expect(blank).toEqual([
    ['about:blank', false],
    ['about:blank', false],
  ]);
  // The frames asked the top document for a port in the extension's own words: it answers its own alone.
  // (Frames of its own origin call by the top document's own function; they can reach `threelo` there as well.)
  const count = async (text: string): Promise<number> => {
    const heard = await tab.evaluate(() => window.watched.messages);
    return heard.filter((one) => one === text).length;
  };
  expect(await count('{"threelo":"threelo:shim"} with 0 ports, of a frame')).toBe(5);
  // The answer to the last question may be on its way.
  const asked = await count('{"threelo":"threelo:shim"} with 0 ports');
  await vi.waitUntil(
    async () => (await count('{"threelo":"threelo:port"} with 1 ports')) >= asked,
    {
      timeout: 15_000,
    },
  );
  expect(await count('{"threelo":"threelo:port"} with 1 ports')).toBe(asked);
  await tab.close();
});

test('an unconnected page that frames the connected origin gets nothing, and neither does its frame', async () => {
  const tab = await setting.browser.openPage(`${unconnected}/framer`);
  expect(await tab.evaluate(askFrames, 3)).toEqual([
    nothing('inner of dashboard.example', connected),
    nothing('inner of dashboard.example', connected),
    nothing('nest of evil.example', unconnected),
  ]);
  expect(await tab.evaluate(() => 'threelo' in window)).toBe(false);
  const heard = await tab.evaluate(() => window.watched.messages);
  expect(heard.filter((text) => text.includes('threelo:port'))).toEqual([]);
  await tab.close();
});

test('a sandboxed document at an address of the connected origin gets nothing', async () => {
  const tab = await setting.browser.openPage(`${connected}/sandboxed`);
  const seen = await tab.evaluate(async () => {
    for (const call of ['threelo:shim', 'threelo:content', 'settle']) {
      const told = new Promise((resolve) => {
        window.addEventListener('message', resolve, { once: true });
      });
      postMessage({ threelo: call }, '*');
      await told;
    }
    return { origin: self.origin, hasApi: 'threelo' in window, heard: window.watched.messages };
  });
  await tab.close();
  expect(seen).toEqual({
    origin: 'null',
    hasApi: false,
    heard: ['shim', 'content', 'settle'].map((call) =>
      call === 'settle'
        ? '{"threelo":"settle"} with 0 ports'
        : `{"threelo":"threelo:${call}"} with 0 ports`,
    ),
  });
});

test('after Disconnect and a reload the page sees a clean profile again', async () => {
  await page.bringToFront();
  const popup = await setting.browser.openPopup();
  await popup.click('Disconnect');
  await popup.waitForControl('Connect this page');
  await popup.close();
  await page.reload();
  expect(await page.evaluate(observe)).toEqual(clean.seen.get(connected));
  expect(await observeAt(setting.browser, `${connected}/probe`)).toEqual(clean.seen.get(connected));
});

test('a connected port other than the default one works, and shows the default one nothing', async () => {
  const url = `${unconnected}:8443/probe`;
  const tab = await setting.browser.openPage(url);
  await connectPage(setting, tab);
  expect(await callThreelo(tab, myself)).toMatchObject({ status: 200 });
  await tab.reload();
  expect(await callThreelo(tab, myself)).toMatchObject({ status: 200 });
  expect(await observeAt(setting.browser, `${unconnected}/probe`)).toEqual(
    clean.seen.get(unconnected),
  );
});
