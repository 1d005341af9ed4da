/* Files that a product serves by a redirect: what arrives, and what the other host gets. */
import { beforeAll, describe, expect, test } from 'vitest';
import type { LogEntry } from '../../standin/http/traffic-log.ts';
import { digest, downloadIn, type Downloaded } from '../steps/download.ts';
import { page, setting, useConnectedTab } from './setting.ts';

const media = 'api.media.atlassian.com';
const foreign = 'evil.example';
const acme = 'https://acme.atlassian.net';

useConnectedTab();
beforeAll(async () => {
  for (const host of [media, foreign]) await giveCookie(host);
  await page.bringToFront();
});

/** From now on the browser sends a cookie with whatever a page asks this host for. */
async function giveCookie(host: string): Promise<void> {
  const headers = { 'set-cookie': 'known=browser; Secure; SameSite=None; Path=/' };
  setting.standin.pages.set(host, '/cookie', { headers, body: '<!doctype html><title>x</title>' });
  const tab = await setting.browser.openPage(`https://${host}/cookie`);
  await tab.reload();
  expect(requestsTo(host).at(-1)?.headers['cookie']).toContain('known=browser');
  await tab.close();
}

const requestsTo = (host: string): LogEntry[] => setting.standin.log.requests({ host });
const download = (input: string, init?: RequestInit): Promise<Downloaded> =>
  downloadIn(page, input, init);

/** The host got a request, and in it nothing that says who asks. */
function expectAnonymous(host: string): void {
  const requests = requestsTo(host);
  expect(requests.length).toBeGreaterThan(0);
  for (const { headers, method } of requests) {
    for (const name of [
      'authorization',
      'cookie',
      'referer',
      'x-atlassian-token',
      'x-experimentalapi',
    ])
      expect(headers, name).not.toHaveProperty(name);
    // Only a host for which there is no permission gets one. Firefox asks it beforehand, in the name of the installation.
    const { name: browser, extensionOrigin } = setting.browser;
    const isAsked = browser === 'firefox' && method === 'OPTIONS';
    const ofForeign = isAsked ? extensionOrigin : 'null';
    expect([undefined, ...(host === foreign ? [ofForeign] : [])]).toContain(headers['origin']);
    const { origin: _origin, ...others } = headers;
    const all = JSON.stringify(others);
    expect(all).not.toContain(new URL(extensionOrigin).hostname);
    expect(all).not.toContain('Threelo');
    for (const { canary } of setting.standin.issued) expect(all).not.toContain(canary);
  }
}

/** Neither the address of the file nor a part of it. */
function expectSecretAddress(downloaded: Downloaded): void {
  const told = JSON.stringify(downloaded);
  expect(told).not.toContain(media);
  for (const { query } of requestsTo(media)) expect(told).not.toContain(query.get('token'));
}

const anAttachment = () => {
  const { content, sites } = setting.standin;
  const cloudId = sites.find(({ url }) => url === acme)?.cloudId;
  const ofAcme = (file: { cloudId: string }): boolean => file.cloudId === cloudId;
  return { issue: content.attachments.find(ofAcme)!, page: content.pageFiles.find(ofAcme)! };
};
const contentPath = (): string => `/rest/api/3/attachment/content/${anAttachment().issue.id}`;

test('an attachment of 3 MiB comes back byte for byte over the media service, which learns nothing', async () => {
  const sent = await page.evaluate(async () => {
    const bytes = Uint8Array.from(
      { length: 3 * 1_048_576 + 1 },
      (_, at) => (at * 31 + (at >> 8)) % 256,
    );
    const form = new FormData();
    form.append('file', new Blob([bytes], { type: 'application/octet-stream' }), 'würfel.bin');
    const up = await window.threelo.fetch('/rest/api/3/issue/ROC-1/attachments', {
      method: 'POST',
      headers: { 'X-Atlassian-Token': 'no-check' },
      body: form,
    });
    const [attachment] = (await up.json()) as { content: string }[];
    const hash = new Uint8Array(await crypto.subtle.digest('SHA-256', bytes));
    return {
      content: attachment?.content ?? '',
      digest: [...hash].map((byte) => byte.toString(16).padStart(2, '0')).join(''),
    };
  });
  const headers = { 'X-Atlassian-Token': 'no-check', 'X-ExperimentalApi': 'opt-in' };
  const downloaded = await download(sent.content, { headers });
  expect(downloaded).toMatchObject({
    status: 200,
    url: sent.content,
    redirected: false,
    digest: sent.digest,
  });
  expect(requestsTo(media).map(({ method }) => method)).toEqual(['GET']);
  expectAnonymous(media);
  expectSecretAddress(downloaded);
});

