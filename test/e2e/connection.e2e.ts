import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { pollUntil, withDeadline } from './machine/deadline.ts';
import { goBackInPage } from './page/go-back.ts';
import { heldInPage } from './page/in-page-everything.ts';
import {
  browserName,
  callThreelo,
  connectPage,
  consent,
  dashboard,
  openSetting,
  signedInPage,
  signOut,
  startSignIn,
  tickSites,
  waitForApi,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting();
  page = await signedInPage(setting);
});
afterAll(() => setting.close());

const myself = '/rest/api/3/myself';
const hasApi = (tab: PageUnderTest): Promise<boolean> => tab.evaluate(() => 'threelo' in window);

/** The badge and the title of the toolbar button in each tab where the title is its own. Runs in a page of the extension. */
async function markedTabs(): Promise<string[]> {
  interface Action {
    getTitle(of: { tabId?: number }): Promise<string>;
    getBadgeText(of: { tabId?: number }): Promise<string>;
  }
  const scope = globalThis as unknown as {
    readonly browser: {
      readonly action: Action;
      readonly tabs: { query(all: object): Promise<{ id: number }[]> };
    };
  };
  const { action, tabs } = scope.browser;
  const usual = await action.getTitle({});
  const all = await Promise.all(
    (await tabs.query({})).map(async ({ id: tabId }) => {
      const title = await action.getTitle({ tabId });
      return title === usual ? [] : [`${await action.getBadgeText({ tabId })} ${title}`];
    }),
  );
  return all.flat();
}

/** A call that hangs at the service; resolves to how it ended. */
async function hangingCall(): Promise<{ ended: Promise<string>; clientGone: Promise<unknown> }> {
  const hanging = setting.standin.faults.add({ kind: 'hang', match: { path: /serverInfo$/u } });
  const ended = page.evaluate(() =>
    window.threelo.fetch('/rest/api/3/serverInfo').then(
      () => 'answered',
      (thrown: Error & { code?: string }) => thrown.code ?? thrown.message,
    ),
  );
  await withDeadline(hanging.arrived, 'the call to reach the service');
  return {
    ended: withDeadline(ended, 'the call in flight to end', 60_000),
    clientGone: withDeadline(hanging.clientGone, 'the request in flight to be given up', 60_000),
  };
}

test('the API appears in every open tab of the origin without reload, and nowhere else', async () => {
  const second = await setting.browser.openPage(`${dashboard}?second`);
  const other = await setting.browser.openPage('https://evil.example/');
  await page.bringToFront();
  await connectPage(setting, page);
  expect(await callThreelo(second, myself)).toMatchObject({ status: 200 });
  expect(await hasApi(other)).toBe(false);
  await second.close();
  await other.close();
});

test('the toolbar button is marked in the tab of a connected page, and after Back; not over another page', async () => {
  const options = await setting.browser.openExtensionPage('options/index.html');
  const marks = (): Promise<string[]> => options.evaluate(markedTabs);
  const read = ['✓ Threelo – connected: read'];
  await expect.poll(marks).toEqual(read);
  await page.goto('https://evil.example/');
  await expect.poll(marks).toEqual([]);
  await page.evaluate(goBackInPage);
  await page.waitForUrl(dashboard);
  await expect.poll(marks).toEqual(read);
  await options.close();
  await page.bringToFront();
  await waitForApi(page);
});

test('a popup that is open shows the page to which its tab moves on', async () => {
  await page.goto('https://evil.example/');
  const popup = await setting.browser.openPopup();
  await popup.waitForText('Not connected');
  await page.evaluate(goBackInPage);
  await popup.waitForControl('Disconnect');
  expect(await popup.text()).not.toContain('evil.example');
  await waitForApi(page);
});

test('a read connection refuses writes', async () => {
  const write = { method: 'POST', body: '{}' };
  expect(await callThreelo(page, '/rest/api/3/issue', write)).toEqual({ code: 'not_allowed' });
  const search = {
    method: 'POST',
    headers: { 'Content-Type': 'application/json' },
    body: '{"jql":"project = ROC"}',
  };
  expect(await callThreelo(page, '/rest/api/3/search/jql', search)).toMatchObject({ status: 200 });
});

