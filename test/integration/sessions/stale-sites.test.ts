import { beforeEach, expect, test } from 'vitest';
import type { SessionView } from '../../../extension/wire/views.ts';
import { AVATAR_HOST } from '../../standin/facts/hosts.ts';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from '../../standin/facts/sites.ts';
import { connect, dashboard, signedIn } from '../../support/harness.ts';
import { apiCalls, fetchAll, tokenRequests, whileTimePasses } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, standin, useBackground } from '../use-session.ts';

const resources = '/oauth/token/accessible-resources';
const acme = 'https://acme.atlassian.net/rest/api/3/myself';
const globex = 'https://globex.atlassian.net/rest/api/3/myself';
useBackground();
let session: SessionView;
let ownPagesTold: number;
beforeEach(async () => {
  // The extension pages would be notified of loaded pictures too.
  standin.faults.add({ kind: 'html', match: { host: AVATAR_HOST }, times: Infinity });
  ({ session } = await signedIn(harness, standin));
  await connect(harness, session);
  standin.log.clear();
  ownPagesTold = 0;
  Object.assign(harness.world, {
    notifyExtensionPages: (event?: string) => (ownPagesTold += event === undefined ? 1 : 0),
  });
});

const asked = (): number => standin.log.requests({ path: resources }).length;
const call = async (input: string): Promise<number> =>
  (await fetchAll(harness.page(), { input })).status;
const sites = async (): Promise<string[]> => {
  const sessions = await harness.ui('session.list', {});
  return (sessions.find(({ id }) => id === session.id)?.sites ?? []).map(({ name }) => name);
};
const toldPages = (): number =>
  harness.world.told.filter(({ origin }) => origin === dashboard).length;

test('a thousand calls ask for the sites not once', { timeout: 60_000 }, async () => {
  for (let batch = 0; batch < 20; batch += 1) {
    const calls = Promise.all(Array.from({ length: 50 }, () => call(acme)));
    const statuses = await whileTimePasses(harness.world, calls);
    expect(new Set(statuses)).toEqual(new Set([200]));
  }
  expect([apiCalls(standin).length, asked()]).toEqual([1000, 0]);
});

test.each([
  ['in the form of the gateway', undefined],
  ['in the form of Jira', '{"errorMessages":["The app is not installed on this instance."]}'],
])(
  'a site that is gone, told %s: the answer goes to the page, the list is read anew',
  async (_, body) => {
    standin.narrow({ sites: [ACME_CLOUD_ID] });
    if (body !== undefined)
      standin.faults.add({ kind: 'status', status: 403, body, match: { path: /myself/ } });
    expect(await call(globex)).toBe(403);
    await until(async () => (await sites()).length === 2);
    expect([asked(), tokenRequests(standin, 'refresh_token').length]).toEqual([1, 0]);
    await until(() => toldPages() === 1);
    expect(ownPagesTold).toBe(1);
    const sent = apiCalls(standin).length;
    await expect(call(globex)).rejects.toMatchObject({ fault: { code: 'not_allowed' } });
    expect([await call(acme), apiCalls(standin).length]).toEqual([200, sent + 1]);
  },
);

test('a lacking scope has the list read again, and no page is notified if it is the same', async () => {
  harness.world.elapse(60_000);
  const body = '{"code":401,"message":"Unauthorized; scope does not match"}';
  standin.faults.add({ kind: 'status', status: 401, body, match: { path: /myself/ } });
  expect(await call(acme)).toBe(401);
  await standin.log.waitFor((entry) => entry.path === resources && entry.outcome === 'answered');
  expect(await call(acme)).toBe(200);
  expect([asked(), toldPages(), ownPagesTold]).toEqual([1, 0, 0]);
});

test('many refusals at once have the list read once', async () => {
  standin.accounts.get('ada').sites = [ACME_CLOUD_ID];
  const body = '{"code":403,"message":"The app is not installed on this instance"}';
  const refusal = { kind: 'status', status: 403, body, match: { path: /myself/ } } as const;
  standin.faults.add({ ...refusal, times: 20 });
  await Promise.all(Array.from({ length: 20 }, () => call(acme)));
  await until(async () => (await sites()).length === 2);
  expect([await call(acme), asked()]).toEqual([200, 1]);
});

test('a site that comes back is there again after the next reading', async () => {
  standin.accounts.get('ada').sites = [ACME_CLOUD_ID];
  expect(await call(globex)).toBe(403);
  await until(async () => (await sites()).length === 2);
  standin.accounts.get('ada').sites = [ACME_CLOUD_ID, GLOBEX_CLOUD_ID];
  await harness.ui('session.refresh-sites', { id: session.id });
  expect([await call(globex), (await sites()).length]).toEqual([200, 4]);
});

test('a reading that fails leaves the list as it is', async () => {
  standin.faults.add({ kind: 'status', status: 503, match: { path: resources } });
  standin.narrow({ sites: [ACME_CLOUD_ID] });
  expect(await call(globex)).toBe(403);
  await standin.log.waitFor((entry) => entry.path === resources && entry.outcome === 'answered');
  expect([await call(acme), (await sites()).length]).toEqual([200, 4]);
});

test('a grant that no longer reaches a site is reported as such', async () => {
  standin.narrow({ sites: [] });
  expect(await call(acme)).toBe(403);
  await until(async () => (await sites()).length === 0);
  await expect(call(acme)).rejects.toMatchObject({ fault: { code: 'consent_required' } });
});
