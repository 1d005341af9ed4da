import { resolve } from 'node:path';
import { startStandin, type Standin } from '../../standin/standin.ts';
import {
  BROWSER_NAMES,
  type BrowserName,
  type BrowserUnderTest,
  type LaunchOptions,
  type PageUnderTest,
} from '../browser/browser-under-test.ts';
import { withDeadline } from '../machine/deadline.ts';
import { closeFirstRun, firstRunUrl, launchBrowser } from './open-browser.ts';

/** A call may wait for a refresh and for an answer, for each as long as the extension has patience. */
const CALL_DEADLINE_MS = 50_000;

/** The address of the page that tests connect. */
export const dashboard = 'https://dashboard.example/';
/** What the person types as the client: 40 and more characters, so that a search for the secret means something. */
export const team = {
  name: 'Team',
  clientId: 'team-client',
  clientSecret: 'team-secret-Qx7Zr2Lm9Kd4Ws8Hn3Vb6Tj1Fy5Gp0Cu-Aa',
} as const;

/** The three fields that a person has to fill in. */
export type TypedClient = Readonly<Record<keyof typeof team, string>>;

/** A stand-in and a browser with the shipped build, talking to each other alone. */
export interface Setting {
  readonly standin: Standin;
  readonly browser: BrowserUnderTest;
  close(): Promise<void>;
}

/** Which browser this run drives: THREELO_BROWSER, else Chromium. */
export function browserName(): BrowserName {
  const wanted = process.env['THREELO_BROWSER'] ?? 'chromium';
  const name = BROWSER_NAMES.find((known) => known === wanted);
  if (name === undefined)
    throw new Error(`THREELO_BROWSER is ${wanted}; it can be ${BROWSER_NAMES.join(' or ')}`);
  return name;
}

/** Where the build for this run's browser lies. */
export function builtPackage(): string {
  const target = browserName() === 'chromium' ? 'chrome' : 'firefox';
  return resolve(import.meta.dirname, '../../../dist', target);
}

/**
 * Starts both; whoever starts them closes them. Chromium opens the tab of the first run only after some seconds, and not where there
 * is a client by then: so it is not waited for, and whoever adds the first client calls {@link settleFirstRun}.
 */
export async function openSetting(launch: Partial<LaunchOptions> = {}): Promise<Setting> {
  const name = browserName();
  const standin = await startStandin();
  standin.pages.set('dashboard.example', '/', {
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>Dashboard</title><h1>Dashboard</h1>',
  });
  const browser = await launchBrowser(name, {
    buildDir: builtPackage(),
    proxyPort: standin.proxyPort,
    spkiSha256Base64: standin.spkiSha256Base64,
    firstRun: name === 'chromium' ? 'leave' : 'close',
    ...launch,
  });
  return {
    standin,
    browser,
    close: async () => {
      await browser.close();
      await standin.close();
    },
  };
}

/** After the first client was added: the tab of the first run is closed if it opened before, and does not open any more. */
export async function settleFirstRun({ browser }: Setting): Promise<void> {
  if (await browser.hasOtherTab()) await closeFirstRun(browser);
}

/** Adds a client in the options page as a person does, and registers its callback URL with the stand-in. */
export async function addClient(
  setting: Setting,
  client: TypedClient = team,
  scopes: readonly string[] = [],
): Promise<PageUnderTest> {
  const { standin, browser } = setting;
  const options = await browser.openExtensionPage('options/index.html');
  await options.click('Add client');
  const callbackUrl = await fillClient(options, client);
  // Granular scopes, such as `read:page:confluence`, are typed.
  const typed = scopes.filter((scope) => /^[^:]+:[^:]+:[^:]+$/u.test(scope));
  await options.fill('Add scope', typed.join(' '));
  for (const scope of scopes)
    if (!typed.includes(scope)) await options.check({ role: 'checkbox', name: scope });
  await options.click('Save');
  await options.waitForText(client.clientId);
  await settleFirstRun(setting);
  standin.apps.add({ ...client, callbackUrls: [callbackUrl] });
  return options;
}

/** The tab that opens after the installation, in front at its first step; behind it the page that is to be connected. */
export interface FirstRun {
  readonly firstRun: PageUnderTest;
  readonly page: PageUnderTest;
}

/** Opens a page behind the tab of the first run, and registers its callback URL with the stand-in. The browser was launched with `firstRun: 'leave'`. */
export async function openFirstRun({ standin, browser }: Setting): Promise<FirstRun> {
  // It may still be opening, and would come to the front after the page.
  const firstRun = await browser.waitForTab(firstRunUrl);
  const page = await browser.openPage(dashboard);
  await firstRun.bringToFront();
  await firstRun.waitForText('Step 1 of 4');
  standin.apps.add({ ...team, callbackUrls: [await callbackUrlIn(firstRun)] });
  return { firstRun, page };
}

