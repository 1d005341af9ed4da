import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import {
  callThreelo,
  connectPage,
  openSetting,
  signedInPage,
  waitForApi,
  type Called,
  type Setting,
} from './steps/steps.ts';

let setting: Setting;
let page: PageUnderTest;
beforeAll(async () => {
  setting = await openSetting();
  setting.standin.pages.set('frame.example', '/', {
    headers: { 'content-type': 'text/html' },
    body: '<!doctype html><title>Other</title><h1>Other</h1>',
  });
  page = await signedInPage(setting);
  await connectPage(setting, page, { sites: ['Acme Jira', 'Globex Jira'] });
});
afterAll(() => setting.close());

const serverInfo = '/rest/api/3/serverInfo';

/** A test that fails before it awaits what the page asked for fails alone. */
function handled<T>(asked: Promise<T>): Promise<T> {
  asked.catch(() => undefined);
  return asked;
}

/** A page's question is answered in a window of the extension. */
async function question(
  asked: Promise<unknown>,
  answer: (ask: PageUnderTest) => Promise<void>,
): Promise<unknown> {
  void handled(asked);
  const ask = await setting.browser.waitForExtensionWindow('popup/ask.html');
  await answer(ask);
  await ask.waitForClosed();
  return asked;
}

const wantsWrite = (): Promise<string> =>
  handled(
    page.evaluate(() =>
      window.threelo.requestAccess({ access: 'write' }).then(
        (sites) => sites.map(({ access }) => access).join(' '),
        (thrown: Error & { code?: string }) => thrown.code ?? thrown.message,
      ),
    ),
  );

/** Lets the page in front ask again what the person denied. */
async function forget(asked: string): Promise<void> {
  const popup = await setting.browser.openPopup();
  await popup.waitForText(asked);
  await popup.click('Forget');
  await popup.waitForNoText(asked);
  await popup.close();
}

test('with several sites the person who denies the question leaves site_required', async () => {
  const called = await question(callThreelo(page, serverInfo), async (ask) => {
    await ask.waitForText('https://dashboard.example');
    await ask.click('Deny');
  });
  expect(called).toEqual({ code: 'site_required' });
});

test('a denial is remembered until it is forgotten in the popup', async () => {
  expect(await callThreelo(page, serverInfo)).toEqual({ code: 'site_required' });
  await forget('Asked which Jira site to use');
});

