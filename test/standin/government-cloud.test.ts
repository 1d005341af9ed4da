import { afterEach, beforeEach, expect, test } from 'vitest';
import { GOVERNMENT_CLOUD, ISOLATED_CLOUD, type CloudHosts } from './facts/hosts.ts';
import { api } from './standin-session.ts';
import { startStandin, type Cloud, type Standin } from './standin.ts';
import { DEMO_APP } from './state/apps.ts';

const CALLBACK = 'https://demo.threelo.test/callback';
const SCOPES = 'offline_access read:jira-work';

let standin: Standin;
beforeEach(async () => {
  standin = await startStandin({ pkce: 'ignored' });
});
afterEach(() => standin.close());

const demo = ({ hosts: { name } }: Cloud) => `${name}-client`;

function authorizeUrl(cloud: Cloud, clientId = demo(cloud)): string {
  cloud.pkce = 'ignored';
  const { auth, api: audience } = cloud.hosts;
  return `https://${auth}/authorize?${new URLSearchParams({
    audience,
    client_id: clientId,
    scope: SCOPES,
    redirect_uri: CALLBACK,
    state: crypto.randomUUID(),
    response_type: 'code',
    prompt: 'consent',
  })}`;
}

function post({ hosts, apps }: Cloud, clientId: string, fields: Record<string, string>) {
  return standin.fetch(`https://${hosts.auth}/oauth/token`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      client_id: clientId,
      client_secret: apps.get(clientId)?.clientSecret,
      redirect_uri: CALLBACK,
      ...fields,
    }),
  });
}

async function signIn(cloud: Cloud): Promise<{ access_token: string; refresh_token: string }> {
  const back = new URL(await standin.consent(authorizeUrl(cloud)));
  const code = back.searchParams.get('code') ?? '';
  const answer = await post(cloud, demo(cloud), { grant_type: 'authorization_code', code });
  return (await answer.json()) as { access_token: string; refresh_token: string };
}

const resources = (host: string, token: string) =>
  standin.fetch(`https://${host}/oauth/token/accessible-resources`, {
    headers: { authorization: `Bearer ${token}` },
  });

test.each([
  ['gov', GOVERNMENT_CLOUD],
  ['isolated', ISOLATED_CLOUD],
] as const)(
  'a person signs in to the %s cloud under its own hosts',
  async (name, hosts: CloudHosts) => {
    const cloud = standin[name];
    const tokens = await signIn(cloud);
    const sites = (await (await resources(hosts.api, tokens.access_token)).json()) as object[];
    expect(sites).toMatchObject([
      { id: hosts.cloudIds[0], url: `https://${hosts.sites[0]}` },
      { id: hosts.cloudIds[1], url: `https://${hosts.sites[1]}` },
    ]);
    const project = await standin.fetch(
      `https://${hosts.api}/ex/jira/${hosts.cloudIds[0]}/rest/api/3/project/search`,
      { headers: { authorization: `Bearer ${tokens.access_token}` } },
    );
    expect(await project.json()).toMatchObject({ total: 2 });
    expect(standin.auditor.crossings).toEqual([]);
    expect(standin.auditor.strayBearers).toEqual([]);
  },
);

test('its hosts exist once it is asked for', async () => {
  const url = 'https://auth.atlassian-us-gov-mod.com/authorize';
  await expect(standin.fetch(url)).rejects.toThrow(TypeError);
  expect(standin.gov.hosts.auth).toBe(new URL(url).hostname);
  expect((await standin.fetch(url)).status).toBe(200);
});

test('apps, tokens and refresh tokens of one cloud are unknown to the other', async () => {
  const { gov } = standin;
  const mine = await signIn(gov);
  const theirs = standin.grant({ scopes: ['offline_access', 'read:me'] });
  expect((await api(standin, mine.access_token, '/me')).status).toBe(401);
  expect((await resources(gov.hosts.api, theirs.accessToken)).status).toBe(401);
  const fields = { grant_type: 'refresh_token', refresh_token: theirs.refreshToken ?? '' };
  expect((await post(gov, demo(gov), fields)).status).toBe(403);
  expect(standin.auditor.crossings).toMatchObject([
    { issuer: 'government-cloud', seenAt: 'cloud', kind: 'access' },
    { issuer: 'cloud', seenAt: 'government-cloud', kind: 'access' },
    { issuer: 'cloud', seenAt: 'government-cloud', kind: 'refresh' },
  ]);
  await expect(standin.consent(authorizeUrl(gov, DEMO_APP.clientId))).rejects.toThrow(
    /Unknown client/,
  );
});

test('the audience is the cloud’s own', async () => {
  const url = authorizeUrl(standin.gov).replace(
    '=api.atlassian-us-gov-mod.com',
    '=api.atlassian.com',
  );
  await expect(standin.consent(url)).rejects.toThrow(/audience/);
});

test('accessible-resources moves to the auth host', async () => {
  const { gov } = standin;
  const { access_token: token } = await signIn(gov);
  expect((await resources(gov.hosts.auth, token)).status).toBe(404);
  gov.accessibleResources = 'auth';
  expect((await resources(gov.hosts.api, token)).status).toBe(404);
  expect(await (await resources(gov.hosts.auth, token)).json()).toHaveLength(2);
});

test('only the owner of a private app can consent', async () => {
  const { gov } = standin;
  const app = gov.apps.get(demo(gov));
  if (app) app.ownerAccountId = gov.accounts.get('bo').accountId;
  await expect(standin.consent(authorizeUrl(gov))).rejects.toThrow(/access_denied/);
  expect(await standin.consent(authorizeUrl(gov), { account: 'bo' })).toContain('code=');
});
