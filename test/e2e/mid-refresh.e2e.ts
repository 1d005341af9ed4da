/* Events between a refresh and its response: another window, the end of the browser, an update of the extension. */
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { withDeadline } from './machine/deadline.ts';
import {
  builtPackage,
  callThreelo,
  connectPage,
  dashboard,
  openSetting,
  signedInPage,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
let scratch: string;
let build: string;
beforeAll(async () => {
  scratch = mkdtempSync(path.join(tmpdir(), 'threelo-update-'));
  build = path.join(scratch, 'build');
  cpSync(builtPackage(), build, { recursive: true });
  setting = await openSetting({ buildDir: build });
  page = await signedInPage(setting);
  await connectPage(setting, page);
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
});
afterEach(() => {
  const { auditor, faults } = setting.standin;
  faults.clear();
  expect(auditor.replaysOutsideLeeway).toEqual([]);
  expect(auditor.deadRefreshes).toEqual([]);
});
afterAll(async () => {
  await setting.close();
  rmSync(scratch, { recursive: true, force: true, maxRetries: 5 });
});

const myself = '/rest/api/3/myself';
const refreshes = (): number =>
  [...setting.standin.auditor.refreshesByFamily.values()].reduce((sum, count) => sum + count, 0);

/** Ends the access token and holds back the answer to the refresh that the next call brings. */
function holdRefresh(): { sent: Promise<void>; release: () => void } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  setting.standin.expireAccessTokens();
  const held = setting.standin.faults.add({
    kind: 'latency',
    when: 'after',
    until: promise,
    match: { path: '/oauth/token', grantType: 'refresh_token' },
  });
  return {
    sent: withDeadline(held.arrived, 'the refresh to be sent'),
    release: () => {
      resolve(undefined);
    },
  };
}

test('two windows that call at once share one refresh', async () => {
  const other = await setting.browser.openWindow(dashboard);
  const before = refreshes();
  const { sent, release } = holdRefresh();
  const calls = [page, other, page, other].map((one) => callThreelo(one, myself));
  await sent;
  release();
  for (const call of calls) expect(await call).toMatchObject({ status: 200 });
  expect(refreshes()).toBe(before + 1);
  await other.close();
});

test('the browser is ended and started again in mid-refresh', async () => {
  const before = refreshes();
  const { sent, release } = holdRefresh();
  const cutOff = callThreelo(page, myself).catch(() => undefined);
  await sent;
  await setting.browser.restart('quit');
  release();
  await cutOff;
  page = await setting.browser.openPage(dashboard);
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
  expect(refreshes()).toBeLessThanOrEqual(before + 2);
});

// The last one: for Chromium the update is another kind of installation than that of a start.
test('the extension is updated in mid-refresh', async () => {
  const before = refreshes();
  const { sent, release } = holdRefresh();
  // Firefox leaves the call of a document open whose content script went with the old version, until it is loaded again.
  void callThreelo(page, myself).catch(() => undefined);
  await sent;
  const file = path.join(build, 'manifest.json');
  const manifest = JSON.parse(readFileSync(file, 'utf8')) as { version: string };
  writeFileSync(file, JSON.stringify({ ...manifest, version: `${manifest.version}.1` }));
  await setting.browser.update();
  release();
  await page.reload();
  expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
  expect(refreshes()).toBeLessThanOrEqual(before + 2);
  const options = await setting.browser.openExtensionPage('options/index.html');
  const version = await options.evaluate(() => {
    const { chrome } = globalThis as unknown as {
      chrome: { runtime: { getManifest(): { version: string } } };
    };
    return chrome.runtime.getManifest().version;
  });
  expect(version).toBe(`${manifest.version}.1`);
  await options.close();
});
