import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { FlowView, SessionView } from '../../../extension/wire/views.ts';
import { ACME_CLOUD_ID, addPeople, GLOBEX_CLOUD_ID } from '../../standin/facts/sites.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, connect } from '../../support/harness.ts';
import { fetchAll, sitesAt } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import {
  client,
  harness,
  revive,
  session,
  standin,
  startSession,
  useSession,
} from '../use-session.ts';

const me = { path: '/me' } as const;
const resources = { path: '/oauth/token/accessible-resources' } as const;
/** The addresses that the auth window was opened with. */
let asked: URL[];

useSession({ sites: () => [] });
beforeEach(() => {
  asked = [];
  signsIn({});
});
afterEach(() => {
  expect(standin.auditor.replaysOutsideLeeway).toEqual([]);
});

function signsIn(choice: { account?: string; sites?: string[] }): void {
  harness.world.person = async (url) => {
    asked.push(url);
    return { redirectedTo: await standin.consent(url.href, choice) };
  };
}

const sessionsNow = async (): Promise<readonly SessionView[]> =>
  await harness.ui('session.list', {});
const sessionNow = async (): Promise<SessionView | undefined> =>
  (await sessionsNow()).find(({ id }) => id === session.id);

/** Signs in again for a session, or for none in particular. */
async function again(sessionId?: SessionView['id']): Promise<FlowView> {
  const named = sessionId === undefined ? {} : { sessionId };
  await harness.ui('flow.start', { clientId: client.id, ...named });
  const ended = async (): Promise<FlowView | undefined> => {
    const { flow } = await harness.ui('overview.get', {});
    return flow?.state === 'succeeded' || flow?.state === 'failed' ? flow : undefined;
  };
  await until(async () => (await ended()) !== undefined);
  return (await ended()) as FlowView;
}

const scopesAsked = (): string[] => asked.at(-1)?.searchParams.get('scope')?.split(' ') ?? [];

test('a sign-in decrypts no session of another account, however many there are', async () => {
  const { keyStore } = harness.world;
  const { encryptionKey } = keyStore;
  let uses = 0;
  Object.assign(keyStore, {
    encryptionKey: () => {
      uses += 1;
      return encryptionKey();
    },
  });
  const usesEach: number[] = [];
  for (const { nickname } of addPeople(standin, 6)) {
    signsIn({ account: nickname });
    uses = 0;
    expect((await again()).state).toBe('succeeded');
    usesEach.push(uses);
  }
  expect(await sessionsNow()).toHaveLength(7);
  expect(new Set(usesEach).size).toBe(1);
});

describe('a consent that is renewed', () => {
  test('asks for what the session holds and the configuration wants', async () => {
    const wider = [...client.scopes, 'write:jira-work'];
    const draft = aDraft({ scopes: wider });
    await harness.ui('client.update', { id: client.id, client: draft });
    expect((await sessionNow())?.missingScopes).toEqual(['write:jira-work']);
    await again(session.id);
    expect(scopesAsked().sort()).toEqual([...wider].sort());
    expect((await sessionNow())?.missingScopes).toEqual([]);
  });
  test('requests scopes that were added elsewhere, and not those that were removed', async () => {
    await harness.ui('client.update', {
      id: client.id,
      client: aDraft({ scopes: [...client.scopes, 'write:jira-work', 'manage:jira-webhook'] }),
    });
    await again(session.id);
    const narrow = client.scopes.filter((scope) => scope !== 'read:jira-user');
    await harness.ui('client.update', {
      id: client.id,
      client: aDraft({ scopes: [...narrow, 'write:jira-work', 'manage:jira-webhook'] }),
    });
    await again(session.id);
    expect(scopesAsked()).not.toContain('read:jira-user');
    expect(scopesAsked()).toContain('manage:jira-webhook');
  });
  test('keeps session and page grants if the account is known', async () => {
    await connect(harness, session, { sites: sitesAt(session, 'acme') });
    standin.revokeGrant('ada', 'team-client');
    expect((await rejection(fetchAll(harness.page()))).code).toBe('consent_required');
    expect(await again(session.id)).toMatchObject({ state: 'succeeded', sessionId: session.id });
    expect((await fetchAll(harness.page())).status).toBe(200);
  });
  test('opens another session for another account, and says so', async () => {
    signsIn({ account: 'bo' });
    const flow = await again(session.id);
    expect(flow).toMatchObject({ state: 'succeeded', renews: session.id });
    expect(flow.sessionId).not.toBe(session.id);
    expect((await sessionsNow()).map(({ account }) => account.name).sort()).toEqual([
      'Ada Example',
      'Bo Example',
    ]);
  });
  test('is refused for a session that does not exist', async () => {
    const sessionId = crypto.randomUUID() as SessionView['id'];
    const fault = await rejection(harness.ui('flow.start', { clientId: client.id, sessionId }));
    expect(fault.code).toBe('not_found');
    expect(await again()).toMatchObject({ state: 'succeeded' });
  });
});

