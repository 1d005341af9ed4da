import { rm } from 'node:fs/promises';
import puppeteer, { TargetType, type Browser, type CDPSession, type Target } from 'puppeteer-core';
import type {
  BrowserUnderTest,
  LaunchOptions,
  PageUnderTest,
} from '../browser/browser-under-test.ts';
import type { PageDriver } from '../browser/page-driver.ts';
import { readShippedManifest, type ShippedManifest } from '../browser/shipped-manifest.ts';
import { DEFAULT_DEADLINE_MS, withDeadline } from '../machine/deadline.ts';
import { openDisplay, screenshotDisplay, type Display } from '../machine/display.ts';
import { findChromium } from '../machine/find-binary.ts';
import { ownGroup, signalGroup } from '../machine/owned-process.ts';
import { xdotool } from '../machine/xdotool.ts';
import { waitInPage } from '../page/call-in-page.ts';
import { isFitting, loaded, pageUnderTest } from '../page/page-actions.ts';
import { chromiumArguments, CHROMIUM_ENV } from './chromium-arguments.ts';
import { workerHeapBytes } from './chromium-memory.ts';
import { chromiumPage } from './chromium-page.ts';
import { answerChromiumPrompt, waitForFocusInPage } from './chromium-prompt.ts';
import { newChromiumProfile, waitForSettingsOnDisk } from './chromium-settings.ts';
import { withdrawInChromium } from './chromium-site-access.ts';

/** A debugger attached to a worker keeps it alive, so nothing attaches. */
const UNATTACHED = new Set(['service_worker', 'shared_worker', 'worker']);

/** How long Chromium may take to answer one command; waits have deadlines of their own, which are shorter. */
const COMMAND_DEADLINE_MS = 60_000;

/** Starts Chromium with a window, the build installed, and the stand-in as its only network. */
export async function launchChromium(options: LaunchOptions): Promise<BrowserUnderTest> {
  const executablePath = findChromium();
  if (executablePath === undefined)
    throw new Error('no Chromium found; install it or name it in THREELO_CHROMIUM');
  const manifest = readShippedManifest(options.buildDir);
  const display = await openDisplay(options.headedDisplay);
  const profileDir = options.profileDir ?? (await newChromiumProfile());
  const start = (): Promise<Running> => startChromium(executablePath, options, profileDir, display);
  try {
    return chromiumUnderTest(
      await start(),
      start,
      display,
      profileDir,
      manifest,
      options.profileDir === undefined,
    );
  } catch (error) {
    await display.close();
    throw error;
  }
}

interface Running {
  readonly browser: Browser;
  readonly session: CDPSession;
  readonly extensionOrigin: string;
  /** Pages that a caller holds already. */
  readonly claimed: Set<Target>;
  readonly drivers: Set<PageDriver>;
  readonly update: () => Promise<void>;
}

async function startChromium(
  executablePath: string,
  options: LaunchOptions,
  profileDir: string,
  display: Display,
): Promise<Running> {
  const browser = await puppeteer.launch({
    executablePath,
    headless: false,
    pipe: true,
    protocolTimeout: COMMAND_DEADLINE_MS,
    enableExtensions: true,
    defaultViewport: null,
    userDataDir: profileDir,
    env: { ...process.env, ...CHROMIUM_ENV, DISPLAY: display.name },
    targetFilter: (target) => !UNATTACHED.has(target.type()),
    ignoreDefaultArgs: ['--enable-automation'],
    args: chromiumArguments(options),
  });
  const ended = new Promise<void>(
    (resolve) => void browser.process()?.once('exit', () => resolve()),
  );
  const groupId = browser.process()?.pid;
  if (groupId !== undefined) ownGroup(groupId, ended);
  const session = await browser.target().createCDPSession();
  const extensionOrigin = await withDeadline(
    waitForWorkerOrigin(session),
    `the extension of ${options.buildDir} to start its worker`,
  );
  for (const directory of options.alsoInstalled ?? []) await browser.installExtension(directory);
  const [first] = browser.targets().filter((target) => target.type() === TargetType.PAGE);
  return {
    browser,
    session,
    extensionOrigin,
    claimed: new Set(first ? [first] : []),
    drivers: new Set(),
    update: async () => {
      await browser.installExtension(options.buildDir);
    },
  };
}

async function waitForWorkerOrigin(session: CDPSession): Promise<string> {
  const found = new Promise<string>((resolve) => {
    session.on('Target.targetCreated', ({ targetInfo }) => {
      if (targetInfo.type === 'service_worker' && targetInfo.url.startsWith('chrome-extension://'))
        resolve(new URL(targetInfo.url).href.split('/').slice(0, 3).join('/'));
    });
  });
  await session.send('Target.setDiscoverTargets', { discover: true });
  return found;
}

