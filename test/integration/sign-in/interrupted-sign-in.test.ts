import { expect, test } from 'vitest';
import { createSessionSecrets } from '../../../background/secrets/session-secrets.ts';
import { createVault } from '../../../background/secrets/vault.ts';
import type { ClientId } from '../../../extension/core/client/client-configuration.ts';
import { reveal, secret } from '../../../extension/core/values/secret.ts';
import { parseClient, parseSession } from '../../../extension/storage/parse-stored.ts';
import type { SessionEntry } from '../../../extension/storage/schema.ts';
import { connect, runFlow, signedIn } from '../../support/harness.ts';
import { tokenRequests } from '../../support/page-calls.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useBackground();

const keyOf = (id: string): string => `session:${id}`;
const stored = (id: string): SessionEntry => {
  const parsed = parseSession(harness.world.local.entries.get(keyOf(id)));
  if (!parsed.ok) throw new Error(parsed.wrong.join());
  return parsed.value;
};
const put = (...sessions: readonly SessionEntry[]): void => {
  for (const { entries } of [harness.world.local, harness.world.mirror])
    for (const session of sessions) entries.set(keyOf(session.id), session);
};
const sessionIds = async (): Promise<readonly string[]> =>
  (await harness.ui('session.list', {})).map(({ id }) => id);

/** The session that a sign-in created, with this token, as it is before its account is known. */
async function pendingSession(like: SessionEntry, token: string): Promise<SessionEntry> {
  const { sealedRefreshToken: _sealed, journal: _journal, ...rest } = like;
  const id = crypto.randomUUID() as SessionEntry['id'];
  const session: SessionEntry = { ...rest, id, account: {}, isIdentified: false, generation: 1 };
  const client = clientOf(like.clientId);
  const secrets = createSessionSecrets(createVault(harness.world.keyStore, crypto));
  const sealedRefreshToken = await secrets.encryptRefreshToken(session, client, secret(token));
  return { ...session, sealedRefreshToken };
}

function clientOf(id: ClientId) {
  const parsed = parseClient(harness.world.local.entries.get(`client:${id}`));
  if (!parsed.ok) throw new Error(parsed.wrong.join());
  return parsed.value;
}

async function tokenOf(session: SessionEntry): Promise<string> {
  const secrets = createSessionSecrets(createVault(harness.world.keyStore, crypto));
  const token = await secrets.refreshTokenOf(session, clientOf(session.clientId));
  return reveal(token!);
}

test('a renewal whose second session cannot be removed leaves the token in one session', async () => {
  const { client, session } = await signedIn(harness, standin);
  await harness.ui('flow.dismiss', {});
  const { local } = harness.world;
  const { remove } = local;
  const isSession = (key: string): boolean => key.startsWith('session:');
  Object.assign(local, {
    remove: (keys: readonly string[]) =>
      keys.some(isSession) ? Promise.reject(new Error('disk full')) : remove(keys),
  });
  const flow = await runFlow(harness, client);
  expect([flow.state, flow.fault, flow.sessionId]).toEqual(['succeeded', undefined, session.id]);
  const left = (await sessionIds()).filter((id) => id !== session.id);
  expect(left).toHaveLength(1);
  standin.log.clear();
  standin.clock.advance(31 * 86_400_000);
  await harness.background.upkeep.run();
  expect(tokenRequests(standin, 'refresh_token')).toHaveLength(1);
  Object.assign(local, { remove });
  await revive();
  expect(await sessionIds()).toEqual([session.id]);
  expect(local.entries.has(keyOf(left[0]!))).toBe(false);
});

test('a worker that ended while it renewed a session leaves one session and not two', async () => {
  const { session } = await signedIn(harness, standin);
  // As earlier versions left it: the token was moved, and the second session not yet removed.
  const left = await pendingSession(stored(session.id), await tokenOf(stored(session.id)));
  put(left);
  const token = harness.world.session.entries.get(`access:${session.id}`);
  harness.world.session.entries.set(`access:${left.id}`, token);
  await revive();
  expect(await sessionIds()).toEqual([session.id]);
  expect(harness.world.local.entries.has(keyOf(left.id))).toBe(false);
  const { entries } = harness.world.session;
  expect([session.id, left.id].map((id) => entries.has(`access:${id}`))).toEqual([true, false]);
});

test('a session whose token was moved is removed, unless a page is connected to it', async () => {
  const { session } = await signedIn(harness, standin);
  const { sealedRefreshToken: _sealed, ...rest } = await pendingSession(stored(session.id), 'x');
  put(rest);
  await connect(harness, session);
  const { sealedRefreshToken: _token, ...connected } = stored(session.id);
  put({ ...connected, isIdentified: false });
  harness.world.session.entries.clear();
  await revive();
  expect(await sessionIds()).toEqual([session.id]);
  expect(await connections(harness.ui)).toHaveLength(1);
});

test.each<[string, (pending: SessionEntry) => SessionEntry]>([
  [
    'a copy of it under another id',
    (one) => ({ ...one, id: crypto.randomUUID() as typeof one.id }),
  ],
  [
    'a copy of it whose account seems to be known',
    (one) => ({ ...one, id: crypto.randomUUID() as typeof one.id, isIdentified: true }),
  ],
])('a session whose account is pending is not removed for %s', async (_, forge) => {
  const { session } = await signedIn(harness, standin);
  standin.faults.add({ kind: 'status', status: 503, match: { path: '/me' }, times: 2 });
  const pending = await pendingSession(stored(session.id), 'another token');
  put(pending, forge(pending));
  await revive();
  expect(await sessionIds()).toContain(pending.id);
  expect(stored(pending.id).sealedRefreshToken).toEqual(pending.sealedRefreshToken);
});

test('a session whose account is pending is not removed for one that was signed in at the same time', async () => {
  const { session } = await signedIn(harness, standin);
  standin.faults.add({ kind: 'status', status: 503, match: { path: '/me' } });
  put(await pendingSession(stored(session.id), 'another token'));
  await revive();
  expect(await sessionIds()).toHaveLength(2);
});
