/* Refresh tokens that the provider issued and that no session gets. */
import { beforeEach, describe, expect, test } from 'vitest';
import { draftOf } from '../../../extension/core/client/client-configuration.ts';
import type { SessionId } from '../../../extension/core/session/session.ts';
import type { ClientView } from '../../../extension/wire/views.ts';
import { runFlow } from '../../support/harness.ts';
import { systemCase } from '../../support/samples/systems.ts';
import { until } from '../../support/until.ts';
import { addSystemClient, harness, standin, useBackground } from '../use-session.ts';

useBackground();

const generic = systemCase('generic');
let client: ClientView;
beforeEach(async () => {
  client = await addSystemClient(generic);
});

/** Before the next answer of the token endpoint arrives, something happens. Resolves to the refresh token of the answer. */
function beforeAnswer(act: () => unknown): Promise<unknown> {
  const { fetch } = harness.world;
  const issued = Promise.withResolvers<unknown>();
  Object.assign(harness.world, {
    fetch: async (...request: Parameters<typeof fetch>) => {
      const response = await fetch(...request);
      if (request[0] !== client.tokenEndpoint) return response;
      Object.assign(harness.world, { fetch });
      const answer = (await response.clone().json()) as Record<string, unknown>;
      await act();
      issued.resolve(answer['refresh_token']);
      return response;
    },
  });
  return issued.promise;
}
const remove = () => harness.ui('client.delete', { id: client.id });
const failWrites = (times: number): void => {
  harness.world.local.failWrites(times);
  harness.world.mirror.failWrites(times);
};
const signIn = () => runFlow(harness, client);
const signOut = (id: SessionId | undefined) => harness.ui('session.sign-out', { id: id! });
/** Signs in and out; nothing was revoked before that. */
async function expectNoneRevokedBefore(): Promise<void> {
  const issued = beforeAnswer(() => undefined);
  await signOut((await signIn()).sessionId);
  expect(await revoked(1)).toEqual([await issued]);
}
/** The tokens whose revocation was requested, when there are so many. */
async function revoked(count: number): Promise<(string | null)[]> {
  const tokens = () =>
    standin.log
      .requests({ path: generic.revocation! })
      .map(({ bodyText }) => new URLSearchParams(bodyText).get('token'));
  await until(() => tokens().length >= count);
  return tokens();
}

describe('a sign-in whose code is being exchanged', () => {
  test('while its client is deleted: the token is revoked', async () => {
    const issued = beforeAnswer(remove);
    expect((await signIn()).fault?.code).toBe('not_found');
    expect(await revoked(1)).toEqual([await issued]);
  });
  test('and that cannot be stored: the token is revoked', async () => {
    const issued = beforeAnswer(() => {
      failWrites(99);
    });
    expect((await signIn()).fault?.code).toBe('storage_failed');
    expect(await revoked(1)).toEqual([await issued]);
  });
  test('and that cannot be stored: not beside a session of the client, which could end with it', async () => {
    await signIn();
    void beforeAnswer(() => {
      failWrites(99);
    });
    expect((await signIn()).fault?.code).toBe('storage_failed');
    failWrites(0);
    await expectNoneRevokedBefore();
  });
  test('with a client whose plain http is forbidden meanwhile: nothing is sent', async () => {
    const draft = { ...draftOf(client), isHttpAllowed: true };
    client = await harness.ui('client.update', { id: client.id, client: draft });
    void beforeAnswer(async () => {
      await harness.ui('settings.update', { changes: { plainHttp: false } });
      await remove();
    });
    expect((await signIn()).fault?.code).toBe('not_found');
    client = await addSystemClient(generic);
    await expectNoneRevokedBefore();
  });
});

test('a refresh of a session that is signed out meanwhile: the new token is revoked, too', async () => {
  const first = beforeAnswer(() => undefined);
  const { sessionId } = await signIn();
  harness.world.elapse(3_600_000);
  const second = beforeAnswer(() => signOut(sessionId));
  await harness.ui('session.refresh-sites', { id: sessionId! }).catch(() => undefined);
  expect(await revoked(2)).toEqual([await first, await second]);
});
