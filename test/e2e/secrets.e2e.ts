/*
 * No token, secret, code or verifier in any DOM, page, message, log, export, or on disk unsealed. A full life with random
 * canaries, then a search for each of them in everything that came out (canary-search.ts: as UTF-8, UTF-16LE, base64 and
 * base64url, whole or cut in two), in the profile's files also decoded (profile-views.ts). The same searches must find what does
 * lie there in the clear: the client's name, the e-mail address, the title of the page, what the page stored itself.
 *
 * Not covered: memory of the running browser, and what the worker writes to its console (the linter forbids it to write there).
 */
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { copyRunningProfile } from './browser/running-profile.ts';
import { everythingInPage, everythingTold } from './page/in-page-everything.ts';
import { trappingPage } from './page/page-traps.ts';
import { createSearch, type Canary } from './profile/canary-search.ts';
import { searchProfile, storedInTheClear } from './profile/profile-search.ts';
import { secretsOf } from './profile/secrets-in-play.ts';
import { exportEverything } from './steps/export-everything.ts';
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

const random = (): string => randomBytes(33).toString('base64url');
const client = { name: `Team ${random()}`, clientId: 'team-client', clientSecret: random() };
const description = `Ω ${random()}`; // one letter beyond Latin-1, so that a browser which stores such texts as UTF-16 does
const mailbox = random();
const title = random();
const pageStored = random();
const marker = random();

/** What is stored unencrypted, and must be found. */
const controls: readonly Canary[] = [
  { label: 'client name', text: client.name.slice(5) },
  { label: 'client description', text: description.slice(2) },
  { label: 'e-mail', text: mailbox },
  { label: 'page title', text: title },
  { label: 'stored by the page', text: pageStored },
];

let setting: Setting;
let page: PageUnderTest;
let scratch: string;
/** Everything that came out, and where. */
const sightings: { where: string; text: string }[] = [];

const tokenRequest = { path: '/oauth/token', method: 'POST' } as const;
const api = { host: 'api.atlassian.com' } as const;
const myself = '/rest/api/3/myself';
const rejected401 = {
  kind: 'status',
  status: 401,
  body: '{"code":401,"message":"Unauthorized"}',
  contentType: 'application/json',
} as const;

beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'threelo-secrets-'));
  setting = await openSetting({
    profileDir: path.join(scratch, 'profile'),
    consoleFile: path.join(scratch, 'console.log'),
  });
  setting.standin.accounts.get('ada').email = `${mailbox}@threelo.test`;
  const base64 = ['', '~', '~~'].map((before) =>
    Buffer.from(before + pageStored).toString('base64'),
  );
  const store = `localStorage.setItem('Ω', ${JSON.stringify(`Ω ${pageStored}`)});
    localStorage.setItem('base64', ${JSON.stringify(base64.join(' '))})`;
  const body = trappingPage(title, `<h1>Dashboard</h1><script>${store}</script>`);
  setting.standin.pages.set('dashboard.example', '/', { body });
});
afterAll(async () => {
  await setting.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

const secrets = (): Canary[] => secretsOf(setting.standin, client.clientSecret);

/** Records a page as it is: its DOM, what its fields hold, its text, its address, what it stores. */
async function look(at: PageUnderTest, where: string): Promise<void> {
  const text = await at.evaluate(everythingInPage);
  sightings.push({ where, text });
}

/** Opens the popup over the page, waits for a text, records what it shows. */
async function lookAtPopup(text: string | RegExp, where: string): Promise<PageUnderTest> {
  await page.bringToFront();
  const popup = await setting.browser.openPopup();
  await popup.waitForText(text);
  await look(popup, where);
  return popup;
}

/** Calls as a page does, and records the response or all members of the error. */
async function call(input: string, init: RequestInit = {}): Promise<string> {
  const answer = await page.evaluate(
    (at, options) =>
      window.threelo.fetch(at, options).then(
        async (response) =>
          [
            String(response.status),
            response.url,
            response.statusText,
            ...[...response.headers].flat(),
            await response.text(),
          ].join('\n'),
        (thrown: Error & { code?: string }) =>
          [
            thrown.code,
            thrown.name,
            thrown.message,
            thrown.stack,
            JSON.stringify(thrown),
            String(thrown.cause),
          ].join('\n'),
      ),
    input,
    init as Record<string, string>,
  );
  sightings.push({ where: `answer to ${input}`, text: answer });
  return answer;
}

test('configuring: the secret goes in and does not come back', async () => {
  const options = await addClient(setting, client, ['write:jira-work']);
  await look(options, 'options after Save');
  await options.click('Edit');
  await options.waitForControl('Client secret');
  await look(options, 'options, editor');
  await options.fill('Description', description);
  await options.click('Save');
  await options.waitForText(description);
  await options.reload();
  await options.waitForText(client.clientId);
  await look(options, 'options after a reload');
  await options.close();
});

test('signing in: waiting, failing with a token endpoint that repeats what it was sent, succeeding', async () => {
  page = await setting.browser.openPage(dashboard);
  const echoed = JSON.stringify({
    error: 'invalid_request',
    error_description: `not with ${client.clientSecret}`,
    error_uri: `https://auth.atlassian.com/${client.clientSecret}`,
  });
  setting.standin.faults.add({
    kind: 'status',
    status: 400,
    body: echoed,
    contentType: 'application/json',
    match: tokenRequest,
  });
  const refused = await startSignIn(setting);
  await (await lookAtPopup('Waiting for the sign-in', 'popup, waiting')).click('Show window');
  await consent(refused);
  const failed = await lookAtPopup('Dismiss', 'popup, sign-in failed');
  await failed.click('Dismiss');
  await failed.close();
  const auth = await startSignIn(setting);
  await auth.click('Accept');
  await auth.waitForClosed();
  await (await lookAtPopup('Signed in as Ada Example', 'popup, signed in')).close();
  expect(setting.standin.issued.map(({ kind }) => kind)).toEqual([
    'code',
    'code',
    'access',
    'refresh',
  ]);
});

test('calling: answers, a refresh, a write, echoes, errors', async () => {
  await connectPage(setting, page, { access: 'Read and write' });
  await callThreelo(page, myself);
  expect(await call(myself)).toContain('Ada Example');
  const { faults } = setting.standin;
  faults.add({ kind: 'echo-authorization', match: { ...api, path: /myself$/u } });
  expect(await call(myself)).toContain('echoedAuthorization');
  faults.add({ ...rejected401, match: { ...api, path: /myself$/u } });
  expect(await call(myself)).toMatch(/^200/u);
  expect(setting.standin.issued.filter(({ kind }) => kind === 'refresh')).toHaveLength(2);
  faults.add({ kind: 'echo-authorization', match: { ...api, path: /echo$/u } });
  expect(await call('/rest/api/3/echo', { method: 'POST', body: 'written' })).toContain('written');
  faults.add({ kind: 'drop-before', match: { ...api, path: /myself$/u }, times: Infinity });
  expect(await call(myself)).toMatch(/^offline/u);
  faults.clear();
  faults.add({ kind: 'redirect', status: 307, location: 'https://evil.example/', match: api });
  expect(await call(myself)).toMatch(/^redirect_refused/u);
  expect(await call('/rest/api/3/../../x')).toMatch(/^invalid_request/u);
  await look(page, 'connected page');
});

test('a question to the person, and the export', async () => {
  const asked = page.evaluate(() =>
    window.threelo.requestAccess({ products: ['confluence'] }).catch(String),
  );
  const ask = await setting.browser.waitForExtensionWindow('popup/ask.html');
  await ask.waitForControl('Deny');
  await look(ask, 'ask window');
  await ask.click('Deny');
  await ask.waitForClosed();
  sightings.push({ where: 'answer to the question', text: JSON.stringify(await asked) });

  const options = await setting.browser.openExtensionPage('options/index.html');
  await options.waitForControl('Export');
  await options.evaluate(() => {
    const made: Promise<string>[] = [];
    const blobs: Blob[] = [];
    Object.assign(window, { made, blobs });
    // What would be downloaded is kept here instead of in the person's folder.
    const create = URL.createObjectURL.bind(URL);
    URL.createObjectURL = (blob: Blob) => {
      made.push(blob.text());
      blobs.push(blob);
      return create(blob);
    };
    HTMLAnchorElement.prototype.click = () => document.body.append('exported');
  });
  await options.click('Export');
  await options.waitForText('exported');
  const exported = await options.evaluate(async () =>
    (await Promise.all((window as unknown as { made: Promise<string>[] }).made)).join('\n'),
  );
  expect(exported).toContain(client.name);
  sightings.push({ where: 'exported JSON', text: exported });
  await look(options, 'options, exported');
  sightings.push({ where: 'exported file', text: await exportEverything(options, random()) });
  await look(options, 'options, export and import');
  await options.close();
});

test('a refresh whose refusal repeats the token, as the person and the page see it', async () => {
  const refreshToken =
    setting.standin.issued.findLast(({ kind }) => kind === 'refresh')?.value ?? '';
  const body = JSON.stringify({
    error: 'invalid_grant',
    error_description: `${refreshToken} is dead`,
  });
  setting.standin.faults.add({ ...rejected401, match: api });
  setting.standin.faults.add({
    kind: 'status',
    status: 403,
    body,
    contentType: 'application/json',
    match: tokenRequest,
  });
  expect(await call(myself)).toMatch(/^consent_required/u);
  const popup = await lookAtPopup('Sign in again', 'popup, session ended');
  await popup.click({ name: 'Sign in again', within: 'https://dashboard.example' });
  const auth = await setting.browser.waitForAuthWindow();
  await auth.click('Accept');
  await auth.waitForClosed();
  await (await lookAtPopup('Signed in as Ada Example', 'popup, signed in again')).close();
  expect(await call(myself)).toMatch(/^200/u);
});

test('popup and options are opened again after the worker ended', async () => {
  await setting.browser.killWorker();
  expect(await call(myself)).toMatch(/^200/u);
  await (await lookAtPopup('Acme Jira', "popup after a worker's death")).close();
});

test("what the worker sends to the extension's own pages, and what it stores", async () => {
  const options = await setting.browser.openExtensionPage('options/index.html');
  await options.waitForText(client.clientId);
  await look(options, 'options at the end');
  const told = await options.evaluate(everythingTold);
  await options.close();
  sightings.push({ where: 'replies to the options page', text: told.replies });
  sightings.push({ where: 'storage.local', text: told.local });
  // Of all secrets the newest access token alone is kept unsealed, in memory: here the search finds one.
  const newest = setting.standin.issued.findLastIndex(({ kind }) => kind === 'access');
  expect(createSearch(secrets())(told.session)).toEqual([`access ${newest} (UTF-8)`]);
});

test('what the page got hold of', async () => {
  const trapped = await page.evaluate(() => window.trapped);
  for (const what of ['window message: ', 'port message: ', 'posted: ', 'new Response: '])
    expect(trapped.filter((text) => text.startsWith(what)).length, what).toBeGreaterThan(0);
  expect(createSearch(controls)(trapped.join('\n'))).toEqual(['e-mail (UTF-8)']); // of Jira's answer
  sightings.push({ where: 'trapped by the page', text: trapped.join('\n') });
});

test('no secret was seen anywhere; what is no secret was', () => {
  const kinds = secrets().map(({ label }) => label.split(' ')[0]);
  const count = (kind: string): number => kinds.filter((one) => one === kind).length;
  // Three sign-ins, one of them failed, and one refresh.
  expect(['code', 'verifier', 'access', 'refresh'].map(count)).toEqual([3, 3, 3, 3]);
  const search = createSearch(secrets());
  const leaks = sightings.flatMap(({ where, text }) =>
    search(text).map((found) => `${where}: ${found}`),
  );
  expect(leaks).toEqual([]);
  const seen = createSearch(controls);
  const has = (where: string): string[] =>
    seen(sightings.find((one) => one.where === where)?.text ?? '');
  expect(has('options at the end')).toContain('client name (UTF-8)');
  expect(has('options, editor')).toContain('client name (UTF-8)');
  expect(has('popup, signed in again')).toContain('e-mail (UTF-8)');
  expect(has('exported JSON')).toContain('client description (UTF-8)');
  expect(has('storage.local')).toContain('client name (UTF-8)');
});

const searched = () => {
  const { extensionOrigin } = setting.browser;
  return { extensionOrigin, secrets: secrets(), controls };
};

test('nothing unsealed on disk while the browser runs, as a crash would leave it', async () => {
  const copy = path.join(scratch, 'running');
  await copyRunningProfile(setting.browser.profileDir, copy);
  const { leaks, found } = searchProfile({ profileDir: copy, ...searched() });
  expect(leaks).toEqual([]);
  // The browsers take their time to write what is theirs.
  const written = storedInTheClear[setting.browser.name].filter((one) => one.includes('of ours'));
  expect(found).toEqual(expect.arrayContaining(written));
});

test('nothing unsealed on disk after the browser quit', async () => {
  await page.evaluate((text) => console.warn(text), marker);
  await setting.browser.quit();
  const { leaks, found } = searchProfile({ profileDir: setting.browser.profileDir, ...searched() });
  expect(leaks).toEqual([]);
  expect(found).toEqual(expect.arrayContaining([...storedInTheClear[setting.browser.name]]));
});

test('nothing in what pages wrote to the console', () => {
  const log = readFileSync(path.join(scratch, 'console.log'));
  expect(createSearch(secrets())(log)).toEqual([]);
  expect(createSearch([{ label: 'marker', text: marker }])(log)).toEqual(['marker (UTF-8)']);
});
