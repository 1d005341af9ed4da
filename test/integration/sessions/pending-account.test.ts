import { expect, test } from 'vitest';
import type { SitesEntry } from '../../../extension/storage/schema.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { addClient, connect, runFlow } from '../../support/harness.ts';
import { sitesAt } from '../../support/page-calls.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground({ secondConsent: 'keeps-both' });

/** Signs in; resolves to the session's id. */
async function signIn(client: ClientView, account: string, session?: SessionView): Promise<string> {
  standin.clock.advance(5000);
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account }),
  });
  await harness.ui('flow.dismiss', {});
  const { sessionId } = await runFlow(harness, client, session);
  return sessionId!;
}

const failAccount = (): void =>
  void standin.faults.add({ kind: 'status', status: 503, match: { path: '/me' }, times: 1 });
const sessions = async (): Promise<readonly SessionView[]> => await harness.ui('session.list', {});
const entry = (id: string): Record<string, unknown> =>
  harness.world.local.entries.get(`session:${id}`) as Record<string, unknown>;
const sitesReadAtMs = (id: string): number =>
  (harness.world.local.entries.get(`sites:${id}`) as SitesEntry).sitesReadAtMs;

/** Bo's session, and one of Ada whose account could not be read. */
async function withPendingSession(): Promise<{ client: ClientView; pending: SessionView }> {
  const client = await addClient(harness, standin);
  await signIn(client, 'bo');
  failAccount();
  const id = await signIn(client, 'ada');
  const pending = (await sessions()).find((one) => one.id === id)!;
  expect(pending.isIdentified).toBe(false);
  return { client, pending };
}

test.each([
  ['at its card', true],
  ['with the client', false],
])(
  'a sign-in whose account could not be read takes no token from a later one %s',
  async (_, isAtCard) => {
    const { client, pending } = await withPendingSession();
    const later = await signIn(client, 'ada', isAtCard ? pending : undefined);
    const before = entry(later);
    await revive();
    await expect.poll(() => harness.world.local.entries.has(`session:${pending.id}`)).toBe(false);
    expect(entry(later)).toEqual(before);
    expect((await sessions()).map(({ status }) => status)).toEqual(['valid', 'valid']);
  },
);

test('a later sign-in that needs consent is renewed by an earlier one whose account is read now', async () => {
  const { client, pending } = await withPendingSession();
  const later = await signIn(client, 'ada');
  const { signedInAtMs } = entry(pending.id);
  for (const area of [harness.world.local, harness.world.mirror])
    area.entries.set(`session:${later}`, { ...entry(later), status: 'recoverable' });
  await revive();
  await expect.poll(() => harness.world.local.entries.has(`session:${pending.id}`)).toBe(false);
  expect(entry(later)).toMatchObject({ status: 'valid', signedInAtMs });
});

test('a sign-in renews a session that was signed in while the clock was ahead', async () => {
  const client = await addClient(harness, standin);
  const id = await signIn(client, 'ada');
  const signedInAtMs = harness.world.nowMs() + 86_400_000;
  for (const area of [harness.world.local, harness.world.mirror])
    area.entries.set(`session:${id}`, { ...entry(id), signedInAtMs });
  await revive();
  expect(await signIn(client, 'ada')).toBe(id);
  expect(entry(id)['signedInAtMs']).toBe(harness.world.nowMs());
});

test('no page is connected to the first session of a client until its account is known', async () => {
  const client = await addClient(harness, standin);
  failAccount();
  const id = await signIn(client, 'ada');
  const [session] = await sessions();
  expect(session).toMatchObject({ id, isIdentified: false, status: 'valid', account: {} });
  const early = connect(harness, session!, { sites: sitesAt(session!, 'globex') });
  expect((await rejection(early)).code).toBe('not_found');
  await revive();
  await expect.poll(async () => (await sessions())[0]?.isIdentified).toBe(true);
  const [identified] = await sessions();
  expect(identified?.account.accountId).toBeDefined();
  await connect(harness, identified!, { sites: sitesAt(identified!, 'globex') });
});

test.each([
  ['none before', '[]', 'sites_unread'],
  ['some before', undefined, undefined],
])(
  'a renewal that cannot read the sites, with %s, does not say that there is none',
  async (_, body, code) => {
    const client = await addClient(harness, standin);
    const match = { path: '/oauth/token/accessible-resources' };
    if (body !== undefined)
      standin.faults.add({ kind: 'status', status: 200, body, match, times: 1 });
    const id = await signIn(client, 'ada');
    const readAtMs = sitesReadAtMs(id);
    standin.faults.add({ kind: 'status', status: 503, match, times: 1 });
    expect(await signIn(client, 'ada')).toBe(id);
    expect((await harness.ui('overview.get', {})).flow?.fault?.code).toBe(code);
    expect(sitesReadAtMs(id)).toBe(body === undefined ? readAtMs : 0);
  },
);

/** `storage.local` is full; a change of the client has to reach it, one of a session only one of the two copies. */
async function withRejectedClient(full: boolean): Promise<ClientView> {
  const client = await addClient(harness, standin);
  await signIn(client, 'ada');
  for (const { entries } of [harness.world.local, harness.world.mirror]) {
    const key = `client:${client.id}`;
    entries.set(key, { ...(entries.get(key) as object), rejectedAtMs: 1 });
  }
  await revive();
  if (full) harness.world.local.failWrites(1000);
  return client;
}

test.each([true, false])(
  'a sign-in keeps its tokens although the client cannot be stored as accepted: %s',
  async (isFull) => {
    const client = await withRejectedClient(isFull);
    const [before] = await sessions();
    standin.clock.advance(5000);
    await signIn(client, 'ada', before);
    const { flow } = await harness.ui('overview.get', {});
    expect([flow?.state, flow?.fault]).toEqual(['succeeded', undefined]);
    const copy = harness.world.mirror.entries.get(`session:${before!.id}`);
    expect(copy).toMatchObject({ signedInAtMs: harness.world.nowMs() });
    expect((await harness.ui('overview.get', {})).clients[0]?.rejectedAtMs).toBe(
      isFull ? 1 : undefined,
    );
  },
);

test('a refresh whose token is stored later succeeds although the client cannot be stored as accepted', async () => {
  await withRejectedClient(true);
  standin.clock.advance(3_600_000);
  const [{ id }] = (await sessions()) as [SessionView];
  const { mirror } = harness.world;
  const { write } = mirror;
  const isRotated = (entries: Readonly<Record<string, unknown>>): boolean =>
    (entries[`session:${id}`] as { generation?: number } | undefined)?.generation === 2;
  Object.assign(mirror, {
    write: (entries: Readonly<Record<string, unknown>>) =>
      isRotated(entries) ? Promise.reject(new Error('full')) : write(entries),
  });
  const refreshSites = () => harness.ui('session.refresh-sites', { id });
  expect((await rejection(refreshSites())).code).toBe('storage_failed');
  Object.assign(mirror, { write });
  expect((await refreshSites()).status).toBe('valid');
  expect(mirror.entries.get(`session:${id}`)).toMatchObject({ generation: 2 });
});
