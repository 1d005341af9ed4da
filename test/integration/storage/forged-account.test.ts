/* In Firefox a content script can write `storage.local`: no page calls as an account that it writes into a session. */
import { beforeEach, describe, expect, test } from 'vitest';
import type { SitesEntry } from '../../../extension/storage/schema.ts';
import type { Account } from '../../../extension/core/session/session.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import type { ClientView, FlowView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { addClient, aDraft, connect, dashboard, runFlow } from '../../support/harness.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useBackground();

type Entry = Readonly<Record<string, unknown>>;
const boPage = 'https://bo.example' as Origin;
let client: ClientView;
let ada: SessionView;
let bo: SessionView;

const signIn = async (account: string, session?: SessionView): Promise<FlowView> => {
  harness.world.person = async (url) => ({
    redirectedTo: await standin.consent(url.href, { account }),
  });
  await harness.ui('flow.dismiss', {});
  return runFlow(harness, client, session);
};
const signedInAs = async (account: string): Promise<SessionView> => {
  const { sessionId } = await signIn(account);
  return harness.ui('session.get', { id: sessionId! });
};
/** Whose data a page gets, or the code of the fault. */
const userOf = async (origin: Origin = dashboard): Promise<string> => {
  try {
    const { bytes } = await fetchAll(harness.page(origin));
    return (JSON.parse(bytes.toString()) as { displayName: string }).displayName;
  } catch (thrown) {
    return (thrown as { fault: { code: string } }).fault.code;
  }
};
const statusOf = async ({ id }: SessionView) => (await harness.ui('session.get', { id })).status;
const keyOf = ({ id }: SessionView): string => `session:${id}`;
const entryOf = (session: SessionView): Entry =>
  structuredClone(harness.world.local.entries.get(keyOf(session))) as Entry;
const accountOf = (session: SessionView): Account => entryOf(session)['account'] as Account;
const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;

/** How an attacker gets past the second copy. */
const ways: readonly (readonly [string, (session: SessionView) => Entry])[] = [
  [
    'while the second copy is deleted by a forged removal',
    (session) => {
      harness.world.local.entries.set('removed', [keyOf(session)]);
      return {};
    },
  ],
  [
    'under a raised generation',
    (session) => ({ generation: (entryOf(session)['generation'] as number) + 1 }),
  ],
];
async function rewrite(
  session: SessionView,
  part: Entry,
  way: (session: SessionView) => Entry = () => ({}),
): Promise<void> {
  const forged = { ...entryOf(session), ...part, ...way(session) };
  harness.world.local.entries.set(keyOf(session), forged);
  await revive();
}

beforeEach(async () => {
  client = await addClient(harness, standin);
  ada = await signedInAs('ada');
  bo = await signedInAs('bo');
  const [site] = sitesAt(ada, 'globex');
  await connect(harness, ada, { sites: [site!] });
  await connect(harness, bo, { origin: boPage, sites: sitesAt(bo, 'globex').slice(0, 1) });
  expect([await userOf(), await userOf(boPage)]).toEqual(['Ada Example', 'Bo Example']);
});

test('another account in a session is put right by the second copy, and that is reported', async () => {
  const before = entryOf(ada);
  await rewrite(ada, { account: accountOf(bo) });
  expect(entryOf(ada)).toEqual(before);
  expect((await harness.ui('overview.get', {})).storageFaults).toMatchObject([
    { code: 'storage_restored' },
  ]);
  expect([await userOf(), refreshes()]).toEqual(['Ada Example', 0]);
});

