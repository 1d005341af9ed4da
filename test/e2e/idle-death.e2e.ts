/* The browser itself ends a worker that has nothing to do; no debugger is attached to it here, which would keep it alive. */
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { pollUntil } from './machine/deadline.ts';
import {
  callThreelo,
  connectPage,
  openSetting,
  signedInPage,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting();
  page = await signedInPage(setting);
  await connectPage(setting, page);
});
afterAll(() => setting.close());

const myself = '/rest/api/3/myself';
/** Both browsers end an idle worker after 30 s, and look for it now and then only. */
const idleDeadlineMs = 100_000;

test(
  'a refresh whose answer was lost is made good by the worker after a natural death',
  async () => {
    const { standin, browser } = setting;
    expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
    standin.expireAccessTokens();
    const refresh = { path: '/oauth/token', grantType: 'refresh_token' };
    const lost = standin.faults.add({ kind: 'drop-after', match: refresh, times: Infinity });
    expect(await callThreelo(page, myself)).toHaveProperty('code');
    expect(lost.hits()).toBeGreaterThan(0);
    lost.remove();
    await pollUntil(
      async () => ((await browser.isWorkerRunning()) ? undefined : true),
      'the browser to end the idle worker',
      idleDeadlineMs,
    );
    expect(await callThreelo(page, myself)).toMatchObject({ status: 200 });
    const [sent] = standin.auditor.refreshesByFamily.values();
    expect(sent).toBe(lost.hits() + 1);
    expect(standin.auditor.replaysOutsideLeeway).toEqual([]);
    expect(standin.auditor.deadRefreshes).toEqual([]);
  },
  idleDeadlineMs + 60_000,
);
