import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import {
  addClient,
  consent,
  dashboard,
  fillClient,
  openSetting,
  signOut,
  startSignIn,
  team,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting();
  const options = await addClient(setting);
  await options.close();
  page = await setting.browser.openPage(dashboard);
});
afterEach(() => {
  setting.standin.faults.clear();
  setting.standin.authorize.tamper = {};
});
afterAll(() => setting.close());

const token = { path: '/oauth/token', method: 'POST' } as const;

/** Signs in up to the answer; resolves to the popup, opened again, which shows how it ended. */
async function outcome(answer: (auth: PageUnderTest) => Promise<void>): Promise<PageUnderTest> {
  await page.bringToFront();
  const auth = await startSignIn(setting);
  await answer(auth);
  await page.bringToFront();
  return setting.browser.openPopup();
}

/** The stand-in remembers who logged in, as Atlassian does. */
async function accept(auth: PageUnderTest): Promise<void> {
  await auth.waitForText(/Log in as Ada|Accept/u);
  if ((await auth.text()).includes('Log in as Ada')) return consent(auth);
  await auth.click('Accept');
  await auth.waitForClosed();
}

/** The person reads what went wrong, and dismisses it; the client is still there. */
async function told(popup: PageUnderTest, text: RegExp): Promise<void> {
  await popup.waitForText(text);
  await popup.click('Dismiss');
  await popup.waitForNoText(text);
  await popup.waitForControl('Sign in');
  await popup.close();
}

test('consent denied', async () => {
  const popup = await outcome(async (auth) => {
    await auth.click({ name: /Log in as Ada/u });
    await auth.waitForText('Accept');
    await auth.click('Cancel');
    await auth.waitForClosed();
  });
  await told(popup, /refused/u);
});

test('window closed by the person', async () => {
  await told(await outcome((auth) => auth.close()), /closed/u);
});

test('window closed by Cancel in the popup', async () => {
  const popup = await outcome(() => Promise.resolve());
  await popup.waitForText('Waiting for the sign-in');
  await popup.click('Cancel');
  // A popup closes when another window does, in Firefox.
  await page.bringToFront();
  await told(await setting.browser.openPopup(), /was cancelled/u);
});

test.each([
  ['wrong state', { wrongState: true }, /does not belong/u],
  ['no state', { missingState: true }, /does not belong/u],
  ['two states', { duplicateState: true }, /does not belong/u],
  ['wrong issuer', { wrongIss: true }, /does not belong/u],
  ['another redirect path', { extraPath: '/cbevil' }, /callback URL/u],
] as const)('%s: thrown away, and the code is not sent', async (_, tamper, text) => {
  setting.standin.authorize.tamper = tamper;
  const before = setting.standin.log.requests(token).length;
  await told(await outcome(accept), text);
  expect(setting.standin.log.requests(token)).toHaveLength(before);
});

test.each([
  ['down', { kind: 'drop-before' as const }, /cannot be reached/u],
  ['failing', { kind: 'status' as const, status: 503 }, /cannot be reached/u],
  ['answering HTML', { kind: 'html' as const }, /not what a provider sends/u],
])('token endpoint %s', async (_, fault, text) => {
  setting.standin.faults.add({ ...fault, match: token, times: 10 });
  await told(await outcome(accept), text);
});

test('wrong client secret', async () => {
  setting.standin.apps.get(team.clientId)!.clientSecret = 'another-secret';
  await told(await outcome(accept), /client ID or the client secret/u);
  setting.standin.apps.get(team.clientId)!.clientSecret = team.clientSecret;
});

test('no site granted: the session is kept and says what to do', async () => {
  const ada = setting.standin.accounts.get('ada');
  const sites = ada.sites;
  ada.sites = [];
  const popup = await outcome(accept);
  await popup.waitForText(/no site was granted/u);
  await popup.waitForText('Ada Example');
  ada.sites = sites;
  await popup.click('Sign in again');
  await accept(await setting.browser.waitForAuthWindow());
  await page.bringToFront();
  const again = await setting.browser.openPopup();
  await again.waitForText('Acme Jira');
  await signOut(again, 'Ada Example');
  await again.close();
});

test('an orphaned window does not block the next sign-in', async () => {
  await page.bringToFront();
  const orphan = await startSignIn(setting);
  await setting.browser.killWorker();
  // Any page of the extension wakes the worker; a popup would close together with the orphan.
  await page.bringToFront();
  const options = await setting.browser.openExtensionPage('options/index.html');
  await orphan.waitForClosed();
  await options.close();
  await page.bringToFront();
  const popup = await setting.browser.openPopup();
  await popup.waitForText(/stopped the extension during the sign-in/u);
  await popup.click('Dismiss');
  await popup.close();
  const signedIn = await outcome(accept);
  await signedIn.waitForText('Signed in as Ada Example');
  await signedIn.close();
});

test('a taken name and a wrong URL are reported while typing, and nothing typed is lost', async () => {
  const options = await setting.browser.openExtensionPage('options/index.html');
  await options.click('Add client');
  await fillClient(options, team);
  await options.waitForText(/exists already|already/u);
  await options.click('Endpoints');
  await options.fill('Token endpoint', 'not a url');
  await options.press('Tab');
  await options.waitForText(/not a (valid|complete)|valid URL|valid address/u);
  await options.click('Save');
  const typed = await options.evaluate(() =>
    [...document.querySelectorAll('input')].map(({ value }) => value),
  );
  expect(typed).toEqual(
    expect.arrayContaining([team.name, team.clientId, team.clientSecret, 'not a url']),
  );
  await options.close();
});

test('an import of broken JSON changes nothing and says so', async () => {
  const options = await setting.browser.openExtensionPage('options/index.html');
  await options.click('Import');
  await options.fill('Or paste the JSON', '{"name": "Half');
  await options.click('Preview');
  await options.waitForText(/[Nn]othing was changed/u);
  const kept = await options.evaluate(() => document.querySelector('textarea')?.value);
  expect(kept).toBe('{"name": "Half');
  await options.reload();
  await options.waitForText(team.clientId);
  await options.close();
});

test('a client whose secret is not in the imported file signs in with the one that was typed', async () => {
  const { clientSecret, ...client } = { ...team, name: 'Of a colleague' };
  const file = {
    ...client,
    type: 'GENERIC',
    authorizationEndpoint: 'https://auth.atlassian.com/authorize',
    tokenEndpoint: 'https://auth.atlassian.com/oauth/token',
    scopes: ['read:me', 'offline_access'],
  };
  const options = await setting.browser.openExtensionPage('options/index.html');
  await options.click('Import');
  await options.fill('Or paste the JSON', JSON.stringify(file));
  await options.click('Preview');
  await options.fill(`Client secret of “${client.name}”`, clientSecret);
  await options.click({ role: 'button', name: 'Import' });
  await options.waitForText(`Imported: ${client.name}`);
  const issued = () => setting.standin.issued.filter(({ kind }) => kind === 'access').length;
  const before = issued();
  await options.click({ role: 'button', name: 'Sign in', within: client.name });
  await accept(await setting.browser.waitForAuthWindow());
  await expect.poll(issued).toBe(before + 1);
  await options.close();
});
