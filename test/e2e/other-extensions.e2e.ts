import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { PageUnderTest } from './browser/browser-under-test.ts';
import { readShippedManifest } from './browser/shipped-manifest.ts';
import { writeHelper } from './helper/write-helper.ts';
import { builtPackage, dashboard, openSetting, signedInPage, type Setting } from './steps/steps.ts';

const folder = mkdtempSync(path.join(tmpdir(), 'threelo-helpers-'));
let setting: Setting;
let page: PageUnderTest;
let threelo: string;
beforeAll(async () => {
  const pages = `${dashboard}*`;
  setting = await openSetting({
    alsoInstalled: [
      writeHelper(path.join(folder, 'helper'), 'Helper', pages, {
        message_serialization: 'structured_clone',
      }),
      writeHelper(path.join(folder, 'plain'), 'Plain', pages, {}),
    ],
  });
  threelo =
    readShippedManifest(builtPackage()).geckoId ?? new URL(setting.browser.extensionOrigin).host;
  page = await signedInPage(setting);
});
afterAll(async () => {
  await setting.close();
  rmSync(folder, { recursive: true, force: true });
});

interface Asked {
  readonly by?: 'Helper' | 'Plain';
  readonly from?: 'background' | 'content';
  readonly how: 'send' | 'post' | 'id' | 'recipe by message' | 'recipe by port';
  readonly input?: string;
  readonly message?: object;
  readonly messages?: readonly object[];
  readonly awaited?: number;
}

/** What an extension got back for what it sent to Threelo. */
const ask = (asked: Asked): Promise<unknown> =>
  page.evaluate(
    (all) =>
      new Promise<unknown>((resolve) => {
        const id = crypto.randomUUID();
        addEventListener('message', function listen({ data }: MessageEvent) {
          if ((data as { answers?: string }).answers !== id) return;
          removeEventListener('message', listen);
          resolve((data as { result: unknown }).result);
        });
        postMessage({ ...all, id });
      }),
    { by: 'Helper', from: 'background', to: threelo, ...asked },
  );
const command = (name: string, body: object = {}) => ({ v: 1, name, body });
const call = {
  callId: 'one',
  method: 'GET',
  input: '/rest/api/3/myself',
  headers: [],
  body: null,
  writtenBytes: 0,
};
const hello = { how: 'send', message: command('page.hello') } as const;
const recipe = (by: 'message' | 'port') =>
  ({ how: `recipe by ${by}`, input: '/rest/api/3/myself' }) as const;
const openPort = {
  how: 'post',
  messages: [
    { ...command('page.sites'), id: 7 },
    { ...command('api.request', call), id: 8 },
  ],
  awaited: 3,
} as const;

async function switchOthers(on: boolean): Promise<void> {
  const options = await setting.browser.openExtensionPage('options/index.html#/settings');
  await (on
    ? options.check('Let other extensions ask')
    : options.uncheck('Let other extensions ask'));
  await options.click('Save');
  await options.waitForText('The settings are saved');
  await options.close();
  await page.bringToFront();
}

test('while the setting is off, another extension gets no answer, by message and by port', async () => {
  expect(await ask(hello)).toBe('nothing');
  expect(await ask(openPort)).toEqual(['closed']);
  const unanswered: unknown = expect.stringContaining('Threelo does not answer');
  expect(await ask(recipe('message'))).toEqual(unanswered);
  expect(await ask(recipe('port'))).toEqual(unanswered);
});

test('the first request for access opens the question window, and the answer makes a grant', async () => {
  await switchOthers(true);
  expect(await ask(hello)).toEqual({ ok: true, value: { isConnected: false } });
  expect(await ask({ how: 'send', message: command('api.request', call) })).toMatchObject({
    fault: { code: 'not_connected' },
  });
  const asked = ask(recipe('message'));
  asked.catch(() => undefined);
  const window = await setting.browser.waitForExtensionWindow('popup/ask.html');
  await window.waitForText(String(await ask({ how: 'id' })));
  await window.check({ role: 'checkbox', name: /Acme Jira/u });
  await window.click({ name: /^Allow/u });
  await window.waitForClosed();
  expect(await asked).toMatchObject({ displayName: 'Ada Example' });
  expect(await ask({ how: 'send', message: command('page.sites') })).toMatchObject({
    ok: true,
    value: [{ product: 'jira', url: 'https://acme.atlassian.net' }],
  });
});

test('it calls by message and by port, also after the worker has ended', async () => {
  // Whether the end of the body is known with its first piece depends on the network.
  const isComplete: unknown = expect.any(Boolean);
  const reply = { ok: true, value: { status: 200, isComplete } };
  const message = { how: 'send', message: command('api.request', call) } as const;
  expect(await ask(message)).toMatchObject(reply);
  expect(JSON.stringify(await ask(message))).toContain('Ada Example');
  expect(await ask(recipe('port'))).toMatchObject({ displayName: 'Ada Example' });
  await setting.browser.killWorker();
  expect(await ask(openPort)).toMatchObject([
    { isOpen: true },
    { id: 7, reply: { ok: true } },
    { id: 8, reply },
  ]);
});

test('its content script gets nothing, nor does another extension get its grant', async () => {
  expect(await ask({ ...hello, from: 'content' })).not.toHaveProperty('ok');
  expect(await ask({ ...openPort, from: 'content' })).toEqual(['closed']);
  // Chromium delivers only between extensions that serialize messages in the same way.
  const isDelivered = setting.browser.name === 'firefox';
  const plain = await ask({ ...hello, by: 'Plain' });
  if (isDelivered) expect(plain).toEqual({ ok: true, value: { isConnected: false } });
  else expect(plain).not.toHaveProperty('ok');
});

test('the setting that is turned off again ends it', async () => {
  await switchOthers(false);
  expect(await ask(hello)).toBe('nothing');
  expect(await ask(openPort)).toEqual(['closed']);
});
