import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type {
  BrowserUnderTest,
  LaunchOptions,
  PageUnderTest,
} from '../browser/browser-under-test.ts';
import type { PageDriver } from '../browser/page-driver.ts';
import { readShippedManifest, type ShippedManifest } from '../browser/shipped-manifest.ts';
import { pollUntil, withDeadline } from '../machine/deadline.ts';
import { openDisplay, screenshotDisplay, type Display } from '../machine/display.ts';
import { findFirefox } from '../machine/find-binary.ts';
import { isFitting, loaded, pageUnderTest } from '../page/page-actions.ts';
import { quitFirefox, startFirefox, type FirefoxConnection } from './firefox-connection.ts';
import { firefoxPage } from './firefox-page.ts';
import { openFirefoxPopup } from './firefox-popup.ts';
import { prepareFirefoxProfile } from './firefox-profile.ts';
import { answerFirefoxPrompt } from './firefox-prompt.ts';
import { withdrawInFirefox } from './firefox-site-access.ts';
import { copyStartupCache } from './startup-cache.ts';

/** Starts Firefox with a window, the build installed as a kept add-on, and the stand-in as its only network. */
export async function launchFirefox(options: LaunchOptions): Promise<BrowserUnderTest> {
  const binary = findFirefox();
  if (binary === undefined)
    throw new Error('no Firefox found; install it or name it in THREELO_FIREFOX');
  const manifest = readShippedManifest(options.buildDir);
  const { geckoId } = manifest;
  if (geckoId === undefined)
    throw new Error(
      `${options.buildDir} has no gecko id in its manifest; is it the Firefox build?`,
    );
  const display = await openDisplay(options.headedDisplay);
  const profileDir = options.profileDir ?? (await mkdtemp(path.join(tmpdir(), 'threelo-firefox-')));
  const start = async (): Promise<Running> => {
    await mkdir(profileDir, { recursive: true });
    copyStartupCache(profileDir);
    prepareFirefoxProfile(profileDir, options, geckoId);
    const firefox = await startFirefox(binary, profileDir, display, options.consoleFile);
    const host = await withDeadline(
      firefox.inChrome(extensionHostInChrome, [geckoId]),
      `the extension of ${options.buildDir} to start`,
    );
    const [startPage] = await contextsOf(firefox);
    for (const path of options.alsoInstalled ?? [])
      await firefox.bidi.send('webExtension.install', { extensionData: { type: 'path', path } });
    return {
      firefox,
      extensionOrigin: `moz-extension://${host}`,
      // The tab of the first run may be open already.
      claimed: new Set(startPage ? [startPage.context] : []),
      update: async () => {
        const extensionData = { type: 'path', path: options.buildDir };
        await firefox.bidi.send('webExtension.install', { extensionData });
      },
    };
  };
  try {
    return firefoxUnderTest(
      await start(),
      start,
      display,
      profileDir,
      { ...manifest, geckoId },
      options.profileDir === undefined,
    );
  } catch (error) {
    await display.close();
    throw error;
  }
}

interface Running {
  readonly firefox: FirefoxConnection;
  readonly extensionOrigin: string;
  /** Browsing contexts that a caller holds already. */
  readonly claimed: Set<string>;
  readonly update: () => Promise<void>;
}

interface ContextInfo {
  readonly context: string;
  readonly url: string;
}

async function contextsOf(firefox: FirefoxConnection): Promise<readonly ContextInfo[]> {
  return (
    (await firefox.bidi.send('browsingContext.getTree', { maxDepth: 0 })) as {
      contexts: ContextInfo[];
    }
  ).contexts;
}

