/* A store as version 4 wrote it, whose tokens and page grants were not bound to accounts. */
import { readFileSync } from 'node:fs';
import { beforeEach, expect, test } from 'vitest';
import { compose } from '../../../background/compose.ts';
import { createSessionSecrets } from '../../../background/secrets/session-secrets.ts';
import { boundFormat, createVault } from '../../../background/secrets/vault.ts';
import { reveal } from '../../../extension/core/values/secret.ts';
import { migrate } from '../../../extension/storage/migrations.ts';
import {
  schemaVersion,
  type SessionEntry,
  type StoredGrant,
} from '../../../extension/storage/schema.ts';
import type { Sealed } from '../../../extension/storage/sealed.ts';
import { rejection } from '../../support/faults.ts';
import { dashboard, startHarness, type Harness } from '../../support/harness.ts';
import { fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { testWorld, type TestWorld } from '../../support/test-world.ts';
import { standin, useBackground } from '../use-session.ts';

/** Written by version 4 with the key that it contains: two accounts, one session without an account, two connected pages. */
const snapshot = JSON.parse(
  readFileSync(new URL('../../fixtures/sealed-store-v4.json', import.meta.url), 'utf8'),
) as {
  readonly key: JsonWebKey;
  readonly revisions: Readonly<Record<string, number>>;
  readonly store: Readonly<Record<string, unknown>>;
};
const second = 'https://second.example';
const names = Object.keys(snapshot.store);
const sessionNames = names.filter((name) => name.startsWith('session:'));
const grantNames = names.filter((name) => name.startsWith('grant:'));

useBackground();
let world: TestWorld;
let key: CryptoKey;
beforeEach(async () => {
  world = testWorld(standin);
  key = await crypto.subtle.importKey('jwk', snapshot.key, 'AES-GCM', true, ['encrypt', 'decrypt']);
  Object.assign(world.keyStore, { encryptionKey: () => Promise.resolve(key) });
  for (const [name, revision] of Object.entries(snapshot.revisions))
    await world.keyStore.raiseRevision(name, revision);
  for (const { entries } of [world.local, world.mirror])
    for (const [name, entry] of Object.entries(structuredClone(snapshot.store)))
      entries.set(name, entry);
  for (const origin of [dashboard, second]) world.hosts.add(`${origin}/*`);
});

/** The text of a ciphertext, by the rule that version 4 had. */
async function openedByVersion4({ k, iv, ct }: Sealed, ...bound: unknown[]): Promise<string> {
  const additionalData = new TextEncoder().encode(JSON.stringify(['threelo', k, ...bound]));
  const parameters = { name: 'AES-GCM', iv: Buffer.from(iv, 'base64url'), additionalData };
  const bytes = await crypto.subtle.decrypt(parameters, key, Buffer.from(ct, 'base64url'));
  return new TextDecoder().decode(bytes);
}
const destination = (clientId: string): string => {
  const { authorizationEndpoint, tokenEndpoint, ...client } = snapshot.store[
    `client:${clientId}`
  ] as Record<string, string>;
  const none = Array.from({ length: 5 }, () => null);
  const named = [client['type'], client['clientId'], authorizationEndpoint, tokenEndpoint];
  return JSON.stringify([...named, ...none]);
};
/** As version 4 stored it, in the entries of the current version. */
const migrated = migrate(snapshot.store);
const before = (name: string) => migrated[name] as SessionEntry & StoredGrant;
const tokenBefore = (name: string): Promise<string> => {
  const { sealedRefreshToken, clientId } = before(name);
  return openedByVersion4(sealedRefreshToken!, name, 'refreshToken', 1, destination(clientId));
};
const now = (name: string) => world.local.entries.get(name) as SessionEntry & StoredGrant;
const tokenNow = async (name: string): Promise<string> => {
  const secrets = createSessionSecrets(createVault(world.keyStore, crypto));
  const session = now(name);
  const client = world.local.entries.get(`client:${session.clientId}`) as never;
  return reveal((await secrets.refreshTokenOf(session, client))!);
};
/** The accounts that the sites of the stored grants are bound to. */
const boundAccounts = (): Promise<unknown[]> =>
  Promise.all(
    grantNames.map(async (name) => {
      const vault = createVault(world.keyStore, crypto);
      const { sealed, revision } = now(name);
      const place = { entity: name, field: 'grant', generation: revision };
      const grant = JSON.parse(reveal(await vault.decrypt(sealed, place))) as {
        sites: { account?: { accountId?: string } }[];
      };
      return grant.sites.map(({ account }) => account && (account.accountId ?? 'none'));
    }),
  );
const start = async (): Promise<Harness> => {
  const harness = await startHarness(standin, world);
  ({ world } = harness);
  return harness;
};
const floor = (): Promise<number> => world.keyStore.lowestRevision(boundFormat.name);
const ada = '712020:ada00000-0000-4000-8000-000000000001';
const bo = '712020:b0000000-0000-4000-8000-000000000002';

/** Every token and every grant is there, bound to its account, in both copies. */
async function expectBound(harness: Harness): Promise<void> {
  expect(world.local.entries.get('schema')).toEqual({ version: schemaVersion });
  for (const name of sessionNames) {
    expect(now(name).sealedRefreshToken?.k).toBe(3);
    expect(await tokenNow(name)).toBe(await tokenBefore(name));
    expect(now(name).account).toEqual(before(name).account);
  }
  expect(await boundAccounts()).toEqual([
    [ada, ada, bo, bo],
    ['none', 'none'],
  ]);
  const { restored: _notice, ...local } = Object.fromEntries(world.local.entries);
  expect(Object.fromEntries(world.mirror.entries)).toEqual(local);
  expect(await floor()).toBe(3);
  const sites = await Promise.all(
    [dashboard, second].map((origin) => harness.page(origin)('page.sites', {})),
  );
  expect(sites.map(({ length }) => length)).toEqual([4, 2]);
  const { storageFaults } = await harness.ui('overview.get', {});
  const sessions = await harness.ui('session.list', {});
  const own = sessions.filter(({ id }) => sessionNames.includes(`session:${id}`));
  expect(own.map(({ status }) => status)).toEqual(['valid', 'valid', 'valid']);
  // After a kill between its two writes, an entry is reported as restored from the second copy.
  expect(storageFaults.filter(({ code }) => code !== 'storage_restored')).toEqual([]);
}

test('the first start binds every token and every page grant to its account', async () => {
  await expectBound(await start());
});

test.each(Array.from({ length: 12 }, (_, at) => at))(
  'killed after %i writes of that start, the next one completes it and nothing is lost',
  async (writes) => {
    let left = writes;
    const stopped = Promise.withResolvers<undefined>();
    const dying = testWorld(standin, world);
    for (const area of [dying.mirror, dying.local]) {
      const write = area.write.bind(area);
      Object.assign(area, {
        write: (items: Record<string, unknown>) => {
          left -= 1;
          if (left >= 0) return write(items);
          stopped.resolve(undefined);
          return new Promise(() => undefined);
        },
      });
    }
    await Promise.race([compose(dying), stopped.promise]);
    await expectBound(await start());
  },
);

const garbage = { k: 1, iv: 'A'.repeat(16), ct: 'A'.repeat(32) };
const another = { id: crypto.randomUUID(), sealedRefreshToken: undefined };
const undecryptable: readonly (readonly [string, string, object])[] = [
  ['refresh token', sessionNames[0]!, { ...another, sealedRefreshToken: garbage }],
  ['access token', sessionNames[0]!, { ...another, sealedAccessToken: garbage }],
  [
    'client secret',
    names.find((name) => name.startsWith('client:'))!,
    { id: crypto.randomUUID(), name: 'Forged', sealedClientSecret: garbage },
  ],
];
test.each(undecryptable)(
  'an entry whose %s has a format that is refused already does not keep the others from being bound',
  async (_, like, part) => {
    const forged = { ...(snapshot.store[like] as { readonly id: string }), ...part };
    const key = `${like.split(':')[0]!}:${forged.id}`;
    const rest = [...world.local.entries];
    world.local.entries.clear();
    // First, so that it is met before any other.
    for (const [name, entry] of [[key, forged] as const, ...rest])
      world.local.entries.set(name, entry);
    const harness = await start();
    await expectBound(harness);
    const { clients } = await harness.ui('overview.get', {});
    const hasSecret = clients.find(({ name }) => name === 'Forged')?.hasSecret;
    expect(hasSecret).toBe('name' in part ? false : undefined);
  },
);

test.each([0, grantNames.length + 1])(
  'a worker that read the store before another one had bound it writes no old token over a new one (%i)',
  async (outdatedAnswers) => {
    const stale = migrate(structuredClone(Object.fromEntries(world.local.entries)));
    await start();
    const bound = structuredClone(sessionNames.map(now));
    const late = testWorld(standin, world);
    for (const area of [late.local, late.mirror])
      Object.assign(area, { all: () => Promise.resolve(structuredClone(stale)) });
    let left = outdatedAnswers;
    const lowestRevision = async (name: string): Promise<number> => {
      const lowest = await world.keyStore.lowestRevision(name);
      if (name !== boundFormat.name || left === 0) return lowest;
      left -= 1;
      return 2;
    };
    Object.assign(late, { keyStore: { ...world.keyStore, lowestRevision } });
    await compose(late);
    expect(sessionNames.map(now)).toEqual(bound);
    await expectBound(await start());
  },
);

test('a worker that read the store before another one had migrated it writes nothing over what that one stored', async () => {
  const stale = structuredClone(Object.fromEntries(world.local.entries));
  await start();
  const bound = structuredClone(sessionNames.map(now));
  const late = testWorld(standin, world);
  for (const area of [late.local, late.mirror]) {
    const all = area.all.bind(area);
    let reads = 0;
    Object.assign(area, { all: () => ((reads += 1) === 1 ? Promise.resolve(stale) : all()) });
  }
  await compose(late);
  expect(sessionNames.map(now)).toEqual(bound);
  await expectBound(await start());
});

test('while one copy takes no writes the old formats stay accepted, and the next start completes it', async () => {
  const dying = testWorld(standin, world);
  const refuse = () => Promise.reject(new Error('full'));
  Object.assign(dying.mirror, { write: refuse, remove: refuse });
  await compose(dying);
  expect(await floor()).toBe(2);
  await expectBound(await start());
});

test('while the key store does not open nothing is changed, and the next start completes it', async () => {
  Object.assign(world.keyStore, { encryptionKey: () => Promise.reject(new Error('locked')) });
  await start();
  for (const name of [...sessionNames, ...grantNames])
    expect(before(name)).toMatchObject(now(name));
  Object.assign(world.keyStore, { encryptionKey: () => Promise.resolve(key) });
  await expectBound(await start());
});

test.each([
  ['the lowest revision of a grant', 'lowestRevision', grantNames[0], 1],
  // The first read is ahead of its use.
  ['the lowest format', 'lowestRevision', boundFormat.name, 2],
  ['the key', 'encryptionKey', undefined, 2],
] as const)(
  'if the key store fails once to return %s, the page that it concerns is connected again after the next start',
  async (_, method, wanted, failed) => {
    const real = world.keyStore[method] as (name?: string) => Promise<never>;
    let reads = 0;
    const failing = (name?: string): Promise<never> => {
      if (name === wanted) reads += 1;
      return name === wanted && reads === failed
        ? Promise.reject(new Error('not now'))
        : real(name);
    };
    Object.assign(world.keyStore, { [method]: failing });
    const harness = await start();
    const { storageFaults } = await harness.ui('overview.get', {});
    expect(storageFaults).toEqual([
      expect.objectContaining({ code: 'locked', subject: grantNames[0] }),
    ]);
    expect(await floor()).toBe(2);
    await expectBound(await start());
  },
);

const statuses = async (harness: Harness): Promise<unknown> => {
  const sessions = await harness.ui('session.list', {});
  return Object.fromEntries(sessions.map(({ id, status }) => [`session:${id}`, status]));
};

test('what cannot be decrypted at that start, because its key was lost, asks for a new sign-in', async () => {
  const anotherKey = await testWorld(standin).keyStore.encryptionKey();
  Object.assign(world.keyStore, { encryptionKey: () => Promise.resolve(anotherKey) });
  for (let starts = 0; starts < 2; starts += 1) {
    const harness = await start();
    expect(await floor()).toBe(3);
    expect(await statuses(harness)).toEqual(
      Object.fromEntries(sessionNames.map((name) => [name, 'recoverable'])),
    );
    expect(world.seen.badge).toBe(sessionNames.length);
  }
});

test('a session into which another generation was written before that start asks for a new sign-in, and no other does', async () => {
  const [forged, ...others] = sessionNames;
  world.local.entries.set(forged!, { ...before(forged!), generation: 9 });
  for (let starts = 0; starts < 2; starts += 1) {
    const harness = await start();
    expect(await floor()).toBe(3);
    expect(await statuses(harness)).toEqual({
      [forged!]: 'recoverable',
      ...Object.fromEntries(others.map((name) => [name, 'valid'])),
    });
  }
});

test('after it, an entry of version 4 that is put back allows nothing, and its session asks for a new sign-in', async () => {
  await start();
  for (const name of [...sessionNames, ...grantNames]) {
    world.local.entries.set(name, structuredClone(snapshot.store[name]));
    world.mirror.entries.delete(name);
  }
  const harness = await start();
  for (const origin of [dashboard, second])
    expect((await rejection(fetchAll(harness.page(origin)))).code).toBe('not_connected');
  for (const { id } of await harness.ui('session.list', {})) {
    const refreshed = harness.ui('session.refresh-sites', { id });
    expect((await rejection(refreshed)).code).toBe('consent_required');
    expect((await harness.ui('session.get', { id })).status).toBe('recoverable');
  }
  expect(tokenRequests(standin, 'refresh_token')).toEqual([]);
});
