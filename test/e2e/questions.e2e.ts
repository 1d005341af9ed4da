import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import {
  callThreelo,
  connectPage,
  openSetting,
  signedInPage,
  type Called,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting();
  page = await signedInPage(setting);
  await connectPage(setting, page, { also: ['Globex Jira'] });
});
afterAll(() => setting.close());

const serverInfo = '/rest/api/3/serverInfo';

/** A page's question is answered in a window of the extension. */
async function question(
  asked: Promise<unknown>,
  answer: (ask: PageUnderTest) => Promise<void>,
): Promise<unknown> {
  const ask = await setting.browser.waitForExtensionWindow('popup/ask.html');
  await answer(ask);
  await ask.waitForClosed();
  return asked;
}

const wantsWrite = (): Promise<string> =>
  page.evaluate(() =>
    window.threelo.requestAccess({ access: 'write' }).then(
      (sites) => sites.map(({ access }) => access).join(' '),
      (thrown: Error & { code?: string }) => thrown.code ?? thrown.message,
    ),
  );

test('with several sites the person who closes the question leaves site_required', async () => {
  const called = await question(callThreelo(page, serverInfo), async (ask) => {
    await ask.waitForText('https://dashboard.example');
    await ask.click('Deny');
  });
  expect(called).toEqual({ code: 'site_required' });
});

test('the person chooses one of several sites, and the answer is kept', async () => {
  const called = (await question(callThreelo(page, serverInfo), async (ask) => {
    await ask.click({ role: 'radio', name: /Globex Jira/u });
    await ask.click('Allow');
  })) as Called;
  expect(called).toMatchObject({ status: 200, url: `https://globex.atlassian.net${serverInfo}` });
  await setting.browser.killWorker();
  expect(await callThreelo(page, serverInfo)).toMatchObject({
    url: `https://globex.atlassian.net${serverInfo}`,
  });
});

test('a site that is named is not asked for', async () => {
  const urls = await page.evaluate(async (path) => {
    const sites = await window.threelo.sites();
    const answers = await Promise.all(
      sites.map(({ id }) => window.threelo.fetch(path, { site: id })),
    );
    return answers.map(({ url }) => url);
  }, serverInfo);
  expect(urls.sort()).toEqual([
    `https://acme.atlassian.net${serverInfo}`,
    `https://globex.atlassian.net${serverInfo}`,
  ]);
});

test('write access that is refused stays refused, and allowed it takes effect with a change event', async () => {
  expect(await question(wantsWrite(), (ask) => ask.click('Deny'))).toBe('not_allowed');
  await page.evaluate(() => {
    window.threelo.addEventListener('change', () => document.body.append('changed'));
  });
  expect(await question(wantsWrite(), (ask) => ask.click('Allow'))).toBe('write write');
  await page.waitForText('changed');
  const echo = { method: 'POST', body: 'x' };
  expect(await callThreelo(page, '/rest/api/3/echo', echo)).toMatchObject({
    text: expect.any(String) as string,
  });
});
