/* An edit that ends the sessions of a client. */
import { beforeEach, describe, expect, test } from 'vitest';
import { draftOf, type ClientDraft } from '../../../extension/core/client/client-configuration.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow } from '../../support/harness.ts';
import { aCall } from '../../support/page-calls.ts';
import { cryptoWith } from '../../support/quick-crypto.ts';
import { systemCase, systemClient, systemDraft } from '../../support/samples/systems.ts';
import { until } from '../../support/until.ts';
import { harness, revive, standin, useSession } from '../use-session.ts';

/** Nothing is decrypted any more: the worker stops before it revokes the tokens and removes the session. */
let isStopped = false;
const decrypt: SubtleCrypto['decrypt'] = (...args) =>
  isStopped ? new Promise(() => undefined) : crypto.subtle.decrypt(...args);
/** How often popup and options were told to load again. */
let told = 0;
useSession({
  prepare: (world) =>
    Object.assign(world, {
      crypto: cryptoWith({ decrypt }),
      notifyExtensionPages: () => (told += 1),
    }),
});

const generic = systemCase('generic');
let client: ClientView;
let sessionId: SessionView['id'];
/** That of the session. */
let refreshToken: unknown;
beforeEach(async () => {
  isStopped = false;
  client = await harness.ui('client.create', { client: systemDraft(generic, standin) });
  generic.register(standin, systemClient.id, systemClient.secret, client.redirectUri);
  harness.world.hosts.add('https://issuer-one.example.test/*');
  const { asked, letGo } = hold();
  const signedIn = runFlow(harness, client);
  refreshToken = await asked;
  letGo();
  sessionId = (await signedIn).sessionId!;
});
const refresh = () => harness.ui('session.refresh-sites', { id: sessionId });
const statusOf = async (id = sessionId) => (await harness.ui('session.get', { id })).status;
/** What is sent to the endpoint is answered when it is let go. `asked` has the refresh token of the answer. */
function hold(endpoint = client.tokenEndpoint) {
  const { fetch } = harness.world;
  const [asked, held] = [Promise.withResolvers<unknown>(), Promise.withResolvers<undefined>()];
  Object.assign(harness.world, {
    fetch: async (...request: Parameters<typeof fetch>) => {
      const response = await fetch(...request);
      if (request[0] !== endpoint) return response;
      const answer = (await response.clone().json()) as Record<string, unknown>;
      asked.resolve(answer['refresh_token']);
      await held.promise;
      return response;
    },
  });
  return {
    asked: asked.promise,
    letGo: () => {
      Object.assign(harness.world, { fetch });
      held.resolve(undefined);
    },
  };
}
/** The refresh token is revoked at the former provider; resolves to how many requests came to it. */
async function revoked(refreshToken: unknown): Promise<number> {
  await standin.log.waitFor(
    ({ path, status, bodyText }) =>
      path === '/token/revocation' &&
      status === 200 &&
      new URLSearchParams(bodyText).get('token') === refreshToken,
  );
  return standin.log.length;
}

describe('an edit of the token endpoint whose worker stops before it signs out', () => {
  /** Resolves when the edited client is stored. */
  async function edit(): Promise<void> {
    const draft = { ...draftOf(client), tokenEndpoint: `${client.tokenEndpoint}/other` };
    const { local } = harness.world;
    const stored = Promise.withResolvers<undefined>();
    const write = local.write.bind(local);
    Object.assign(local, {
      write: async (items: Readonly<Record<string, unknown>>) => {
        await write(items);
        if (!(`client:${client.id}` in items)) return;
        isStopped = true;
        stored.resolve(undefined);
      },
    });
    void harness.ui('client.update', { id: client.id, client: draft });
    await stored.promise;
  }
  async function expectNothingSent(): Promise<void> {
    harness.world.session.entries.clear();
    isStopped = false;
    await revive();
    const sent = standin.log.length;
    expect((await rejection(refresh())).code).toBe('consent_required');
    expect(standin.log.length).toBe(sent);
    expect(await statusOf()).toBe('recoverable');
  }

  test('leaves no token for the new one', async () => {
    await edit();
    await expectNothingSent();
  });

  test('leaves none of a refresh that was under way', async () => {
    harness.world.elapse(3_600_000);
    const { asked, letGo } = hold();
    void refresh().catch(() => undefined);
    await asked;
    await edit();
    const stored = () => harness.world.local.entries.get(`session:${sessionId}`);
    const before = stored();
    letGo();
    await until(() => stored() !== before);
    await expectNothingSent();
  });
});

