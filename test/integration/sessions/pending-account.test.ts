import { expect, test } from 'vitest';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { addClient, runFlow } from '../../support/harness.ts';
import { harness, revive, standin, useBackground } from '../use-session.ts';

useBackground({ transport: 'memory', secondConsent: 'keeps-both' });

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
const sessions = async (): Promise<readonly SessionView[]> =>
  (await harness.ui('overview.get', {})).sessions;
const entry = (id: string): Record<string, unknown> =>
  harness.world.local.entries.get(`session:${id}`) as Record<string, unknown>;

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
