/* A worker that starts while nothing can be stored: it starts, and a later start does what this one could not. */
import { expect, test } from 'vitest';
import { compose } from '../../../background/compose.ts';
import { createRouter } from '../../../background/messages/router.ts';
import { createWaitingCommands } from '../../../background/messages/waiting-commands.ts';
import { createSessionSecrets } from '../../../background/secrets/session-secrets.ts';
import { createVault } from '../../../background/secrets/vault.ts';
import type { StoredClient, SessionEntry } from '../../../extension/storage/schema.ts';
import { createSend, type Send } from '../../../extension/wire/send.ts';
import { rejection } from '../../support/faults.ts';
import { dashboard, pageSender, self } from '../../support/harness.ts';
import { fetchAll, tokenRequests } from '../../support/page-calls.ts';
import { testWorld } from '../../support/test-world.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession();

const refuse = () => Promise.reject(new DOMException('full', 'QuotaExceededError'));
/** Starts while neither a storage area nor the key store takes a write or a removal. Sends as the connected page. */
async function startFull(): Promise<Send> {
  const full = testWorld(standin, harness.world);
  for (const area of [full.local, full.mirror, full.session])
    Object.assign(area, { write: refuse, remove: refuse });
  Object.assign(full, { keyStore: { ...full.keyStore, raiseRevision: refuse } });
  const background = await compose(full);
  const recipient = () => Promise.resolve(background);
  const listen = createRouter({ self, recipient, waiting: createWaitingCommands() });
  return createSend((message) => listen(message, pageSender(dashboard)) ?? Promise.resolve());
}
const copies = () => [harness.world.local.entries, harness.world.mirror.entries];
const overview = () => harness.ui('overview.get', {});

test('a session whose token cannot be decrypted serves no call, and then asks for a new sign-in', async () => {
  for (const entries of copies()) {
    const stored = entries.get(`session:${session.id}`) as SessionEntry;
    entries.set(`session:${session.id}`, { ...stored, generation: 9 });
  }
  harness.world.session.entries.clear();
  const page = await startFull();
  expect((await rejection(fetchAll(page))).code).toBe('unavailable');
  await revive();
  expect((await harness.ui('session.list', {})).map(({ status }) => status)).toEqual([
    'recoverable',
  ]);
  expect(tokenRequests(standin, 'refresh_token')).toEqual([]);
});

test('a page whose session was removed before the worker ended is refused, and then disconnected', async () => {
  for (const entries of copies()) entries.delete(`session:${session.id}`);
  const page = await startFull();
  expect((await rejection(fetchAll(page))).code).toBe('not_connected');
  await revive();
  expect(await connections(harness.ui)).toEqual([]);
  const stored = copies().flatMap((entries) => [...entries.keys()]);
  expect(stored.filter((name) => name.startsWith('grant:'))).toEqual([]);
});

/** A session that a worker left, which ended while it renewed the other one. */
function leaveSecond(part: Partial<SessionEntry>): void {
  const { account: _account, ...stored } = harness.world.local.entries.get(
    `session:${session.id}`,
  ) as SessionEntry;
  const { sealedRefreshToken: _token, ...rest } = stored;
  const left = { ...rest, account: {}, isIdentified: false, ...part };
  for (const entries of copies()) entries.set(`session:${left.id}`, left);
}
const otherId = crypto.randomUUID() as SessionEntry['id'];

test('a session whose token was moved into another one does not prevent the start, and is then removed', async () => {
  leaveSecond({ id: otherId });
  const page = await startFull();
  expect((await fetchAll(page)).status).toBe(200);
  await revive();
  expect((await harness.ui('session.list', {})).map(({ id }) => id)).toEqual([session.id]);
});

test('a session that holds the token of another one prevents the start, because the token would be used twice', async () => {
  const secrets = createSessionSecrets(createVault(harness.world.keyStore, crypto));
  const entry = (name: string) => harness.world.local.entries.get(name);
  const stored = entry(`session:${session.id}`) as SessionEntry;
  const owner = entry(`client:${client.id}`) as StoredClient;
  const token = await secrets.refreshTokenOf(stored, owner);
  const left = { ...stored, id: otherId, account: {}, isIdentified: false };
  const sealedRefreshToken = await secrets.encryptRefreshToken(left, owner, token!);
  leaveSecond({ id: otherId, sealedRefreshToken });
  expect((await rejection(startFull())).code).toBe('storage_failed');
  await revive();
  expect((await harness.ui('session.list', {})).map(({ id }) => id)).toEqual([session.id]);
});

test('a sign-in that was interrupted is reported by a later start, and pages are served meanwhile', async () => {
  harness.world.person = () => new Promise(() => undefined);
  await harness.ui('flow.start', { clientId: client.id });
  const page = await startFull();
  expect((await fetchAll(page)).status).toBe(200);
  await revive();
  expect((await overview()).flow?.fault?.code).toBe('flow_interrupted');
});