/** The changes of the badge and the notifications, from now on. */
function alerts(): string[] {
  const shown: string[] = [];
  const note = (what: string) => Promise.resolve(void shown.push(what));
  Object.assign(harness.world.alerts, {
    setBadge: (count: number) => note(`badge ${String(count)}`),
    notify: (id: string) => note(id),
  });
  return shown;
}

test('an edit that ends a session shows no alert, and the session is removed', async () => {
  const shown = alerts();
  const draft = { ...draftOf(client), clientId: 'another' };
  await harness.ui('client.update', { id: client.id, client: draft });
  await harness.background.consentAlerts.update();
  const left = (await harness.ui('session.list', {})).map(({ id }) => id);
  expect([left.includes(sessionId), shown]).toEqual([false, []]);
});

describe('an edit whose sign-out cannot be stored', () => {
  const edit = async (
    part: Partial<ClientDraft> = { tokenEndpoint: `${client.tokenEndpoint}/other` },
  ) => {
    Object.assign(harness.world.local, { remove: () => Promise.reject(new Error('disk full')) });
    const draft = { ...draftOf(client), ...part };
    const update = harness.ui('client.update', { id: client.id, client: draft });
    expect((await rejection(update)).code).toBe('storage_failed');
  };
  const call = async () =>
    (await rejection(harness.page()('api.request', aCall({ input: generic.path })))).code;
  const connectIt = async () =>
    connect(harness, await harness.ui('session.get', { id: sessionId }));

  test.each<[string, Partial<ClientDraft>]>([
    ['type', { type: 'data-center', baseUrl: 'https://dc.example.test/jira', product: 'jira' }],
    ['client ID', { clientId: 'another' }],
    ['token endpoint', { tokenEndpoint: 'https://issuer-one.example.test/other' }],
    ['authorization endpoint', { authorizationEndpoint: 'https://issuer-one.example.test/other' }],
  ])('of the %s: the session needs a sign-in at once, and is revoked', async (_, part) => {
    await connectIt();
    const sent = standin.log.length;
    const shown = alerts();
    told = 0;
    await edit(part);
    expect([told, shown]).toEqual([1, []]);
    expect([await statusOf(), await call()]).toEqual(['recoverable', 'consent_required']);
    const { probableCause } = await harness.ui('session.get', { id: sessionId });
    expect(probableCause).toBe('client-edited');
    expect(await revoked(refreshToken)).toBe(sent + 1);
  });

  test('a refresh under way does not make it valid again, and its token is revoked', async () => {
    await connectIt();
    harness.world.elapse(3_600_000);
    const { asked, letGo } = hold();
    const refreshed = refresh().catch(() => undefined);
    const rotated = await asked;
    await edit();
    letGo();
    await refreshed;
    await revoked(refreshToken);
    const sent = await revoked(rotated);
    expect([await statusOf(), await call()]).toEqual(['recoverable', 'consent_required']);
    expect(standin.log.length).toBe(sent);
    expect(harness.world.session.entries.keys()).not.toContain(`access:${sessionId}`);
  });

  test('a sign-in whose code is being exchanged opens no session, and its token is revoked', async () => {
    const before = await harness.ui('session.list', {});
    const { asked, letGo } = hold();
    const flow = runFlow(harness, client);
    const issued = await asked;
    await edit();
    letGo();
    expect((await flow).fault?.code).toBe('state_mismatch');
    await revoked(issued);
    const after = await harness.ui('session.list', {});
    expect(after.map(({ id }) => id)).toEqual(before.map(({ id }) => id));
  });

  test('a sign-in whose account is being read needs another', async () => {
    await harness.ui('session.sign-out', { id: sessionId });
    const { asked, letGo } = hold(client.userinfoEndpoint);
    const flow = runFlow(harness, client);
    await asked;
    await edit();
    letGo();
    expect((await flow).fault?.code).toBe('storage_failed');
    const sessions = await harness.ui('session.list', {});
    expect(sessions.filter(({ clientId }) => clientId === client.id)).toMatchObject([
      { status: 'recoverable' },
    ]);
  });
});
