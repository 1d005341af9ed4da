/* An edit that changes where secrets may be sent, and a store whose secrets were encrypted before that was bound to them. */
import { beforeEach, describe, expect, test } from 'vitest';
import { compose } from '../../../background/compose.ts';
import { boundFormat, createVault } from '../../../background/secrets/vault.ts';
import { draftOf, type ClientDraft } from '../../../extension/core/client/client-configuration.ts';
import { reveal, secret } from '../../../extension/core/values/secret.ts';
import type { Sealed } from '../../../extension/storage/sealed.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, runFlow, signedIn } from '../../support/harness.ts';
import { aCall, fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { thirdPartyClient } from '../../support/samples/signed-clients.ts';
import { systemCase, systemClient, systemDraft } from '../../support/samples/systems.ts';
import { testWorld, type TestWorld } from '../../support/test-world.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

type Entry = Record<string, unknown>;
/** The stores of a worker take so many writes, and then never answer again; resolves when one is not answered. */
function stopAfter(writes: number, { mirror, local }: TestWorld): Promise<void> {
  let left = writes;
  const stopped = Promise.withResolvers<undefined>();
  const never = (): Promise<never> => {
    stopped.resolve(undefined);
    return new Promise(() => undefined);
  };
  for (const area of [mirror, local]) {
    const write = area.write.bind(area);
    Object.assign(area, {
      write: (items: Entry) => ((left -= 1) < 0 ? never() : write(items)),
    });
  }
  return stopped.promise;
}
const call = async (input: string): Promise<number> =>
  (await harness.page()('api.request', aCall({ input }))).status;

describe('an edit of the API base', () => {
  let client: ClientView;
  let key: string;
  beforeEach(async () => {
    client = await thirdPartyClient({ harness, standin });
    const { sessionId } = await runFlow(harness, client);
    await connect(harness, await harness.ui('session.get', { id: sessionId! }));
    key = `session:${sessionId}`;
  });
  const edit = () =>
    harness.ui('client.update', {
      id: client.id,
      client: { ...draftOf(client), apiBase: `${client.apiBase}/api` },
    });

  test('keeps the secret and the session, in this worker and in the next', async () => {
    await edit();
    expect(await call('/albums')).toBe(200);
    harness.world.session.entries.clear();
    await revive();
    expect([await call('/albums'), (await harness.ui('client.list', {}))[0]?.hasSecret]).toEqual([
      200,
      true,
    ]);
  });
  test.each([0, 1, 2, 3])('killed after %i writes loses no session', async (writes) => {
    const stopped = stopAfter(writes, harness.world);
    await Promise.race([edit(), stopped]);
    harness.world.session.entries.clear();
    await revive();
    const [after] = await harness.ui('client.list', {});
    expect(after?.hasSecret).toBe(true);
    expect(await call(after?.apiBase === client.apiBase ? '/api/albums' : '/albums')).toBe(200);
  });
  test('that cannot be stored leaves client and session as they were', async () => {
    const before = harness.world.local.entries.get(key);
    harness.world.local.failWrites(1);
    await expect(edit()).rejects.toThrow();
    expect(harness.world.local.entries.get(key)).toEqual(before);
    harness.world.session.entries.clear();
    await revive();
    expect(await call('/api/albums')).toBe(200);
  });
});

describe('an edit of the revocation endpoint', () => {
  let client: ClientView;
  const generic = systemCase('generic');
  beforeEach(async () => {
    client = await harness.ui('client.create', { client: systemDraft(generic, standin) });
    generic.register(standin, systemClient.id, systemClient.secret, client.redirectUri);
    harness.world.hosts.add('https://issuer-one.example.test/*');
  });
  const edit = (
    part: Partial<ClientDraft> = { revocationEndpoint: `${client.tokenEndpoint}/gone` },
  ) => harness.ui('client.update', { id: client.id, client: { ...draftOf(client), ...part } });
  /** The next answer to such a request comes when it is let go. */
  const hold = (grantType: string) => {
    const { fetch } = harness.world;
    const arrived = Promise.withResolvers<undefined>();
    const gate = Promise.withResolvers<undefined>();
    Object.assign(harness.world, {
      fetch: async (url: string, init: RequestInit) => {
        const answer = await fetch(url, init);
        if (!new URLSearchParams(init.body as string).getAll('grant_type').includes(grantType))
          return answer;
        arrived.resolve(undefined);
        await gate.promise;
        return answer;
      },
    });
    return { arrived: arrived.promise, letGo: gate.resolve.bind(undefined, undefined) };
  };
  /** A new worker without access tokens has to refresh with what is stored. */
  const callLater = async (): Promise<number> => {
    harness.world.session.entries.clear();
    await revive();
    return call(generic.path);
  };
  const connectIt = async (): Promise<void> => {
    const sessions = await harness.ui('session.list', {});
    expect(sessions).toHaveLength(1);
    await connect(harness, sessions[0]!);
  };

  test('is followed by a refresh: an access token is sent for the configuration it was issued for', async () => {
    await runFlow(harness, client);
    await connectIt();
    const refreshes = (): number =>
      standin.log
        .requests({ method: 'POST' })
        .filter(({ bodyText }) => bodyText.includes('grant_type=refresh_token')).length;
    expect([await call(generic.path), refreshes()]).toEqual([200, 0]);
    await edit();
    expect([await call(generic.path), refreshes()]).toEqual([200, 1]);
  });
  test('or of the headers of requests counts for a page that has called before', async () => {
    await runFlow(harness, client);
    await connectIt();
    await call(generic.path);
    await edit({ requestHeaders: { 'x-team': 'new' } });
    await call(generic.path);
    const calls = standin.log.requests({ method: 'GET' }).slice(-2);
    expect(calls.map(({ headers }) => headers['x-team'])).toEqual([undefined, 'new']);
  });
  test('while a refresh is under way keeps the token that it brings', async () => {
    await runFlow(harness, client);
    await connectIt();
    standin.clock.advance(24 * 3_600_000);
    const held = hold('refresh_token');
    const calling = call(generic.path);
    await held.arrived;
    await edit();
    held.letGo();
    expect([await calling, await callLater()]).toEqual([200, 200]);
  });
  test('while a sign-in is under way keeps the session that it opens', async () => {
    const held = hold('authorization_code');
    const signIn = runFlow(harness, client);
    await held.arrived;
    await edit();
    held.letGo();
    expect((await signIn).fault).toBeUndefined();
    await connectIt();
    expect(await callLater()).toBe(200);
  });
});

describe('secrets that were bound to their place in the store alone', () => {
  let session: SessionView;
  let client: ClientView;
  beforeEach(async () => {
    ({ client, session } = await signedIn(harness, standin));
    await connect(harness, session);
  });
  const stored = (name: string): Entry =>
    structuredClone(harness.world.local.entries.get(name)) as Entry;
  /** The store as an earlier Threelo left it, in both copies. */
  const makeOld = async (): Promise<void> => {
    const { keyStore, local, mirror, session: memory } = harness.world;
    const vault = createVault(keyStore, crypto);
    const destination = JSON.stringify([
      'atlassian-cloud',
      client.clientId,
      client.authorizationEndpoint,
      client.tokenEndpoint,
      ...Array.from({ length: 5 }, () => null),
    ]);
    const { accountId, name, email } = session.account;
    const holder = JSON.stringify([true, null, accountId, null, name, email]);
    const reseal = async (
      entity: string,
      field: string,
      generation: number,
      bound: object,
    ): Promise<void> => {
      const entry = stored(entity);
      const member = `sealed${field[0]?.toUpperCase()}${field.slice(1)}`;
      const place = { entity, field, generation };
      const opened = await vault.decrypt(entry[member] as Sealed, { ...place, ...bound });
      entry[member] = await vault.encrypt(secret(reveal(opened)), place);
      for (const area of [local, mirror]) area.entries.set(entity, entry);
    };
    await reseal(`client:${client.id}`, 'clientSecret', 0, { destination });
    await reseal(`session:${session.id}`, 'refreshToken', 1, { destination, holder });
    for (const { entries } of [local, mirror]) entries.set('schema', { version: 3 });
    await keyStore.raiseRevision(boundFormat.name, 0);
    memory.entries.clear();
  };
  const formats = (): unknown[] =>
    [harness.world.local, harness.world.mirror].flatMap(({ entries }) => [
      (entries.get(`client:${client.id}`) as { sealedClientSecret: Sealed }).sealedClientSecret.k,
      (entries.get(`session:${session.id}`) as { sealedRefreshToken: Sealed }).sealedRefreshToken.k,
    ]);
  const myself = () =>
    fetchAll(harness.page(), { input: 'https://acme.atlassian.net/rest/api/3/myself' });
  const floor = () => harness.world.keyStore.lowestRevision(boundFormat.name);

  test('are encrypted again at the next start, and the sessions go on', async () => {
    await makeOld();
    expect(formats()).toEqual([1, 1, 1, 1]);
    await revive();
    expect([formats(), await floor()]).toEqual([[2, 3, 2, 3], 3]);
    expect((await myself()).status).toBe(200);
    expect(tokenRequests(standin, 'refresh_token')).toHaveLength(1);
  });
  test('are rejected once all were encrypted again', async () => {
    await makeOld();
    const names = [`client:${client.id}`, `session:${session.id}`];
    const old = names.map((name) => [name, stored(name)] as const);
    await revive();
    for (const [name, entry] of old) {
      harness.world.local.entries.set(name, { ...entry, updatedAtMs: Number.MAX_SAFE_INTEGER });
      harness.world.mirror.entries.delete(name);
    }
    await revive();
    expect((await rejection(myself())).code).toBe('consent_required');
    expect(tokenRequests(standin, 'refresh_token')).toEqual([]);
    expect((await harness.ui('session.get', { id: session.id })).status).toBe('recoverable');
  });
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('killed after %i writes loses no session', async (writes) => {
    await makeOld();
    const world = testWorld(standin, harness.world);
    const stopped = stopAfter(writes, world);
    await Promise.race([compose(world), stopped]);
    await revive();
    expect((await myself()).status).toBe(200);
    expect(formats()).toEqual([2, 3, 2, 3]);
  });
  test('go on being believed while one of the two copies could not take the new ones', async () => {
    await makeOld();
    const world = testWorld(standin, harness.world);
    const refuse = () => Promise.reject(new Error('full'));
    Object.assign(world.mirror, { write: refuse, remove: refuse });
    await compose(world);
    expect([formats(), await floor()]).toEqual([[2, 3, 1, 1], 0]);
    await revive();
    expect([formats(), await floor()]).toEqual([[2, 3, 2, 3], 3]);
    expect((await myself()).status).toBe(200);
  });
  test('stay as they are while the key store does not open', async () => {
    await makeOld();
    const { keyStore } = harness.world;
    const { encryptionKey } = keyStore;
    Object.assign(keyStore, { encryptionKey: () => Promise.reject(new Error('locked')) });
    await revive();
    expect([formats(), await floor()]).toEqual([[1, 1, 1, 1], 0]);
    Object.assign(keyStore, { encryptionKey });
    await revive();
    expect((await myself()).status).toBe(200);
  });
});