function chromiumUnderTest(
  first: Running,
  start: () => Promise<Running>,
  display: Display,
  profileDir: string,
  manifest: ShippedManifest,
  isOwnProfile: boolean,
): BrowserUnderTest {
  let running = first;
  let settingsChangedAtMs = Date.now();

  const adopt = async (target: Target, kind: PageDriver['kind']): Promise<PageDriver> => {
    running.claimed.add(target);
    const page = kind === 'popup' ? await target.asPage() : await target.page();
    if (!page) throw new Error(`no page behind ${target.url()}`);
    // A key would go to whichever window has the focus, and that is not always the popup.
    const closePopup =
      kind === 'popup'
        ? () => page.evaluate(() => window.close()).catch(() => undefined)
        : undefined;
    const driver = chromiumPage(page, target, kind, display.name, closePopup);
    const { drivers } = running;
    drivers.add(driver);
    void driver.gone.then(() => drivers.delete(driver));
    return driver;
  };
  const openTab = async (url: string): Promise<PageUnderTest> => {
    const tab = await running.browser.newPage();
    // oxlint-disable-next-line typescript/no-deprecated -- the only way from a page to the target that tells when it is gone
    const driver = await adopt(tab.target(), 'tab');
    const page = pageUnderTest(driver);
    await page.goto(url);
    await page.bringToFront();
    return page;
  };
  const waitForUnclaimed = async (
    fits: (url: string) => boolean,
    awaited: string,
  ): Promise<Target> => {
    try {
      return await running.browser.waitForTarget(
        (target) =>
          target.type() === TargetType.PAGE && !running.claimed.has(target) && fits(target.url()),
        { timeout: DEFAULT_DEADLINE_MS },
      );
    } catch (error) {
      throw new Error(
        `waited ${DEFAULT_DEADLINE_MS} ms for ${awaited}; open: ${running.browser
          .targets()
          .map((target) => target.url())
          .join(', ')}`,
        { cause: error },
      );
    }
  };
  const workerTarget = async (): Promise<string | undefined> => {
    const { targetInfos } = await running.session.send('Target.getTargets');
    return targetInfos.find(
      (info) =>
        info.type === 'service_worker' && info.url.startsWith(`${running.extensionOrigin}/`),
    )?.targetId;
  };
  const end = async (how: 'quit' | 'sigkill'): Promise<void> => {
    const child = running.browser.process();
    if (!child?.pid) return;
    const ended =
      child.exitCode === null && child.signalCode === null
        ? new Promise<void>((resolve) => void child.once('exit', () => resolve()))
        : Promise.resolve();
    if (how === 'quit') await running.browser.close();
    else signalGroup(child.pid, 'SIGKILL');
    await withDeadline(ended, `Chromium to end (${how})`);
    signalGroup(child.pid, 'SIGKILL');
  };

  return {
    name: 'chromium',
    get extensionOrigin() {
      return running.extensionOrigin;
    },
    profileDir,
    openPage: openTab,
    async openWindow(url) {
      const window = await running.browser.newPage({ type: 'window' });
      // oxlint-disable-next-line typescript/no-deprecated -- as in `openTab`
      const page = pageUnderTest(await adopt(window.target(), 'tab'));
      await page.goto(url);
      return page;
    },
    openExtensionPage: (file) => openTab(`${running.extensionOrigin}/${file}`),
    async openPopup(beforeKey) {
      const isPopup = (url: string): boolean =>
        url.startsWith(`${running.extensionOrigin}/${manifest.popupPath}`);
      for (const driver of running.drivers) if (driver.kind === 'popup') await driver.close();
      const awaited = waitForUnclaimed(isPopup, 'the toolbar popup after its shortcut');
      beforeKey?.();
      await xdotool(display.name, ['key', '--clearmodifiers', manifest.popupShortcut]);
      return loaded(await adopt(await awaited, 'popup'), manifest.popupPath);
    },
    async waitForTab(url) {
      const target = await waitForUnclaimed(
        (open) => isFitting(open, url),
        `a tab at ${String(url)}`,
      );
      return loaded(await adopt(target, 'tab'), url);
    },
    hasOtherTab: () =>
      Promise.resolve(
        running.browser
          .targets()
          .some((target) => target.type() === TargetType.PAGE && !running.claimed.has(target)),
      ),
    async waitForAuthWindow() {
      const target = await waitForUnclaimed((url) => /^https?:/.test(url), 'the auth window');
      const driver = await adopt(target, 'window');
      await waitInPage(driver, waitUntilVisible, () => undefined, 'the auth window to be shown');
      // It takes the focus when it is mapped; until then it would take it from whatever comes next.
      await waitInPage(driver, waitForFocusInPage, () => true, 'the auth window to have the focus');
      return pageUnderTest(driver);
    },
    async waitForExtensionWindow(pathPart) {
      const target = await waitForUnclaimed(
        (url) => url.startsWith(running.extensionOrigin) && url.includes(pathPart),
        `a window of the extension with ${pathPart}`,
      );
      return loaded(await adopt(target, 'window'), pathPart);
    },
    async answerPermissionPrompt(answer) {
      await answerChromiumPrompt(display, running.drivers, answer);
      settingsChangedAtMs = Date.now();
    },
    async withdrawHostPermission(origin) {
      await withdrawInChromium(openTab, running.extensionOrigin, origin);
      settingsChangedAtMs = Date.now();
    },
    waitForSettingsOnDisk: () => waitForSettingsOnDisk(profileDir, settingsChangedAtMs),
    async killWorker() {
      const targetId = await workerTarget();
      if (targetId === undefined) throw new Error('no worker runs that could be killed');
      const destroyed = new Promise<void>((resolve) => {
        running.session.on('Target.targetDestroyed', (event) => {
          if (event.targetId === targetId) resolve();
        });
      });
      await running.session.send('Target.closeTarget', { targetId });
      await withDeadline(destroyed, 'the worker to die');
    },
    async workerMemoryBytes() {
      const targetId = await workerTarget();
      if (targetId === undefined) throw new Error('no worker runs');
      return workerHeapBytes(running.session, targetId);
    },
    isWorkerRunning: async () => (await workerTarget()) !== undefined,
    update: () => withDeadline(running.update(), 'the update to be installed'),
    async restart(how, whileEnded) {
      await end(how);
      whileEnded?.();
      running = await start();
      settingsChangedAtMs = Date.now();
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

async function waitUntilVisible(): Promise<void> {
  if (document.visibilityState === 'visible') return;
  await new Promise<void>((resolve) =>
    document.addEventListener('visibilitychange', () => resolve(), { once: true }),
  );
}
