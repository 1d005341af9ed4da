/* What people come for, by keyboard alone, and how much of it there is to do. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { cloud, info, oauth2 } from '../support/samples/postman-samples.ts';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { keyboardPerson } from './steps/keyboard.ts';
import {
  callbackUrlIn,
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

test('a page where nothing happens: what it tried, why it was refused, and writing allowed', async () => {
  const write = { method: 'PUT', body: '{}' };
  expect(await callThreelo(page, '/rest/api/3/issue/ROC-1', write)).toEqual({
    code: 'not_allowed',
  });
  const activity = await activityView();
  await activity.waitForText('PUT');
  await person.press(activity, { role: 'link', name: 'Allow writing' });
  await person.choose(activity, { role: 'radio', name: 'Read and write' });
  await person.press(activity, { role: 'button', name: 'Save' });
  await activity.waitForText('Saved.');
  await activity.reach({ role: 'radio', name: 'Read and write' });
  await activity.close();
  await page.bringToFront();
  await expect
    .poll(async () => (await callThreelo(page, '/rest/api/3/issue/ROC-1', write)).code)
    .not.toBe('not_allowed');
  expect(person.effort()).toEqual({ clicks: 6, fields: 0 });
});

test('a second account on one site', async () => {
  const signingIn = await popup();
  await person.press(signingIn, { role: 'button', name: 'Sign in with another account' });
  await person.press(signingIn, { role: 'button', name: 'Sign in' });
  const auth = await setting.browser.waitForAuthWindow();
  await auth.click('Switch account');
  await consent(auth, 'Bo');
  const changing = await popup();
  await person.press(changing, { role: 'button', name: 'Change…' });
  await person.choose(changing, { role: 'checkbox', name: /Globex Jira.* as Bo Example/u });
  await person.press(changing, { role: 'button', name: 'Connect' });
  await expect.poll(() => page.evaluate(async () => (await window.threelo.sites()).length)).toBe(2);
  expect(person.effort()).toEqual({ clicks: 7, fields: 0 });
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

/** Runs in the page: the status of a call as Bo, or its fault. */
async function callAsBo(): Promise<number | string> {
  const sites = await window.threelo.sites();
  const { id } = sites.find(({ account }) => account.name === 'Bo Example')!;
  try {
    return (await window.threelo.fetch('/rest/api/3/myself', { site: id })).status;
  } catch (thrown) {
    return (thrown as { code: string }).code;
  }
}

test('a session that ended is recovered', async () => {
  setting.standin.revokeGrant('bo', team.clientId);
  expect(await page.evaluate(callAsBo)).toBe('consent_required');
  const recovering = await popup();
  const within = 'the provider no longer accepts this session';
  await person.press(recovering, { role: 'button', name: 'Sign in again', within });
  const auth = await setting.browser.waitForAuthWindow();
  await auth.click('Accept');
  await auth.waitForClosed();
  await expect.poll(() => page.evaluate(callAsBo)).toBe(200);
  expect(person.effort()).toEqual({ clicks: 2, fields: 0 });
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

test('a Data Center by the URL of one of its pages, signed in', async () => {
  const { apps } = setting.standin.dataCenter.jira;
  const name = 'Own Jira';
  const clients = await clientsView();
  await person.press(clients, { role: 'button', name: 'Add client' });
  await person.select(clients, 'Type', 'Atlassian Data Center');
  await person.type(clients, 'Name', name);
  await person.type(clients, 'Client ID', team.clientId);
  await person.type(clients, 'Client secret', team.clientSecret);
  await person.type(clients, 'Base URL', 'https://dc.example.test/jira/secure/Dashboard.jspa');
  apps.add({ ...team, name, redirectUri: await callbackUrlIn(clients) });
  await person.press(clients, { role: 'button', name: 'Save' });
  await person.press(clients, { role: 'button', name: 'Sign in', within: name });
  await setting.browser.answerPermissionPrompt('allow');
  await consent(await setting.browser.waitForAuthWindow(), 'Ada', 'Allow');
  await clients.waitForText('1 session · dc.example.test');
  expect(person.effort()).toEqual({ clicks: 6, fields: 4 });
  await clients.reach({ role: 'button', name: 'Add client' });
  await clients.close();
});

test('OAuth 1.0a, with the diagnostics of its signature', async () => {
  const { jira } = setting.standin.oauth1;
  const clients = await clientsView();
  await person.press(clients, { role: 'button', name: 'Add client' });
  await person.select(clients, 'Type', 'Atlassian application link');
  await person.type(clients, 'Name', 'Linked Jira');
  await person.type(clients, 'Consumer key', team.clientId);
  await person.type(clients, 'Base URL', jira.baseUrl);
  await person.press(clients, { role: 'button', name: 'Save' });
  await clients.waitForText('is saved');
  const publicKeyPem = await clients.evaluate(
    () => document.querySelector<HTMLTextAreaElement>('#consumer-publicKey')?.value ?? '',
  );
  jira.consumers.add({ key: team.clientId, name: 'Linked Jira', publicKeyPem });
  await person.press(clients, { role: 'button', name: 'Diagnostics' });
  await person.press(clients, { role: 'button', name: 'Check the signature' });
  await setting.browser.answerPermissionPrompt('allow');
  await clients.waitForText('The server accepted the signature of a request for a token.');
  expect(person.effort()).toEqual({ clicks: 7, fields: 3 });
  await clients.close();
});
