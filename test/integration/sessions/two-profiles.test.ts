/* Two browser profiles with one app and one account: Atlassian keeps one grant, and a consent in one replaces the other's. */
import { afterEach, expect, test } from 'vitest';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { startStandin, type Standin } from '../../standin/standin.ts';
import { chanceOf, onlyCase } from '../../support/chance.ts';
import { rejection } from '../../support/faults.ts';
import {
  addClient,
  aDraft,
  connect,
  runFlow,
  startHarness,
  type Harness,
} from '../../support/harness.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';

const steps = 1000;
const hour = 3_600_000;
const always = ['offline_access', 'read:me', 'read:jira-work', 'read:jira-user'];
const sometimes = ['write:jira-work', 'read:confluence-content.all', 'manage:jira-webhook'];

/** A browser profile with the app, signed in, and a connected page. */
interface Profile {
  readonly name: string;
  readonly harness: Harness;
  readonly client: ClientView;
  readonly session: SessionView;
  /** The texts of the notifications that were shown, in order. */
  readonly notified: string[];
  /** Whether the provider has ended its grant. */
  isEnded: boolean;
  /** Whether it has found that out. */
  isTold: boolean;
}

let standin: Standin;
afterEach(() => standin.close());

/** Adds the notifications that are shown from now on to a list. */
function recordingAlerts(harness: Harness, notified: string[]): Harness {
  const { notify } = harness.world.alerts;
  Object.assign(harness.world.alerts, {
    notify: (id: string, title: string, message: string) => {
      notified.push(message);
      return notify(id, title, message);
    },
  });
  return harness;
}
const nextWorker = async ({ harness, notified }: Profile): Promise<Harness> =>
  recordingAlerts(await harness.revive(), notified);

async function openProfile(name: string): Promise<Profile> {
  const notified: string[] = [];
  const harness = recordingAlerts(await startHarness(standin), notified);
  const client = await addClient(harness, standin);
  const { sessionId } = await runFlow(harness, client);
  const session = await harness.ui('session.get', { id: sessionId! });
  await connect(harness, session, { sites: sitesAt(session, 'acme').slice(0, 1) });
  return { name, harness, client, session, notified, isEnded: false, isTold: false };
}

const viewOf = ({ harness, session: { id } }: Profile): Promise<SessionView> =>
  harness.ui('session.get', { id });
const called = ({ harness }: Profile): Promise<number | string> =>
  fetchAll(harness.page()).then(
    ({ status }) => status,
    (thrown: { fault: { code: string } }) => thrown.fault.code,
  );
const notifications = async ({ harness }: Profile): Promise<string[]> => {
  await harness.background.consentAlerts.update();
  return [...harness.world.seen.notifications.values()];
};
const grantedScopes = (): readonly string[] => standin.grants().at(-1)!.scopes;
const refreshes = (): number => tokenRequests(standin, 'refresh_token').length;

/** The person signs in again at the session, with other scopes than before. */
async function consent(profile: Profile, scopes: readonly string[]): Promise<void> {
  const { harness, client, session } = profile;
  await harness.ui('client.update', { id: client.id, client: aDraft({ scopes: [...scopes] }) });
  const flow = await runFlow(harness, client, session);
  expect(flow).toMatchObject({ state: 'succeeded', sessionId: session.id });
  expect(await called(profile)).toBe(200);
  expect(await viewOf(profile)).toMatchObject({ status: 'valid', missingScopes: [] });
  expect(await notifications(profile)).toEqual([]);
}

/** An hour later a page calls, and the session has to be refreshed: it has the scopes of the last consent, wherever that was. */
async function refreshKept(profile: Profile): Promise<void> {
  standin.clock.advance(hour);
  expect(await called(profile)).toBe(200);
  const view = await viewOf(profile);
  const { scopes: wanted } = (await profile.harness.ui('client.list', {}))[0]!;
  const missing = wanted.filter((scope) => !grantedScopes().includes(scope));
  expect([view.status, view.missingScopes]).toEqual(['valid', missing]);
  expect(view).not.toHaveProperty('probableCause');
}

