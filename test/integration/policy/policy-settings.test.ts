import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { aDraft, connect, dashboard } from '../../support/harness.ts';
import { outcome } from '../../support/kill/killed-backgrounds.ts';
import { fetchAll, sitesAt } from '../../support/page-calls.ts';
import { harness, standin } from '../use-session.ts';
import {
  allowPolicyHosts,
  setPolicy,
  signIn,
  usePolicy,
  wholePolicy,
  withdraw,
} from '../use-policy.ts';

usePolicy();

const settings = () => harness.ui('settings.get', {});

test('a setting of the policy cannot be changed; what the person had chosen is back afterwards', async () => {
  await harness.ui('settings.update', { changes: { activityLog: false, clockSkewSeconds: 90 } });
  await setPolicy({ settings: { activityLog: true, otherExtensions: false } });
  expect(await settings()).toMatchObject({
    values: { activityLog: true, clockSkewSeconds: 90 },
    managed: ['activityLog', 'otherExtensions'],
  });
  const fault = await rejection(
    harness.ui('settings.update', { changes: { activityLog: false, notifications: false } }),
  );
  expect(fault).toMatchObject({
    code: 'invalid_settings',
    fields: [{ field: 'activityLog', problem: 'managed' }],
  });
  // A form sends every setting.
  const { values } = await settings();
  await harness.ui('settings.update', { changes: { ...values, clockSkewSeconds: 30 } });
  await withdraw();
  expect(await settings()).toMatchObject({
    values: { activityLog: false, clockSkewSeconds: 30 },
    managed: [],
  });
});

test('without lasting connections, an answer for always holds for the browser session', async () => {
  await setPolicy({ clients: wholePolicy.clients, settings: { lastingGrants: false } });
  const session = await signIn();
  await connect(harness, session, { duration: 'always', sites: sitesAt(session, 'acme') });
  expect(await harness.ui('grant.get', { origin: dashboard })).toMatchObject({
    duration: 'session',
  });
  expect(await harness.ui('popup.view', {})).toMatchObject({ mayLast: false });
});

test('without plain http, a client that allows it is not saved or signed in with', async () => {
  const draft = aDraft({
    type: 'data-center',
    baseUrl: 'http://jira.example',
    product: 'jira',
    isHttpAllowed: true,
  });
  const { id } = await harness.ui('client.create', { client: draft });
  await setPolicy({ settings: { plainHttp: false } });
  const codes = [
    harness.ui('client.create', { client: { ...draft, name: 'Second' } }),
    harness.ui('client.update', { id, client: draft }),
    harness.ui('flow.start', { clientId: id }),
  ].map(async (work) => (await rejection(work)).code);
  expect(await Promise.all(codes)).toEqual(codes.map(() => 'http_forbidden'));
});

test('when the points of the hour that the policy allows are used, calls are held until the hour ends', async () => {
  await setPolicy({ ...wholePolicy, pointsPerHour: 3 });
  await signIn();
  await allowPolicyHosts();
  const statuses: number[] = [];
  for (let call = 0; call < 5; call += 1) {
    const { status } = await fetchAll(harness.page());
    statuses.push(status);
  }
  expect(statuses.at(0)).toBe(200);
  expect(statuses.at(-1)).toBe(429);
  const held = await fetchAll(harness.page());
  expect(Object.fromEntries(held.headers)).toMatchObject({ 'x-threelo-held': '1' });
  expect(held.bytes.toString()).toContain('the points that the organization allows');
  standin.clock.advance(3_600_000);
  expect(await outcome(harness)).toBe(200);
});
