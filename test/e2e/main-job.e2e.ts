import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { withDeadline } from './machine/deadline.ts';
import {
  browserName,
  callThreelo,
  connectPage,
  consent,
  dashboard,
  openFirstRun,
  openSetting,
  team,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let firstRun: PageUnderTest;
let auth: PageUnderTest;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting({ firstRun: 'leave' });
});
afterAll(() => setting.close());

const myself = '/rest/api/3/myself';
const tokenRequests = (): number =>
  setting.standin.log.requests({ path: '/oauth/token', method: 'POST' }).length;

test('the first run opens after the installation, adds a client and signs in', async () => {
  ({ firstRun, page } = await openFirstRun(setting));
  await firstRun.click('Copy Callback URL of this browser');
  await firstRun.fill('Client ID', team.clientId);
  await firstRun.fill('Client secret', team.clientSecret);
  await firstRun.click('Save and sign in');
  auth = await setting.browser.waitForAuthWindow();
});

test('the person consents, and sees the sites that the grant reaches', async () => {
  await page.bringToFront();
  const waiting = await setting.browser.openPopup();
  await waiting.waitForText('Waiting for the sign-in');
  await waiting.waitForControl('Cancel');
  await waiting.click('Show window');
  await consent(auth);
  await firstRun.bringToFront();
  await firstRun.waitForText(/Signed in as Ada Example .* 4 sites found/u);
  await firstRun.close();
  await page.bringToFront();
  const popup = await setting.browser.openPopup();
  await popup.waitForText('Signed in as Ada Example');
  await popup.click({ role: 'button', name: /^Ada Example/u });
  for (const site of ['Acme Jira', 'Acme Confluence', 'Globex Jira', 'Globex Confluence']) {
    await popup.waitForText(site);
  }
  await popup.close();
});

test('Firefox does not delete what is stored when the disk is full', async () => {
  const options = await setting.browser.openExtensionPage('options/index.html');
  const isPersisted = await options.evaluate(() => navigator.storage.persisted());
  // Chrome has the permission `unlimitedStorage` for that.
  expect(isPersisted).toBe(browserName() === 'firefox');
  await options.close();
  await page.bringToFront();
});

test('sends a call in the console of the options; when its tab is closed, the call ends', async () => {
  const options = await setting.browser.openExtensionPage('options/index.html#/console');
  await options.fill({ role: 'combobox', name: 'Site and session' }, 'acme jira');
  await options.waitForText('as Ada Example');
  await options.press('Enter');
  await options.fill({ role: 'combobox', name: 'Path' }, '/rest/api/3/myse');
  await options.waitForText('1 published path');
  await options.press('ArrowDown');
  await options.press('Enter');
  await options.waitForText('Needs the scopes');
  await options.press('Control+Enter');
  await options.waitForText('200 OK');
  await options.waitForText('"displayName": "Ada Example"');
  const hanging = setting.standin.faults.add({ kind: 'hang', match: { path: /myself$/u } });
  await options.press('Control+Enter');
  await withDeadline(hanging.arrived, 'the call to reach the service');
  await options.close();
  await withDeadline(hanging.clientGone, 'the request in flight to be given up', 60_000);
  await page.bringToFront();
});

test('connects the page, which then gets the JSON of Jira', async () => {
  await connectPage(setting, page, { sites: ['Acme Jira', 'Globex Confluence'] });
  const called = await callThreelo(page, myself);
  expect(called).toMatchObject({ status: 200, url: `https://acme.atlassian.net${myself}` });
  expect(JSON.parse(called.text ?? '')).toMatchObject({ displayName: 'Ada Example' });
  const sites = await page.evaluate(() => window.threelo.sites());
  expect(sites.map(({ name, product, access }) => `${name} ${product} ${access}`)).toEqual([
    'Acme jira read',
    'Globex confluence read',
  ]);
});

test('goes on after the worker ended, with no further token request', async () => {
  const before = tokenRequests();
  await setting.browser.killWorker();
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
  expect(tokenRequests()).toBe(before);
});

test.each(['quit', 'sigkill'] as const)(
  'goes on after the browser ended (%s), without signing in',
  async (how) => {
    const before = tokenRequests();
    await setting.browser.restart(how);
    page = await setting.browser.openPage(dashboard);
    expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
    expect(tokenRequests()).toBe(before + 1);
    expect(setting.standin.auditor.replaysInsideLeeway).toEqual([]);
  },
);

test('no call carried a cookie, and nothing but the stand-in was asked by the extension', () => {
  expect(setting.standin.auditor.cookieHeaders).toEqual([]);
});
