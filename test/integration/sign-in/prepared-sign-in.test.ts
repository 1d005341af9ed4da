/* A sign-in whose hosts the browser asks for first: the prompt may close the page that asked, and the worker goes on. */
import { beforeEach, expect, test } from 'vitest';
import type { ClientView, FlowView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, addClient, runFlow, type Harness } from '../../support/harness.ts';
import { sampleBodies } from '../../support/samples/command-samples.ts';
import { until } from '../../support/until.ts';
import { harness, standin, useBackground } from '../use-session.ts';

const hosts = ['https://auth.atlassian.com/*', 'https://api.atlassian.com/*'] as const;
useBackground();
let client: ClientView;
/** Auth windows that were opened. */
let windows: number;
beforeEach(async () => {
  client = await addClient(harness, standin);
  windows = 0;
  watch(harness);
  for (const host of hosts) harness.world.hosts.delete(host);
});

function watch({ world }: Harness): void {
  const { person } = world;
  world.person = (url) => {
    windows += 1;
    return person(url);
  };
}

/** As the browser does when the person allows the hosts of its prompt. */
async function allow(of = harness, allowed: readonly string[] = hosts): Promise<void> {
  for (const host of allowed) of.world.hosts.add(host);
  await of.background.signIn.startPrepared();
}
const prepare = async (of = harness): Promise<string> =>
  (await of.ui('flow.prepare', { clientId: client.id })).id;
const flowNow = async (of = harness): Promise<FlowView | undefined> =>
  (await of.ui('overview.get', {})).flow;
const succeeded = (of = harness): Promise<void> =>
  until(async () => (await flowNow(of))?.state === 'succeeded');

test('it goes on by itself when the hosts were allowed, also in a new worker, and says so', async () => {
  const id = await prepare();
  expect(await flowNow()).toBeUndefined();
  const revived = await harness.revive();
  watch(revived);
  let told = 0;
  Object.assign(revived.world, { notifyExtensionPages: () => void (told += 1) });
  await allow(revived);
  expect(told).toBeGreaterThan(0);
  await succeeded(revived);
  expect(await revived.ui('flow.get', { id })).toMatchObject({ id, state: 'succeeded' });
  expect(windows).toBe(1);
});

test('it waits until all of its hosts are allowed', async () => {
  await prepare();
  await allow(harness, [hosts[0]]);
  expect(windows).toBe(0);
  await allow(harness, [hosts[1]]);
  await succeeded();
  expect(windows).toBe(1);
});

test('if the page stays open, both continue and one window opens', async () => {
  const preparedId = await prepare();
  const wanted = { clientId: client.id, preparedId };
  for (const host of hosts) harness.world.hosts.add(host);
  const both = [harness.background.signIn.startPrepared(), harness.ui('flow.start', wanted)];
  expect((await Promise.allSettled(both)).map(({ status }) => status)).toEqual([
    'fulfilled',
    'fulfilled',
  ]);
  await succeeded();
  // A page whose message is late finds what came of it.
  expect(await harness.ui('flow.start', wanted)).toMatchObject({ state: 'succeeded' });
  await harness.background.signIn.startPrepared();
  expect(windows).toBe(1);
});

test('the page may be the first', async () => {
  const preparedId = await prepare();
  for (const host of hosts) harness.world.hosts.add(host);
  await harness.ui('flow.start', { clientId: client.id, preparedId });
  await harness.background.signIn.startPrepared();
  await succeeded();
  await harness.background.signIn.startPrepared();
  expect(windows).toBe(1);
});

test('a session that was to be renewed is renewed', async () => {
  for (const host of hosts) harness.world.hosts.add(host);
  const { sessionId } = await runFlow(harness, client);
  for (const host of hosts) harness.world.hosts.delete(host);
  await harness.ui('flow.prepare', { clientId: client.id, sessionId: sessionId! });
  await allow();
  await until(async () => (await flowNow())?.renews === sessionId);
  await succeeded();
  expect(await harness.ui('session.list', {})).toHaveLength(1);
});

test.each<readonly [string, (preparedId: string) => Promise<unknown>]>([
  ['nobody asked for one', () => harness.background.upkeep.run()],
  [
    'the person refused the hosts',
    async (preparedId) => {
      const refused = harness.ui('flow.start', { clientId: client.id, preparedId });
      expect((await rejection(refused)).code).toBe('permission_missing');
    },
  ],
  [
    'the answer came a minute later',
    () => {
      harness.world.elapse(60_000);
      return Promise.resolve();
    },
  ],
  ['the person cancelled', () => harness.ui('flow.cancel', {})],
  ['the client was deleted', () => harness.ui('client.delete', { id: client.id })],
  [
    'the client became one of another system',
    async () => {
      harness.world.hosts.add('https://other.example/*');
      const authorizationEndpoint = 'https://other.example/authorize';
      const tokenEndpoint = 'https://other.example/token';
      await harness.ui('client.update', {
        id: client.id,
        client: { ...aDraft(), type: 'generic', authorizationEndpoint, tokenEndpoint },
      });
    },
  ],
  ['other hosts are asked for', () => harness.ui('flow.unprepare', {})],
  [
    'the person connects a page',
    () => rejection(harness.ui('grant.prepare', sampleBodies['grant.prepare'] as never)),
  ],
  [
    'the person looks a server up',
    () => rejection(harness.ui('client.discover', { issuer: 'https://api.atlassian.com' })),
  ],
  [
    'the person tests signatures',
    () => rejection(harness.ui('client.diagnose', { id: client.id })),
  ],
])('allowed hosts start no sign-in when %s', async (what, act) => {
  const preparedId = what.startsWith('nobody') ? '' : await prepare();
  await act(preparedId);
  await allow();
  expect(await flowNow()).toBeUndefined();
  expect(windows).toBe(0);
});

test('another sign-in ends it', async () => {
  const draft = aDraft({ name: 'Other', clientId: 'other-client' });
  const other = await addClient(harness, standin, draft);
  await prepare();
  for (const host of hosts) harness.world.hosts.add(host);
  await runFlow(harness, other);
  await harness.background.signIn.startPrepared();
  expect((await flowNow())?.clientName).toBe('Other');
  expect(windows).toBe(1);
});

test('one that waits is not prepared over one that runs, nor for what is not there', async () => {
  for (const host of hosts) harness.world.hosts.add(host);
  await harness.ui('flow.start', { clientId: client.id });
  expect((await rejection(prepare())).code).toBe('flow_in_progress');
  await succeeded();
  const nobody = crypto.randomUUID() as never;
  for (const wanted of [{ clientId: nobody }, { clientId: client.id, sessionId: nobody }])
    expect((await rejection(harness.ui('flow.prepare', wanted))).code).toBe('not_found');
  expect(harness.world.session.entries.has('pending-sign-in')).toBe(false);
});

test('the pending request of a prompt without an answer is removed', async () => {
  await prepare();
  await harness.background.upkeep.run();
  expect(harness.world.session.entries.has('pending-sign-in')).toBe(true);
  harness.world.elapse(60_000);
  await harness.background.upkeep.run();
  expect(harness.world.session.entries.has('pending-sign-in')).toBe(false);
});
