import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { draftOf } from '#core/client/client-configuration.ts';
import {
  aClient,
  anOverview,
  clientId,
  FakeWorker,
  sessionId,
} from '../../../test/support/samples/ui-views.ts';
import { createFlowActions } from './flow-actions.ts';
import { createPendingActions } from './pending-actions.ts';
import { createScopeActions } from './scope-actions.ts';

const hosts = ['https://api.atlassian.com/*'];
const preparedId = '22222222-2222-4222-8222-222222222222';

/** `done` lists the commands and the requested hosts, in order. */
function actionsOver(worker: FakeWorker, missing: readonly string[]) {
  const done: unknown[] = [];
  const pending = createPendingActions();
  const ports = {
    send: ((...args: Parameters<typeof worker.send>) => {
      done.push(args[0]);
      return worker.send(...args);
    }) as typeof worker.send,
    requestHostPatterns: async (patterns: readonly string[], prepared?: Promise<unknown>) => {
      done.push(...patterns);
      await prepared;
      return true;
    },
    openOptions: () => undefined,
    copyText: () => Promise.resolve(),
  };
  const overview = signal(anOverview({ missingHostPatternsOf: { [clientId]: missing } }));
  const flow = createFlowActions(ports, pending, overview);
  return { ...createScopeActions(ports, flow), done, pending };
}

const worker = () =>
  new FakeWorker()
    .answer('client.get', () => aClient())
    .answer('flow.prepare', () => ({ id: preparedId }));

it('adds the scopes to the client, which keeps its secret, and then renews the session', async () => {
  const fake = worker();
  const { addScopesAndSignIn, done } = actionsOver(fake, []);
  await addScopesAndSignIn(clientId, ['write:jira-work', 'read:me'], sessionId);
  expect(done).toEqual(['client.get', 'client.update', 'flow.start']);
  const scopes = [...aClient().scopes, 'write:jira-work'];
  const client = { ...draftOf(aClient()), scopes };
  expect(client).not.toHaveProperty('clientSecret');
  expect(fake.bodies('client.update')).toEqual([{ id: clientId, client }]);
  expect(fake.bodies('flow.start')).toEqual([{ clientId, sessionId }]);
});

it('changes nothing at a client that requests the scopes already', async () => {
  const fake = worker();
  const { addScopesAndSignIn, done } = actionsOver(fake, []);
  await addScopesAndSignIn(clientId, ['read:me'], sessionId);
  expect(done).toEqual(['client.get', 'flow.start']);
});

it('requests the hosts within the click, and stores the sign-in only when the scopes are added', async () => {
  const fake = worker();
  const { addScopesAndSignIn, done } = actionsOver(fake, hosts);
  const signedIn = addScopesAndSignIn(clientId, ['write:jira-work'], sessionId);
  expect(done).toEqual(['client.get', ...hosts]);
  await signedIn;
  expect(done.slice(2)).toEqual(['client.update', 'flow.prepare', 'flow.start']);
  expect(fake.bodies('flow.start')).toEqual([{ clientId, sessionId, preparedId }]);
});

it('starts no sign-in when the scopes could not be added', async () => {
  for (const missing of [[], hosts]) {
    const { addScopesAndSignIn, done, pending } = actionsOver(
      worker().refuse('client.update', 'storage_failed'),
      missing,
    );
    await addScopesAndSignIn(clientId, ['write:jira-work'], sessionId);
    expect(done).not.toContain('flow.start');
    expect(pending.fault.value?.code).toBe('storage_failed');
  }
});