function firefoxUnderTest(
  first: Running,
  start: () => Promise<Running>,
  display: Display,
  profileDir: string,
  manifest: ShippedManifest & { geckoId: string },
  isOwnProfile: boolean,
): BrowserUnderTest {
  let running = first;

  const adopt = (context: string, kind: PageDriver['kind']): PageDriver => {
    running.claimed.add(context);
    return firefoxPage(running.firefox, context, kind);
  };
  const open = async (type: 'tab' | 'window', url: string): Promise<PageUnderTest> => {
    const { context } = (await running.firefox.bidi.send('browsingContext.create', {
      type,
    })) as { context: string };
    const page = pageUnderTest(adopt(context, 'tab'));
    await page.goto(url);
    return page;
  };
  const openTab = async (url: string): Promise<PageUnderTest> => {
    const page = await open('tab', url);
    await page.bringToFront();
    return page;
  };
  const waitForUnclaimed = (
    fits: (url: string) => boolean,
    awaited: string,
  ): Promise<ContextInfo> =>
    pollUntil(
      async () =>
        (await contextsOf(running.firefox)).find(
          ({ context, url }) => !running.claimed.has(context) && fits(url),
        ),
      awaited,
    );
  const end = async (how: 'quit' | 'sigkill'): Promise<void> => {
    const { bidi, process } = running.firefox;
    if (how === 'quit') return quitFirefox(running.firefox);
    await process.end('SIGKILL');
    bidi.close();
  };

  return {
    name: 'firefox',
    get extensionOrigin() {
      return running.extensionOrigin;
    },
    profileDir,
    openPage: openTab,
    openWindow: (url) => open('window', url),
    openExtensionPage: (file) => openTab(`${running.extensionOrigin}/${file}`),
    openPopup: async (beforeKey) =>
      pageUnderTest(
        await openFirefoxPopup(
          running.firefox,
          display,
          `${running.extensionOrigin}/${manifest.popupPath}`,
          manifest.popupShortcut,
          beforeKey,
        ),
      ),
    async waitForTab(url) {
      const { context } = await waitForUnclaimed(
        (open) => isFitting(open, url),
        `a tab at ${String(url)}`,
      );
      return loaded(adopt(context, 'tab'), url);
    },
    hasOtherTab: async () =>
      (await contextsOf(running.firefox)).some(({ context }) => !running.claimed.has(context)),
    async waitForAuthWindow() {
      const { context } = await waitForUnclaimed((url) => /^https?:/.test(url), 'the auth window');
      return pageUnderTest(adopt(context, 'window'));
    },
    async waitForExtensionWindow(pathPart) {
      const isWanted = (url: string): boolean =>
        url.startsWith(running.extensionOrigin) && url.includes(pathPart);
      const { context } = await waitForUnclaimed(
        isWanted,
        `a window of the extension with ${pathPart}`,
      );
      return loaded(adopt(context, 'window'), pathPart);
    },
    answerPermissionPrompt: (answer) => answerFirefoxPrompt(running.firefox, display, answer),
    withdrawHostPermission: (origin) =>
      withdrawInFirefox(openTab, running.firefox, manifest.geckoId, origin),
    waitForSettingsOnDisk: async () => {}, // Firefox writes each answer at once
    async killWorker() {
      if (!(await running.firefox.inChrome(isBackgroundRunningInChrome, [manifest.geckoId])))
        throw new Error('no background page runs that could be killed');
      await withDeadline(
        running.firefox.inChrome(terminateInChrome, [manifest.geckoId]),
        'the background page to end',
      );
    },
    isWorkerRunning: () =>
      running.firefox.inChrome(isBackgroundRunningInChrome, [manifest.geckoId]),
    workerMemoryBytes: () =>
      withDeadline(
        running.firefox.inChrome(extensionMemoryInChrome, []),
        'the process of extensions to report its memory',
      ),
    update: () => running.update(),
    async restart(how, whileEnded) {
      await end(how);
      whileEnded?.();
      running = await start();
    },
    quit: () => end('quit'),
    screenshot: (file) => screenshotDisplay(display, file),
    async close() {
      try {
        await end('sigkill');
      } finally {
        await display.close();
        if (isOwnProfile) await rm(profileDir, { recursive: true, force: true, maxRetries: 5 });
      }
    },
  };
}

async function extensionHostInChrome(id: string): Promise<string> {
  const policy = WebExtensionPolicy.getByID(id);
  if (!policy) throw new Error(`Firefox did not install ${id}`);
  await policy.readyPromise;
  return policy.mozExtensionHostname;
}

function isBackgroundRunningInChrome(id: string): boolean {
  return WebExtensionPolicy.getByID(id)?.extension.backgroundState === 'running';
}

/** Bytes allocated in the process of extensions, after a garbage collection there. */
async function extensionMemoryInChrome(): Promise<number> {
  const name = `memory:${Math.random()}`;
  const script = `if (Services.appinfo.remoteType === 'extension') {
    Cu.forceGC();
    Cu.forceCC();
    Cu.forceGC();
    const reporter = Cc['@mozilla.org/memory-reporter-manager;1'].getService(Ci.nsIMemoryReporterManager);
    sendAsyncMessage(${JSON.stringify(name)}, reporter.heapAllocated);
  }`;
  const { ppmm } = Services;
  return new Promise((resolve) => {
    const listener = {
      receiveMessage({ data }: { data: number }): void {
        ppmm.removeMessageListener(name, listener);
        resolve(data);
      },
    };
    ppmm.addMessageListener(name, listener);
    ppmm.loadProcessScript(`data:,${encodeURIComponent(script)}`, false);
  });
}

async function terminateInChrome(id: string): Promise<void> {
  await WebExtensionPolicy.getByID(id)?.extension.terminateBackground({
    disableResetIdleForTest: true,
  });
}
