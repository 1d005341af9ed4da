import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import {
  addClient,
  callThreelo,
  connectPage,
  consent,
  dashboard,
  openSetting,
  startSignIn,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting();
});
afterAll(() => setting.close());

const myself = '/rest/api/3/myself';
const tokenRequests = (): number =>
  setting.standin.log.requests({ path: '/oauth/token', method: 'POST' }).length;

test('a person adds a client in the options page', async () => {
  const options = await addClient(setting);
  expect(await options.text()).toContain('Team');
  await options.close();
});

test('signs in, and sees the sites that the grant reaches', async () => {
  page = await setting.browser.openPage(dashboard);
  const auth = await startSignIn(setting);
  await page.bringToFront();
  const waiting = await setting.browser.openPopup();
  await waiting.waitForText('Waiting for the sign-in');
  await waiting.waitForControl('Cancel');
  await waiting.click('Show window');
  await consent(auth);
  await page.bringToFront();
  const popup = await setting.browser.openPopup();
  await popup.waitForText('Signed in as Ada Example');
  for (const site of ['Acme Jira', 'Acme Confluence', 'Globex Jira', 'Globex Confluence']) {
    await popup.waitForText(site);
  }
  await popup.close();
});

test('connects the page, which then gets the JSON of Jira', async () => {
  await connectPage(setting, page, { also: ['Globex Confluence'] });
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