/** Fills in the three fields that suffice; resolves to the callback URL that the editor shows. */
export async function fillClient(options: PageUnderTest, client: TypedClient): Promise<string> {
  await options.fill('Name', client.name);
  await options.fill('Client ID', client.clientId);
  await options.fill('Client secret', client.clientSecret);
  return callbackUrlIn(options);
}

/** The callback URL that the editor shows, once the worker has returned it for the endpoint as typed. */
export function callbackUrlIn(options: PageUnderTest): Promise<string> {
  return options.evaluate(
    () =>
      new Promise<string>((resolve) => {
        const look = (): void => {
          const { value = '' } =
            document.querySelector<HTMLInputElement>('#callback-url') ?? ({} as { value?: string });
          if (value === '') requestAnimationFrame(look);
          else resolve(value);
        };
        look();
      }),
  );
}

/** Starts a sign-in from the popup over the tab in front; resolves to the window in which the person answers. */
export async function startSignIn(
  { browser }: Setting,
  button = 'Sign in',
): Promise<PageUnderTest> {
  const popup = await browser.openPopup();
  await popup.click(button);
  return browser.waitForAuthWindow();
}

/** Logs in and consents in the auth window. Atlassian's clouds call the button *Accept*, the other systems *Allow*. */
export async function consent(
  auth: PageUnderTest,
  account: 'Ada' | 'Bo' = 'Ada',
  button: 'Accept' | 'Allow' = 'Accept',
): Promise<void> {
  await auth.click({ name: new RegExp(`Log in as ${account}`, 'u') });
  await auth.waitForText(button);
  await auth.click(button);
  await auth.waitForClosed();
}

/** Signs an account out in the popup, which says first what ends. */
export async function signOut(popup: PageUnderTest, account: string): Promise<void> {
  await popup.click({ role: 'button', name: new RegExp(`^${account}`, 'iu') });
  // A click that missed, because the list moved, has opened another row too.
  const button = { role: 'button', name: 'Sign out', within: account };
  await popup.click(button);
  const question = new RegExp(`Sign out ${account}.*\\?`, 'iu');
  await popup.waitForText(question);
  await popup.click(button);
  await popup.waitForNoText(question);
}

/** A page with a client and a session, not connected yet. */
export async function signedInPage(
  setting: Setting,
  { url = dashboard, scopes = [] }: { url?: string; scopes?: readonly string[] } = {},
): Promise<PageUnderTest> {
  await addClient(setting, team, scopes);
  const page = await setting.browser.openPage(url);
  await consent(await startSignIn(setting));
  await page.bringToFront();
  return page;
}

/** What a person allows a page. */
export interface ConnectChoice {
  /** The sites to tick, as their checkboxes are named; Acme's Jira by default. */
  readonly sites?: readonly string[];
  readonly access?: 'Read' | 'Read and write';
}

/** Connects the page in front: popup, panel, and the browser's own prompt. */
export async function connectPage(
  { browser }: Setting,
  page: PageUnderTest,
  { sites, access = 'Read' }: ConnectChoice = {},
): Promise<void> {
  const popup = await browser.openPopup();
  await tickSites(popup, sites);
  if (access !== 'Read') await popup.click({ role: 'radio', name: access });
  await popup.click('Connect');
  await browser.answerPermissionPrompt('allow');
  await waitForApi(page);
}

/** Opens the panel that connects the page in front, and ticks sites in it. */
export async function tickSites(
  popup: PageUnderTest,
  sites: readonly string[] = ['Acme Jira'],
): Promise<void> {
  await popup.click('Connect this page');
  for (const site of sites) await popup.check({ role: 'checkbox', name: new RegExp(site, 'u') });
}

/** Waits until the page has the API. */
export async function waitForApi(page: PageUnderTest): Promise<void> {
  const isThere = page.evaluate(async () => {
    if ('threelo' in window) return;
    await new Promise((ready) => {
      window.addEventListener('threelo:ready', ready, { once: true });
    });
  });
  await withDeadline(isThere, 'the page to get the API');
}

/** The result of a call, as far as it can leave the page. */
export interface Called {
  readonly status?: number;
  readonly url?: string;
  readonly text?: string;
  readonly code?: string;
}

/** Calls `threelo.fetch` in the page and returns the response, or the code of the fault. */
export async function callThreelo(
  page: PageUnderTest,
  input: string,
  init: RequestInit = {},
): Promise<Called> {
  await waitForApi(page);
  const called = page.evaluate(
    async (path, options): Promise<Called> => {
      try {
        const response = await window.threelo.fetch(path, options);
        return { status: response.status, url: response.url, text: await response.text() };
      } catch (thrown) {
        return { code: (thrown as { code?: string }).code ?? String(thrown) };
      }
    },
    input,
    init as Record<string, string>,
  );
  return withDeadline(called, `threelo.fetch to settle for ${input}`, CALL_DEADLINE_MS);
}