describe('sites that a grant lost', () => {
  test('are reported, and return with the grants of pages', async () => {
    await connect(harness, session);
    signsIn({ sites: [ACME_CLOUD_ID] });
    await again(session.id);
    const narrowed = await sessionNow();
    expect(narrowed?.sites.map(({ cloudId }) => cloudId)).not.toContain(GLOBEX_CLOUD_ID);
    expect(narrowed?.lostSites.map(({ cloudId }) => cloudId)).toContain(GLOBEX_CLOUD_ID);
    expect(await harness.page()('page.sites', {})).toHaveLength(2);
    signsIn({});
    await again(session.id);
    expect((await sessionNow())?.lostSites).toEqual([]);
    expect(await harness.page()('page.sites', {})).toHaveLength(4);
  });
  test('are reported when the sites are refreshed', async () => {
    standin.narrow({ sites: [ACME_CLOUD_ID] });
    const view = await harness.ui('session.refresh-sites', { id: session.id });
    expect([view.sites.length, view.lostSites.length]).toEqual([2, 2]);
  });
});

describe('the account of a session, when no endpoint names it', () => {
  beforeEach(async () => {
    await connect(harness, session, { sites: sitesAt(session, 'acme') });
    standin.faults.add({ kind: 'status', status: 503, match: me });
    standin.faults.add({ kind: 'status', status: 503, match: resources });
    const flow = await again(session.id);
    expect(flow.sessionId).not.toBe(session.id);
    expect((await sessionsNow()).map(({ isIdentified }) => isIdentified).sort()).toEqual([
      false,
      true,
    ]);
  });
  test('no page is connected to it', async () => {
    const pending = (await sessionsNow()).find(({ isIdentified }) => !isIdentified);
    if (pending === undefined) throw new Error('no pending session');
    const site = { ...sitesAt(session, 'acme')[0]!, sessionId: pending.id };
    const { cloudId, product, sessionId } = site;
    const fault = await rejection(
      harness.ui('grant.prepare', {
        origin: 'https://frame.example' as never,
        access: 'read',
        sites: [{ cloudId, product, sessionId }],
      }),
    );
    expect(fault.code).toBe('not_found');
  });
  test('the next worker asks, and puts it into its place', async () => {
    await revive();
    await until(async () => (await sessionsNow()).length === 1);
    expect(await sessionsNow()).toMatchObject([{ id: session.id, isIdentified: true }]);
    expect((await fetchAll(harness.page())).status).toBe(200);
    standin.clock.advance(3_600_000);
    expect((await fetchAll(harness.page())).status).toBe(200);
  });
  test('so does a person who refreshes its sites', async () => {
    const pending = (await sessionsNow()).find(({ isIdentified }) => !isIdentified);
    if (pending === undefined) throw new Error('no pending session');
    expect((await harness.ui('session.refresh-sites', { id: pending.id })).id).toBe(session.id);
    expect(await sessionsNow()).toHaveLength(1);
  });
});

describe('a sign-in whose scopes do not name the account', () => {
  beforeEach(async () => {
    await standin.close();
    await startSession({
      scopes: aDraft().scopes.filter((scope) => scope !== 'read:me'),
      sites: (all) => sitesAt(all, 'globex').slice(0, 1),
    });
    signsIn({});
  });
  const userOfPage = async (): Promise<unknown> => {
    const { bytes } = await fetchAll(harness.page());
    return (JSON.parse(bytes.toString()) as { displayName: string }).displayName;
  };

  test('and that is for no session in particular leaves an earlier one and its pages to its person', async () => {
    signsIn({ account: 'bo' });
    const flow = await again();
    expect(flow).toMatchObject({ state: 'succeeded' });
    expect(flow.sessionId).not.toBe(session.id);
    expect(await userOfPage()).toBe('Ada Example');
  });
  test('renews the session that the person chose, also if its sites could not be read at first', async () => {
    standin.faults.add({ kind: 'status', status: 503, match: resources });
    expect((await again(session.id)).sessionId).not.toBe(session.id);
    standin.faults.clear();
    await revive();
    await until(async () => (await sessionsNow()).length === 1);
    expect(await sessionsNow()).toMatchObject([{ id: session.id, isIdentified: true }]);
    expect((await fetchAll(harness.page())).status).toBe(200);
  });
  test('does not replace the tokens of a later sign-in that renewed the session', async () => {
    signsIn({ account: 'bo' });
    standin.faults.add({ kind: 'status', status: 503, match: resources });
    expect((await again(session.id)).sessionId).not.toBe(session.id);
    standin.faults.clear();
    standin.clock.advance(1000);
    signsIn({});
    expect((await again(session.id)).sessionId).toBe(session.id);
    await revive();
    await harness.ui('overview.get', {});
    const pending = (await sessionsNow()).find(({ id }) => id !== session.id);
    if (pending) await harness.ui('session.refresh-sites', { id: pending.id });
    expect(await userOfPage()).toBe('Ada Example');
  });
});

test('after a worker that ended between the exchange and the account request, the next one reports a success', async () => {
  const hanging = standin.faults.add({
    kind: 'latency',
    until: new Promise(() => undefined),
    match: me,
  });
  await harness.ui('flow.start', { clientId: client.id, sessionId: session.id });
  await hanging.arrived;
  standin.faults.clear();
  await revive();
  expect((await harness.ui('overview.get', {})).flow).toMatchObject({ state: 'succeeded' });
  await until(async () => (await sessionsNow()).length === 1);
  expect(await sessionsNow()).toMatchObject([{ id: session.id, status: 'valid' }]);
});