test('Disconnect ends it at once, also for a call in flight', async () => {
  const { ended, clientGone } = await hangingCall();
  const popup = await setting.browser.openPopup();
  await popup.click('Disconnect');
  expect(await ended).toBe('not_connected');
  await clientGone;
  // Calls end first; when the popup shows this, the page script is unregistered too.
  await popup.waitForControl('Connect this page');
  expect(await callThreelo(page, myself)).toEqual({ code: 'not_connected' });
  await page.reload();
  expect(await hasApi(page)).toBe(false);
});

test('a page that was disconnected can be connected again', async () => {
  const popup = await setting.browser.openPopup();
  await tickSites(popup);
  await popup.click('Connect');
  if (setting.browser.name === 'firefox') await setting.browser.answerPermissionPrompt('allow');
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
});

test('a page can give its grant back', async () => {
  await page.evaluate(() => window.threelo.disconnect());
  expect(await callThreelo(page, myself)).toEqual({ code: 'not_connected' });
  await page.reload();
  expect(await hasApi(page)).toBe(false);
  const popup = await setting.browser.openPopup();
  await tickSites(popup);
  await popup.click('Connect');
  if (setting.browser.name === 'firefox') await setting.browser.answerPermissionPrompt('allow');
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
});

test.runIf(browserName() === 'chromium')(
  'the copy of the revisions follows the first, also after a garbage collection',
  async () => {
    await setting.browser.workerMemoryBytes();
    const popup = await setting.browser.openPopup();
    await popup.click('Disconnect');
    await popup.click('Connect again');
    await popup.waitForControl('Disconnect');
    await popup.close();
    const options = await setting.browser.openExtensionPage('options/index.html#/about');
    const revisions = async (): Promise<unknown> => {
      const { revisions: first, 'copied revisions': copied } = await options.evaluate(heldInPage);
      return { isEmpty: first.length === 0, isSame: String(copied) === String(first) };
    };
    await expect.poll(revisions).toEqual({ isEmpty: false, isSame: true });
    await options.close();
    await page.bringToFront();
  },
);

test('withdrawal in the browser suspends it at once, also for a call in flight, and a new permission makes it active again', async () => {
  const { ended, clientGone } = await hangingCall();
  await setting.browser.withdrawHostPermission('https://dashboard.example');
  expect(await ended).toBe('not_connected');
  await clientGone;
  await page.bringToFront();
  expect(await callThreelo(page, myself)).toEqual({ code: 'not_connected' });
  await page.reload();
  expect(await hasApi(page)).toBe(false);
  const popup = await setting.browser.openPopup();
  await popup.waitForText('Suspended');
  await popup.click('Allow again');
  await setting.browser.answerPermissionPrompt('allow');
  await waitForApi(page);
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
});

test('a prompt that is denied connects nothing', async () => {
  const denied = await setting.browser.openPage('https://frame.example/');
  const popup = await setting.browser.openPopup();
  await tickSites(popup);
  await popup.click('Connect');
  await setting.browser.answerPermissionPrompt('deny');
  await denied.reload();
  expect(await hasApi(denied)).toBe(false);
  await denied.close();
});

test('a page is connected although the worker ended while the popup was open', async () => {
  const other = await setting.browser.openPage('https://frame.example/');
  const popup = await setting.browser.openPopup();
  await tickSites(popup);
  await setting.browser.killWorker();
  await popup.click('Connect');
  await setting.browser.answerPermissionPrompt('allow');
  expect(await callThreelo(other, myself)).toMatchObject({ status: 200 });
  await other.close();
});

/** What names a site of each account in a call: its id, and that of the account. */
interface NamedSite {
  readonly site: string;
  readonly account: string;
}

function sitesOf(accounts: readonly string[]): Promise<NamedSite[]> {
  return page.evaluate(async (names) => {
    const sites = await window.threelo.sites();
    return names.map((name) => {
      const { id, account } = sites.find((site) => site.account.name === name)!;
      return { site: id, account: account.id };
    });
  }, accounts as string[]);
}