describe.each(ways)('%s', (_, way) => {
  const forgeries: readonly (readonly [string, () => Entry])[] = [
    ['another account', () => ({ account: accountOf(bo) })],
    ['no account', () => ({ account: {} })],
    ['another name', () => ({ account: { ...accountOf(ada), name: 'Bo Example' } })],
    ['another e-mail address', () => ({ account: { ...accountOf(ada), email: 'bo@x.example' } })],
    ['a user key', () => ({ account: { ...accountOf(ada), key: 'K1' } })],
  ];
  test.each(forgeries)(
    '%s makes the session unreadable, and its person gets it back with its pages',
    async (__, forged) => {
      await rewrite(ada, forged(), way);
      expect([await userOf(), await userOf(boPage)]).toEqual(['consent_required', 'Bo Example']);
      expect([await statusOf(ada), await statusOf(bo)]).toEqual(['recoverable', 'valid']);
      expect(refreshes()).toBe(0);
      expect((await signIn('ada', ada)).sessionId).toBe(ada.id);
      expect([await userOf(), await userOf(boPage)]).toEqual(['Ada Example', 'Bo Example']);
      await revive();
      expect([await userOf(), await userOf(boPage)]).toEqual(['Ada Example', 'Bo Example']);
    },
  );
  test('the accounts of two sessions swapped: neither calls as the other', async () => {
    const [one, other] = [accountOf(ada), accountOf(bo)];
    const forgedBo = { ...entryOf(bo), account: one, ...way(bo) };
    harness.world.local.entries.set(keyOf(bo), forgedBo);
    if (harness.world.local.entries.has('removed')) harness.world.mirror.entries.delete(keyOf(bo));
    await rewrite(ada, { account: other }, way);
    expect([await userOf(), await userOf(boPage)]).toEqual([
      'consent_required',
      'consent_required',
    ]);
    expect((await signIn('ada', ada)).sessionId).toBe(ada.id);
    expect((await signIn('bo', bo)).sessionId).toBe(bo.id);
    expect([await userOf(), await userOf(boPage)]).toEqual(['Ada Example', 'Bo Example']);
  });
  test("a sign-in of the account that was written does not take over the session's pages", async () => {
    const account = accountOf(bo);
    await harness.ui('session.sign-out', { id: bo.id });
    await rewrite(ada, { account }, way);
    const { sessionId } = await signIn('bo');
    expect(sessionId).not.toBe(ada.id);
    expect(await userOf()).toBe('consent_required');
    expect((await signIn('ada', ada)).sessionId).toBe(ada.id);
    expect(await userOf()).toBe('Ada Example');
  });
  test('even if that account signs in at the session, its pages do not call as it', async () => {
    await harness.ui('session.sign-out', { id: bo.id });
    const wide = accountOf(ada);
    const { entries } = harness.world.local;
    const known = entries.get(`sites:${ada.id}`) as SitesEntry;
    const sites = known.sites.filter(({ name }) => name === 'Globex');
    entries.set(`sites:${ada.id}`, { ...known, sites, sitesReadAtMs: Number.MAX_SAFE_INTEGER });
    await rewrite(ada, { account: { ...wide, accountId: 'forged' } }, way);
    expect((await signIn('bo', ada)).sessionId).toBe(ada.id);
    expect(await statusOf(ada)).toBe('valid');
    expect((await rejection(fetchAll(harness.page()))).code).toBe('consent_required');
    expect(await harness.page()('page.sites', {})).toEqual([]);
    expect((await connections(harness.ui))[0]?.sites).toEqual([]);
    await revive();
    expect(await userOf()).toBe('consent_required');
    // The person connects the page again, and now it is Bo's.
    await connect(harness, await harness.ui('session.get', { id: ada.id }));
    expect(await userOf()).toBe('Bo Example');
  });
});

describe('a session without an account', () => {
  beforeEach(async () => {
    const scopes = aDraft().scopes.filter((scope) => scope !== 'read:me');
    client = await addClient(
      harness,
      standin,
      aDraft({ name: 'Anonymous', clientId: 'anonymous', scopes }),
    );
    ada = await signedInAs('ada');
    await connect(harness, ada, { sites: sitesAt(ada, 'globex').slice(0, 1) });
    expect([accountOf(ada), await userOf()]).toEqual([{}, 'Ada Example']);
  });
  const nameAccounts = () =>
    harness.ui('client.update', {
      id: client.id,
      client: aDraft({ name: 'Anonymous', clientId: 'anonymous' }),
    });

  test.each(ways)('into which an account was written is unreadable, %s', async (_, way) => {
    await rewrite(ada, { account: accountOf(bo) }, way);
    expect([await userOf(), await statusOf(ada)]).toEqual(['consent_required', 'recoverable']);
    await nameAccounts();
    expect((await signIn('bo')).sessionId).not.toBe(ada.id);
    expect(await userOf()).toBe('consent_required');
    expect((await signIn('ada', ada)).sessionId).toBe(ada.id);
    expect(await userOf()).toBe('Ada Example');
  });
  test('keeps its pages when the person signs in there with the scope that names the account', async () => {
    await nameAccounts();
    expect((await signIn('ada', ada)).sessionId).toBe(ada.id);
    expect([accountOf(ada).name, await userOf()]).toEqual(['Ada Example', 'Ada Example']);
    await revive();
    expect(await userOf()).toBe('Ada Example');
  });
});

test('a session whose account is not named any more serves no page that was connected to the account', async () => {
  const scopes = aDraft().scopes.filter((scope) => scope !== 'read:me');
  await harness.ui('client.update', { id: client.id, client: aDraft({ scopes }) });
  await harness.ui('session.sign-out', { id: bo.id });
  const flow = await signIn('ada', ada);
  expect(flow.sessionId).toBe(ada.id);
  expect([accountOf(ada), await userOf()]).toEqual([{}, 'consent_required']);
  await harness.ui('client.update', { id: client.id, client: aDraft() });
  expect((await signIn('ada', ada)).sessionId).toBe(ada.id);
  expect(await userOf()).toBe('Ada Example');
});
