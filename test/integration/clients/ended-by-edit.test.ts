/* An edit that ends the sessions of a client. */
import { beforeEach, describe, expect, test } from 'vitest';
import { draftOf } from '../../../extension/core/client/client-configuration.ts';
import type { ClientView, SessionView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { runFlow } from '../../support/harness.ts';
import { cryptoWith } from '../../support/quick-crypto.ts';
import { systemCase, systemClient, systemDraft } from '../../support/samples/systems.ts';
import { until } from '../../support/until.ts';
import { harness, revive, standin, useSession } from '../use-session.ts';

/** Nothing is decrypted any more: the worker stops before it revokes the tokens and removes the session. */
let isStopped = false;
const decrypt: SubtleCrypto['decrypt'] = (...args) =>
  isStopped ? new Promise(() => undefined) : crypto.subtle.decrypt(...args);
useSession({
  prepare: (world) => Object.assign(world, { crypto: cryptoWith({ decrypt }) }),
});

describe('an edit of the token endpoint whose worker stops before it signs out', () => {
  let client: ClientView;
  let sessionId: SessionView['id'];
  beforeEach(async () => {
    const generic = systemCase('generic');
    client = await harness.ui('client.create', { client: systemDraft(generic, standin) });
    generic.register(standin, systemClient.id, systemClient.secret, client.redirectUri);
    harness.world.hosts.add('https://issuer-one.example.test/*');
    sessionId = (await runFlow(harness, client)).sessionId!;
  });
  const refresh = () => harness.ui('session.refresh-sites', { id: sessionId });
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
    const session = await harness.ui('session.get', { id: sessionId });
    expect(session.status).toBe('recoverable');
  }

  test('leaves no token for the new one', async () => {
    await edit();
    await expectNothingSent();
  });

  test('leaves none of a refresh that was under way', async () => {
    const { fetch } = harness.world;
    const [asked, held] = [Promise.withResolvers<undefined>(), Promise.withResolvers<undefined>()];
    harness.world.elapse(3_600_000);
    Object.assign(harness.world, {
      fetch: async (...request: Parameters<typeof fetch>) => {
        const response = await fetch(...request);
        asked.resolve(undefined);
        await held.promise;
        return response;
      },
    });
    void refresh().catch(() => undefined);
    await asked.promise;
    await edit();
    const stored = () => harness.world.local.entries.get(`session:${sessionId}`);
    const before = stored();
    held.resolve(undefined);
    await until(() => stored() !== before);
    Object.assign(harness.world, { fetch });
    await expectNothingSent();
  });
});