/** The accounts, as the stand-in tells them, as which the page's calls of several are answered: in turn, and at once. */
function namesByNamed(named: readonly NamedSite[]): Promise<string[][]> {
  return page.evaluate(
    async (path, sites) => {
      const calls = [
        ...sites.map(({ site }) => ({ site })),
        ...sites.map(({ account }) => ({ account })),
      ];
      const call = async (init: { site?: string; account?: string }): Promise<string> => {
        const response = await window.threelo.fetch(path, init);
        return ((await response.json()) as { displayName: string }).displayName;
      };
      const inTurn: string[] = [];
      for (const init of calls) inTurn.push(await call(init));
      return [inTurn, await Promise.all(calls.map(call))];
    },
    myself,
    named as NamedSite[],
  );
}

test('two accounts on one site are called by site and by account, and never crossed', async () => {
  const names = ['Ada Example', 'Bo Example'];
  await page.bringToFront();
  const signIn = await setting.browser.openPopup();
  await signIn.click('Sign in with another account');
  await signIn.click('Sign in');
  const auth = await setting.browser.waitForAuthWindow();
  await auth.click('Switch account');
  await consent(auth, 'Bo');
  await page.bringToFront();
  const popup = await setting.browser.openPopup();
  await popup.click('Disconnect');
  await tickSites(
    popup,
    names.map((name) => `Globex Jira.* as ${name}$`),
  );
  await popup.click('Connect');
  // Chrome has the permission already, so the popup stays; Firefox closes it for the prompt. The page has had the API since its
  // first connection, so that the API is there does not show that it is connected again.
  if (setting.browser.name === 'firefox') await setting.browser.answerPermissionPrompt('allow');
  const connected = setting.browser.name === 'firefox' ? await setting.browser.openPopup() : popup;
  await connected.waitForControl('Disconnect');
  const expected = [...names, ...names];
  // Before the worker ends: of what is lost with it, calls alone are sent again.
  const named = await sitesOf(names);
  expect(await namesByNamed(named)).toEqual([expected, expected]);
  await setting.browser.killWorker();
  setting.standin.expireAccessTokens();
  expect(await namesByNamed(named)).toEqual([expected, expected]);
  expect(setting.standin.auditor.replaysOutsideLeeway).toEqual([]);
});

test('signing out ends the calls of its account, and the last one the page', async () => {
  const popup = await setting.browser.openPopup();
  await signOut(popup, 'Ada Example');
  const called = await callThreelo(page, myself);
  expect(JSON.parse(called.text ?? '')).toMatchObject({ displayName: 'Bo Example' });
  await signOut(popup, 'Bo Example');
  expect(await callThreelo(page, myself)).toEqual({ code: 'not_connected' });
});

test('everything is erased: client, session, page, both copies, host permission, scripts and revisions', async () => {
  const auth = await startSignIn(setting);
  await auth.click('Switch account');
  await consent(auth, 'Bo');
  await page.bringToFront();
  await page.reload();
  const popup = await setting.browser.openPopup();
  await tickSites(popup, ['Globex Jira']);
  await popup.click('Connect');
  if (setting.browser.name === 'firefox') await setting.browser.answerPermissionPrompt('allow');
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
  // With a form that the browser would ask about before the tab is closed.
  const form = await setting.browser.openExtensionPage('options/index.html#/clients/new');
  await form.fill({ role: 'textbox', name: /^Name/u }, 'Typed');
  expect(await form.evaluate(hasTyped)).toBe(true);
  const options = await setting.browser.openExtensionPage('options/index.html#/about');
  // What the sign-in reports appears above and moves the button.
  await options.waitForText('Signed in as Bo Example');
  for (const held of Object.values(await options.evaluate(heldInPage)))
    expect(held).not.toEqual([]);
  await options.click('Erase everything');
  await options.click('Erase now');
  await options.waitForText('Everything is erased.');
  const isEmpty = async () => (await form.evaluate(hasTyped).catch(() => true)) === false;
  await pollUntil(async () => (await isEmpty()) || undefined, 'the form to be empty');
  await form.close();
  for (const held of Object.values(await options.evaluate(heldInPage))) expect(held).toEqual([]);
  await options.close();
  expect(await callThreelo(page, myself)).toEqual({ code: 'not_connected' });
  await page.reload();
  expect(await hasApi(page)).toBe(false);
});

/** Whether a page has a form, and something that was typed, in it or kept for a reload. Self-contained. */
function hasTyped(): boolean | undefined {
  const fields = [...document.querySelectorAll('input')].map(({ value }) => value);
  if (fields.length === 0) return undefined;
  return JSON.stringify([fields, sessionStorage]).includes('Typed');
}
