import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { walkConsent } from './consent-walk.ts';
import type { DcInstance } from './data-center/instance.ts';
import { startStandin, type Standin } from './standin.ts';

let standin: Standin;
let jira: DcInstance;
beforeEach(async () => {
  standin = await startStandin();
  ({ jira } = standin.dataCenter);
});
afterEach(() => standin.close());

test('plain http reaches it through the proxy, and only the host that is served so', async () => {
  const { intranet } = standin.dataCenter;
  const statusOf = (url: string) =>
    new Promise<number | undefined>((resolve, reject) => {
      const headers = { host: new URL(url).host };
      const target = { host: '127.0.0.1', port: standin.proxyPort, path: url, headers };
      request(target, (response) => resolve(response.resume().statusCode))
        .once('error', reject)
        .end();
    });
  expect(await statusOf(`${intranet.baseUrl}/`)).toBe(200);
  expect(await statusOf('http://dc.example.test/jira/')).toBe(502);
  expect(standin.log.at(-1)?.host).toBe('intranet.example.test');
});

test('the consent form wants a Referer of its own host', async () => {
  const clientId = 'dc-client';
  const redirectUri = 'https://demo.threelo.test/callback';
  jira.apps.add({ clientId, clientSecret: 'secret', redirectUri });
  const query = { client_id: clientId, redirect_uri: redirectUri, response_type: 'code' };
  const url = `${jira.baseUrl}/rest/oauth2/latest/authorize?${new URLSearchParams(query)}`;
  const stripped = ((to: string, init: RequestInit) => {
    const headers = new Headers(init.headers);
    headers.delete('referer');
    return standin.fetch(to, { ...init, headers: [...headers] });
  }) as typeof fetch;
  const parts = {
    fetch: stripped,
    accounts: standin.accounts,
    isPlayed: (host: string) => host === 'dc.example.test',
  };
  await expect(walkConsent(parts, url, {})).rejects.toThrow(/did not come from/);
});

test('redirect addresses that the form would refuse', () => {
  const add = (redirectUri: string) =>
    jira.apps.add({ clientId: 'x', clientSecret: 'y', redirectUri });
  for (const bad of [
    '/cb',
    'http://a.test/',
    'https://a.test/#x',
    `https://a.test/${'x'.repeat(450)}`,
  ]) {
    expect(() => add(bad)).toThrow();
  }
  expect(add('http://localhost:1234/cb').permissions).toContain('READ');
});
