/* What people come for, by keyboard alone, and how much of it there is to do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloud, info, oauth2 } from '../support/samples/postman-samples.ts';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { keyboardPerson } from './steps/keyboard.ts';
import {
  callThreelo,
  consent,
  openFirstRun,
  openSetting,
  team,
  type Setting,
} from './steps/steps.ts';

const person = keyboardPerson();
let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting({ firstRun: 'leave' });
});
afterAll(() => setting.close());

const myself = '/rest/api/3/myself';
const optionsUrl = /options\/index\.html/u;

async function popup(): Promise<PageUnderTest> {
  await page.bringToFront();
  person.count();
  return setting.browser.openPopup();
}

/** From the popup to the options, which begin with the clients. */
async function clientsView(): Promise<PageUnderTest> {
  await person.press(await popup(), { role: 'button', name: 'Options' });
  return setting.browser.waitForTab(optionsUrl);
}

async function activityView(): Promise<PageUnderTest> {
  const options = await clientsView();
  await person.press(options, { role: 'link', name: 'Activity' });
  return options;
}

test('the first call: from the installation to an answer', async () => {
  const { firstRun, page: opened } = await openFirstRun(setting);
  page = opened;
  await person.press(firstRun, 'Copy Callback URL of this browser');
  await person.type(firstRun, 'Client ID', team.clientId);
  await person.type(firstRun, 'Client secret', team.clientSecret);
  await person.press(firstRun, { role: 'button', name: 'Save and sign in' });
  await consent(await setting.browser.waitForAuthWindow());
  await firstRun.bringToFront();
  await firstRun.waitForText(/Signed in as Ada Example .* 4 sites found/u);
  await firstRun.close();
  const connecting = await popup();
  await person.press(connecting, { role: 'button', name: 'Connect this page' });
  await person.choose(connecting, { role: 'checkbox', name: /Globex Jira/u });
  await person.press(connecting, { role: 'button', name: 'Connect' });
  await setting.browser.answerPermissionPrompt('allow');
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
  expect(person.effort()).toEqual({ clicks: 6, fields: 2 });
});

test('why a call got 401, and its mending', async () => {
  const path = '/rest/api/3/application-properties';
  expect(await callThreelo(page, path)).toMatchObject({ status: 401 });
  const activity = await activityView();
  await activity.waitForText('manage:jira-configuration');
  await person.press(activity, { role: 'button', name: 'Add and sign in again' });
  // The window is logged in already.
  const auth = await setting.browser.waitForAuthWindow();
  await auth.click('Accept');
  await auth.waitForClosed();
  await activity.waitForText('The sign-in had no scope for this call.');
  expect((await callThreelo(page, path)).status).not.toBe(401);
  expect(person.effort()).toEqual({ clicks: 4, fields: 0 });
  await activity.bringToFront();
  await activity.reach({ role: 'link', name: 'Activity' });
  await activity.close();
});

test('what a page did: the log of one page, as text', async () => {
  const activity = await activityView();
  await person.select(activity, 'Page', 'https://d');
  await activity.waitForUrl(/dashboard\.example/u);
  await person.press(activity, { role: 'button', name: 'Copy as text' });
  await activity.waitForText('Copied');
  expect(person.effort()).toEqual({ clicks: 5, fields: 0 });
  await activity.close();
});

test('a page is disconnected', async () => {
  const revoking = await popup();
  await person.press(revoking, { role: 'button', name: 'Disconnect' });
  await revoking.reach({ role: 'button', name: 'Connect this page' });
  expect(await callThreelo(page, myself)).toEqual({ code: 'not_connected' });
  expect(person.effort()).toEqual({ clicks: 2, fields: 0 });
  await revoking.close();
});

test('a client out of a collection of Postman', async () => {
  const clients = await clientsView();
  await person.press(clients, { role: 'button', name: 'Import' });
  await person.type(clients, 'Or paste the JSON', JSON.stringify({ info, auth: oauth2(cloud) }));
  await person.press(clients, { role: 'button', name: 'Preview' });
  await person.press(clients, { role: 'button', name: 'Import' });
  await clients.waitForText('Imported');
  expect(person.effort()).toEqual({ clicks: 5, fields: 1 });
  await clients.reach({ role: 'button', name: 'Import' });
  await clients.close();
});