test('the attachments and thumbnails of Confluence arrive too', async () => {
  const { id, pageId, filename, bytes } = anAttachment().page;
  for (const input of [
    `/wiki/rest/api/content/${pageId}/child/attachment/${id}/download`,
    `/wiki/download/attachments/${pageId}/${encodeURIComponent(filename)}?version=1&api=v2`,
    `/wiki/api/v2/attachments/${id}/thumbnail/download`,
  ]) {
    const downloaded = await download(input);
    expect(downloaded).toMatchObject({
      status: 200,
      url: `${acme}${input}`,
      digest: digest(bytes),
    });
    expectSecretAddress(downloaded);
  }
  expectAnonymous(media);
});

test('a part of a file, and its headers alone', async () => {
  const { bytes } = anAttachment().issue;
  const headers = { Range: 'bytes=100-199' };
  expect(await download(contentPath(), { headers })).toMatchObject({
    status: 206,
    digest: digest(bytes.subarray(100, 200)),
  });
  expect(await download(contentPath(), { method: 'HEAD' })).toMatchObject({
    status: 200,
    length: 0,
  });
  expectAnonymous(media);
});

describe('a redirect to another host delivers nothing', () => {
  const redirect = (location: string): void => {
    const match = { path: /attachment\/content/u };
    setting.standin.faults.add({ kind: 'redirect', status: 302, location, match, times: Infinity });
  };

  test('and is refused by its name when the host allows every origin', async () => {
    const headers = { 'access-control-allow-origin': '*' };
    setting.standin.pages.set(foreign, '/open', { headers, body: 'a foreign body' });
    redirect(`https://${foreign}/open?token=secret`);
    const { code, message } = await download(contentPath());
    expect([code, message]).toEqual(['redirect_refused', expect.stringContaining(`(${foreign})`)]);
    expect(message).not.toContain('secret');
    expectAnonymous(foreign);
  });

  test('and is refused without a name when the host hides its responses', async () => {
    setting.standin.pages.set(foreign, '/closed', { body: 'a foreign body' });
    redirect(`https://${foreign}/closed?token=secret`);
    const { code, message } = await download(contentPath());
    expect([code, message]).toEqual(['redirect_refused', expect.not.stringContaining('(')]);
    expectAnonymous(foreign);
  });

  test('while a media service without a connection is offline', async () => {
    setting.standin.faults.add({ kind: 'drop-before', match: { host: media }, times: Infinity });
    expect((await download(contentPath())).code).toBe('offline');
  });
});

test('the sign-in page of the same host is never delivered as the file', async () => {
  setting.standin.pages.set('api.atlassian.com', '/login', { body: 'a sign-in page' });
  const match = { path: /attachment\/content/u };
  const location = '/login';
  setting.standin.faults.add({ kind: 'redirect', status: 302, location, match, times: Infinity });
  expect((await download(contentPath())).code).toBe('consent_required');
  const requests = setting.standin.log.requests({ path: '/login', method: 'GET' });
  expect(requests.map(({ status }) => status)).toEqual([200, 200]);
});

test('no token went astray, and no call carried a cookie', () => {
  const { crossings, cookieHeaders, strayBearers } = setting.standin.auditor;
  expect({ crossings, cookieHeaders, strayBearers }).toEqual({
    crossings: [],
    cookieHeaders: [],
    strayBearers: [],
  });
});
