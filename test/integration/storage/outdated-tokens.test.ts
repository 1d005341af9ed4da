/* A session whose stored token is in a format that is no longer accepted: it could not be decrypted when the others were encrypted again, or was put back. */
import { expect, test } from 'vitest';
import type { SessionEntry } from '../../../extension/storage/schema.ts';
import type { Sealed } from '../../../extension/storage/sealed.ts';
import type { SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { aDraft, runFlow, signedIn } from '../../support/harness.ts';
import { tokenRequests } from '../../support/page-calls.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { addSystemClient, harness, revive, standin, useBackground } from '../use-session.ts';

useBackground();

/** Gives the token of a session an older format, in both copies, and starts again. */
async function makeOutdated({ id }: SessionView): Promise<void> {
  for (const { entries } of [harness.world.local, harness.world.mirror]) {
    const entry = entries.get(`session:${id}`) as SessionEntry;
    const sealedRefreshToken: Sealed = { ...entry.sealedRefreshToken!, k: 2 };
    entries.set(`session:${id}`, { ...entry, sealedRefreshToken });
  }
  await revive();
}
const statuses = async (): Promise<string[]> =>
  (await harness.ui('session.list', {})).map(({ status }) => status);

test('it serves calls until its access token expires; after that the next start asks for a new sign-in', async () => {
  const { session } = await signedIn(harness, standin);
  await makeOutdated(session);
  expect(await statuses()).toEqual(['valid']);
  expect((await harness.ui('session.refresh-sites', { id: session.id })).status).toBe('valid');
  standin.clock.advance(3_600_000);
  const refreshed = harness.ui('session.refresh-sites', { id: session.id });
  expect((await rejection(refreshed)).code).toBe('locked');
  await revive();
  expect(await statuses()).toEqual(['recoverable']);
  expect(harness.world.seen.badge).toBe(1);
  expect(tokenRequests(standin, 'refresh_token')).toEqual([]);
});

test('a sign-in renews it with a provider that issues a refresh token only once', async () => {
  const google = await addSystemClient(systemCase('Google'), {
    authorizationParameters: { prompt: 'select_account' },
  });
  const { sessionId } = await runFlow(harness, google);
  const session = await harness.ui('session.get', { id: sessionId! });
  harness.world.session.entries.clear();
  await makeOutdated(session);
  expect(await statuses()).toEqual(['recoverable']);
  const flow = await runFlow(harness, google, session);
  expect([flow.state, flow.sessionId]).toEqual(['succeeded', session.id]);
  expect(await statuses()).toEqual(['valid']);
});

test('its client can be edited, also while its access token still serves calls', async () => {
  const { client, session } = await signedIn(harness, standin);
  await makeOutdated(session);
  const draft = aDraft({ clientId: 'another-app' });
  const edited = await harness.ui('client.update', { id: client.id, client: draft });
  expect(edited.clientId).toBe('another-app');
});