test('the person chooses one of several sites, and the answer is kept', async () => {
  const called = (await question(callThreelo(page, serverInfo), async (ask) => {
    await ask.click({ role: 'radio', name: /Globex Jira/u });
    await ask.click({ name: /^Allow/u });
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
  await forget('Asked to read and change data');
  await page.evaluate(() => {
    window.threelo.addEventListener('change', () => document.body.append('changed'));
  });
  expect(await question(wantsWrite(), (ask) => ask.click({ name: /^Allow/u }))).toBe('write write');
  await page.waitForText('changed');
  const echo = { method: 'POST', body: 'x' };
  expect(await callThreelo(page, '/rest/api/3/echo', echo)).toMatchObject({
    text: expect.any(String) as string,
  });
});

test('paths are asked for in words, and the popup shows them with the default site', async () => {
  const other = '/rest/api/3/myself';
  const asked = handled(
    page.evaluate(
      (path) => window.threelo.requestAccess({ paths: [path] }).then(String),
      serverInfo,
    ),
  );
  await question(asked, async (ask) => {
    await ask.waitForText('Only addresses that begin with this path:');
    await ask.waitForText(serverInfo);
    await ask.select('Duration', 'Until the browser closes');
    await ask.click({ name: /^Allow/u });
  });
  expect(await callThreelo(page, other)).toEqual({ code: 'not_allowed' });
  expect(await callThreelo(page, serverInfo)).toMatchObject({
    url: `https://globex.atlassian.net${serverInfo}`,
  });
  const popup = await setting.browser.openPopup();
  await popup.waitForText('Only addresses that begin with this path:');
  await popup.waitForText('Until the browser closes');
  await page.evaluate(() => {
    window.threelo.addEventListener('change', () => document.body.append('chosen'));
  });
  await popup.select('Default site for Jira', 'Acme Jira');
  // The choice is stored before the page learns of it.
  await page.waitForText('chosen');
  await popup.close();
  expect(await callThreelo(page, serverInfo)).toMatchObject({
    url: `https://acme.atlassian.net${serverInfo}`,
  });
});

/** Asks for access in the page, which does not wait for the answer. */
const askIn = (asking: PageUnderTest): Promise<void> =>
  asking.evaluate(() => {
    void window.threelo.requestAccess().catch(() => undefined);
  });
/** The code with which a request for access ends. */
const refusalIn = (asking: PageUnderTest): Promise<string> =>
  asking.evaluate(() =>
    window.threelo.requestAccess().then(
      () => 'allowed',
      (thrown: Error & { code?: string }) => thrown.code ?? thrown.message,
    ),
  );
const questionWindow = (): Promise<PageUnderTest> =>
  setting.browser.waitForExtensionWindow('popup/ask.html');
const isAllowDisabled = (ask: PageUnderTest): Promise<boolean> =>
  ask.evaluate(() => document.querySelector('[aria-disabled=true]') !== null);

test('Allow is accepted 700 ms after the last click beside the controls, and not by keys for the page', async () => {
  await askIn(page);
  const ask = await questionWindow();
  await ask.waitForControl({ name: /^Allow/u });
  expect(await ask.evaluate(() => document.activeElement?.localName)).toBe('h1');
  await ask.evaluate(() => {
    const log: [number, string][] = [];
    Object.assign(window, { log });
    const note = (what: string) => () => void log.push([performance.now(), what]);
    for (const type of ['pointerdown', 'pointerup', 'keydown', 'keyup'])
      addEventListener(type, note(type), true);
    new MutationObserver(() =>
      note(document.querySelector('[aria-disabled=true]') ? 'refused' : 'accepted')(),
    ).observe(document.body, { subtree: true, attributeFilter: ['aria-disabled'] });
  });
  // A click or key that comes before the end of the first delay changes nothing that could be seen.
  await ask.evaluate(async () => {
    while (document.querySelector('[aria-disabled=true]')) await new Promise(requestAnimationFrame);
    (window as unknown as { log: unknown[] }).log.length = 0;
  });
  const untilAccepted = (): Promise<[number, string][]> =>
    ask.evaluate(async () => {
      const { log } = window as unknown as { log: [number, string][] };
      while (log.at(-1)?.[1] !== 'accepted') await new Promise(requestAnimationFrame);
      return log.splice(0);
    });
  for (const act of [
    () => ask.click('This page asks for access'),
    () => ask.press('Enter'),
    () => ask.press('Space'),
  ]) {
    await act();
    const log = await untilAccepted();
    const up = log.findLast(([, what]) => what.endsWith('up'));
    expect(log.map(([, what]) => what)).toContain('refused');
    expect((log.at(-1)?.[0] ?? 0) - (up?.[0] ?? Infinity)).toBeGreaterThanOrEqual(700);
  }
  await page.bringToFront();
  await ask.evaluate(async () => {
    while (document.hasFocus()) await new Promise((resolve) => setTimeout(resolve, 20));
    await new Promise((resolve) => setTimeout(resolve, 1000));
  });
  expect(await isAllowDisabled(ask)).toBe(true);
  await ask.bringToFront();
  await ask.click({ name: /^Allow/u });
  await ask.waitForClosed();
});

test('nothing is allowed while the page has a window in front of the question', async () => {
  await page.evaluate(() => {
    const start = document.createElement('button');
    start.textContent = 'Start';
    start.addEventListener('click', () => {
      const { documentPictureInPicture: inFront } = window as unknown as {
        documentPictureInPicture: { requestWindow(size: object): Promise<Window> };
      };
      void inFront.requestWindow({ width: 700, height: 600 }).then((covering) => {
        Object.assign(window, { covering });
        document.body.append('covered');
      });
    });
    document.body.append(start);
  });
  await page.click('Start');
  await page.waitForText('covered');
  await askIn(page);
  const ask = await questionWindow();
  await ask.waitForText('is over this one');
  expect(await isAllowDisabled(ask)).toBe(true);
  await page.evaluate(() => {
    (window as unknown as { covering: Window }).covering.close();
  });
  await ask.waitForNoText('is over this one');
  await ask.click({ name: /^Allow/u });
  await ask.waitForClosed();
});

test('a question ends with its tab', async () => {
  const second = await setting.browser.openPage('https://dashboard.example/?second');
  await waitForApi(second);
  await askIn(second);
  const ask = await questionWindow();
  await second.close();
  await ask.waitForClosed();
});

test('windows that the page ends count as refused, and after three of them no window opens', async () => {
  const other = await setting.browser.openPage('https://frame.example/');
  await connectPage(setting, other, { sites: ['Acme Jira', 'Globex Jira'] });
  await askIn(other);
  const left = await questionWindow();
  await other.reload();
  await left.waitForClosed();
  await waitForApi(other);
  await other.evaluate((path) => {
    const abort = new AbortController();
    Object.assign(window, { abort });
    void window.threelo.fetch(path, { signal: abort.signal }).catch(() => undefined);
  }, serverInfo);
  const aborted = await questionWindow();
  await other.evaluate(() => {
    (window as unknown as { abort: AbortController }).abort.abort();
  });
  await aborted.waitForClosed();
  const refused = refusalIn(other);
  await (await questionWindow()).close();
  expect(await refused).toBe('not_allowed');
  expect(await refusalIn(other)).toBe('not_allowed');
  expect(await callThreelo(other, serverInfo)).toEqual({ code: 'site_required' });
});
