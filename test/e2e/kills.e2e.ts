/*
 * Many sessions refresh at once, and the worker or the whole browser is killed before, while or after the server acts, or
 * anywhere: no session is lost, and none needs a sign-in. In Chromium every second kill of the browser damages IndexedDB.
 * THREELO_KILLS and THREELO_SIGKILLS say how often, THREELO_KILL_SEED repeats a run.
 */
import { afterAll, beforeAll, expect, test } from 'vitest';
import { addPeople } from '../standin/facts/sites.ts';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { cutRecord, deleteKeys } from './chromium/damage.ts';
import { callEverySite, killRounds, seededRandom, survive } from './steps/kill-rounds.ts';
import {
  addClient,
  browserName,
  callThreelo,
  dashboard,
  openSetting,
  waitForApi,
  type Setting,
} from './steps/steps.ts';

/** In `npm test` fewer, because each one is signed in by clicks. */
const sessions = process.env['THREELO_KILLS'] === undefined ? 8 : 20;
const kills = Number(process.env['THREELO_KILLS'] ?? 12);
const sigkills = Number(process.env['THREELO_SIGKILLS'] ?? 3);
const seed = Number(process.env['THREELO_KILL_SEED'] ?? Date.now() % 1_000_000);
const random = seededRandom(seed);
/** A kill and what follows takes about a second, a SIGKILL about six; a busy machine takes five times as long. */
const deadlineMs = { kills: 60_000 + kills * 5_000, sigkills: 60_000 + sigkills * 30_000 };

let setting: Setting;
let page: PageUnderTest;
let served: readonly string[];

beforeAll(async () => {
  console.log(`THREELO_KILL_SEED=${String(seed)}`);
  setting = await openSetting();
  const { standin, browser } = setting;
  const people = addPeople(standin, sessions);
  const options = await addClient(setting);
  for (const { nickname, name } of people) {
    standin.authorize.autoConsent = nickname;
    await options.click('Sign in');
    await options.waitForText(name);
  }
  await options.close();
  page = await browser.openPage(dashboard);
  const popup = await browser.openPopup();
  await popup.click('Connect this page');
  for (const { name } of people) {
    await popup.fill('Filter sites', name);
    await popup.evaluate(async (text) => {
      while (!document.querySelector('[aria-posinset="1"]')?.textContent.endsWith(text))
        await new Promise(requestAnimationFrame);
    }, name);
    await popup.check({ role: 'checkbox', name: new RegExp(`as ${name}$`, 'u') });
  }
  await popup.click('Connect');
  await browser.answerPermissionPrompt('allow');
  await waitForApi(page);
  served = standin.sites.slice(-sessions).map(({ name }) => `${name}: 200`);
  expect([...(await callEverySite(page))].sort()).toEqual(served);
  served = await callEverySite(page);
}, 180_000);
afterAll(() => setting.close());

test(
  `no session is lost in ${String(kills)} deaths of the worker`,
  async () => {
    for (const round of killRounds(kills, sessions, random)) {
      page = await survive(setting, round, page, served, async () => {
        await setting.browser.killWorker();
        return page;
      });
    }
  },
  deadlineMs.kills,
);

test(
  `no session is lost in ${String(sigkills)} deaths of the browser`,
  async () => {
    await setting.browser.waitForSettingsOnDisk();
    const isChromium = browserName() === 'chromium';
    let hasCutRecord = (): boolean => false;
    for (const [at, round] of killRounds(sigkills, sessions, random).entries()) {
      page = await survive(setting, round, page, served, async () => {
        const { profileDir } = setting.browser;
        await setting.browser.restart('sigkill', () => {
          if (isChromium && at % 4 === 0) hasCutRecord = cutRecord(profileDir);
          if (isChromium && at % 4 === 2) deleteKeys(profileDir);
        });
        return setting.browser.openPage(dashboard);
      });
      // The second start after it has deleted the database.
      if (at % 4 === 1) expect(hasCutRecord()).toBe(false);
    }
  },
  deadlineMs.sigkills,
);

test('where a refresh token works once only, the session says so, and one click restores it with its grants', async () => {
  const { standin, browser } = setting;
  standin.leewayMs = 0;
  standin.authorize.autoConsent = 'person-07';
  standin.expireAccessTokens();
  const site = `jira:${standin.accounts.get('person-07').sites[0] ?? ''}`;
  const lost = standin.faults.add({
    kind: 'drop-after',
    match: { path: '/oauth/token', grantType: 'refresh_token' },
  });
  const call = (): ReturnType<typeof callThreelo> =>
    callThreelo(page, '/rest/api/3/myself', { site } as RequestInit);
  await call();
  expect(lost.hits()).toBe(1);
  expect(await call()).toEqual({ code: 'consent_required' });
  const popup = await browser.openPopup();
  await popup.click({ role: 'button', name: 'Sign in again', within: 'Person 07' });
  await page.bringToFront();
  const again = await browser.openPopup();
  await again.waitForNoText('Sign in again');
  await again.close();
  expect(await call()).toMatchObject({ status: 200 });
});