/** An hour later a page calls, and the provider has ended the grant: that is told once, and nothing more is sent. */
async function refreshEnded(profile: Profile): Promise<void> {
  const { harness, notified, isTold } = profile;
  const [toldBefore, sentBefore] = [notified.length, refreshes()];
  standin.clock.advance(hour);
  expect((await rejection(fetchAll(harness.page()))).code).toBe('consent_required');
  expect(await called(profile)).toBe('consent_required');
  const shown = await notifications(profile);
  expect(shown).toHaveLength(1);
  expect(notified.slice(toldBefore)).toHaveLength(isTold ? 0 : 1);
  expect(notified.at(-1)).toMatch(/Probably this app was signed in from another browser/u);
  expect(refreshes() - sentBefore).toBe(isTold ? 0 : 1);
  expect(await viewOf(profile)).toMatchObject({
    status: 'recoverable',
    probableCause: 'signed-in-elsewhere',
  });
  profile.isTold = true;
}

test.each(['keeps-both', 'ends-first'] as const)(
  `${String(steps)} consents and refreshes in two profiles, where the provider %s`,
  { timeout: 600_000 },
  async (secondConsent) => {
    const seed = onlyCase ?? `${secondConsent} ${String(Date.now())}`;
    console.info(`two profiles: THREELO_SEED='${seed}'`);
    const chance = chanceOf(seed);
    standin = await startStandin({
      transport: 'memory',
      secondConsent,
      autoConsent: 'ada',
    });
    const profiles = [await openProfile('first'), await openProfile('second')] as const;
    const [first, second] = profiles;
    first.isEnded = secondConsent === 'ends-first';
    let lost = 0;
    let narrowed = 0;
    for (let step = 1; step <= steps; step += 1) {
      const profile = chance.pick(profiles);
      try {
        if (chance.comes(0.4)) {
          const scopes = [...always, ...sometimes.filter(() => chance.comes(0.5))];
          await consent(profile, scopes);
          profile.isEnded = false;
          profile.isTold = false;
          const other = profile === first ? second : first;
          other.isEnded = secondConsent === 'ends-first';
        } else if (profile.isEnded) {
          if (!profile.isTold) lost += 1;
          await refreshEnded(profile);
        } else {
          await refreshKept(profile);
          if ((await viewOf(profile)).missingScopes.length > 0) narrowed += 1;
        }
        if (chance.comes(0.05)) Object.assign(profile, { harness: await nextWorker(profile) });
      } catch (thrown) {
        const message = `step ${String(step)}, ${profile.name} profile, THREELO_SEED='${seed}'`;
        throw new Error(message, { cause: thrown });
      }
    }
    const { deadRefreshes, replaysInsideLeeway, replaysOutsideLeeway } = standin.auditor;
    expect([replaysInsideLeeway, replaysOutsideLeeway]).toEqual([[], []]);
    expect(deadRefreshes).toHaveLength(lost);
    const told = first.notified.length + second.notified.length;
    expect(told).toBe(lost);
    if (secondConsent === 'keeps-both') {
      expect(lost).toBe(0);
      expect(narrowed).toBeGreaterThan(50);
    } else {
      expect(lost).toBeGreaterThan(50);
    }
  },
);

test('a session whose token was not refused by the provider is not said to be signed in elsewhere', async () => {
  standin = await startStandin({ transport: 'memory', autoConsent: 'ada' });
  const profile = await openProfile('first');
  const { harness, notified } = profile;
  const fresh = await crypto.subtle.generateKey({ name: 'AES-GCM', length: 256 }, false, [
    ...(['encrypt', 'decrypt'] as const),
  ]);
  Object.assign(harness.world.keyStore, { encryptionKey: () => Promise.resolve(fresh) });
  const refreshed = harness.ui('session.refresh-sites', { id: profile.session.id });
  await refreshed.catch(() => undefined);
  standin.clock.advance(hour);
  expect((await rejection(fetchAll(harness.page()))).code).toBe('consent_required');
  const view = await viewOf(profile);
  expect([view.status, view.probableCause]).toEqual(['recoverable', undefined]);
  await notifications(profile);
  expect(notified).toEqual([expect.stringMatching(/^The provider no longer accepts/u)]);
  expect(notified[0]).not.toContain('another browser');
});
