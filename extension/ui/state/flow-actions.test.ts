import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import type { Overview } from '#wire/views.ts';
import {
  aClient,
  anOverview,
  clientId,
  FakeWorker,
  sessionId,
} from '../../../test/support/samples/ui-views.ts';
import { until } from '../../../test/support/until.ts';
import { createFlowActions } from './flow-actions.ts';
import { createPendingActions } from './pending-actions.ts';

const preparedId = '22222222-2222-4222-8222-222222222222';
const otherHosts = 'https://confluence.example/*';
const withMissingHosts = anOverview({
  missingHostPatterns: [otherHosts],
  missingHostPatternsOf: { [clientId]: ['https://jira.example/*'] },
});

/** `done` lists what was called, in order; `answer` is the result of the permission prompt. */
function actionsOver(overview: Overview, answer: () => Promise<boolean>) {
  const worker = new FakeWorker().answer('flow.prepare', () => ({ id: preparedId }));
  const pendingActions = createPendingActions();
  const done: string[] = [];
  const opened: string[] = [];
  const known = signal(overview);
  const actions = createFlowActions(
    {
      send: ((...args: Parameters<typeof worker.send>) => {
        done.push(args[0]);
        return worker.send(...args);
      }) as typeof worker.send,
      requestHostPatterns: async (patterns, prepared) => {
        done.push(...patterns);
        await prepared;
        return answer();
      },
      openOptions: (route) => opened.push(route),
      copyText: () => Promise.resolve(),
    },
    pendingActions,
    known,
  );
  return { actions, done, known, opened, pendingActions, worker };
}

it('requests only the hosts of the client, within the click, after the sign-in was sent to the worker', async () => {
  const { actions, done, worker } = actionsOver(withMissingHosts, () => Promise.resolve(true));
  const signedIn = actions.signIn(clientId, sessionId);
  expect(done).toEqual(['flow.prepare', 'https://jira.example/*']);
  await signedIn;
  expect(worker.sent).toEqual([
    ['flow.prepare', { clientId, sessionId }],
    ['flow.start', { clientId, sessionId, preparedId }],
  ]);
});

it('requests all hosts that the policy needs with a client of the policy, each once, and with another client none of them', async () => {
  const pages = ['https://dashboard.example/*', 'https://wiki.example/*'];
  const missingHostPatternsOf = { [clientId]: ['https://jira.example/*'] };
  const missingPolicyPatterns = [...pages, 'https://jira.example/*'];
  const all = ['https://jira.example/*', ...pages];
  for (const [clients, ofClient, requested] of [
    [[aClient({ managed: { hasSecret: true } })], missingHostPatternsOf, all],
    [[aClient({ managed: { hasSecret: true } })], {}, missingPolicyPatterns],
    [[aClient()], missingHostPatternsOf, ['https://jira.example/*']],
  ] as const) {
    const overview = anOverview({
      clients,
      missingHostPatternsOf: ofClient,
      missingPolicyPatterns,
    });
    const { actions, done } = actionsOver(overview, () => Promise.resolve(true));
    await actions.signIn(clientId);
    expect(done).toEqual(['flow.prepare', ...requested, 'flow.start']);
  }
});

it('starts nothing before the person answered the prompt', async () => {
  let answer = (_isAllowed: boolean): void => undefined;
  const { actions, done } = actionsOver(
    withMissingHosts,
    () => new Promise((resolve) => (answer = resolve)),
  );
  const signedIn = actions.signIn(clientId);
  await until(() => done.length === 2);
  expect(done).not.toContain('flow.start');
  answer(true);
  await signedIn;
  expect(done.at(-1)).toBe('flow.start');
});

it('starts the sign-in without a prepared one, so that the worker reports the fault', async () => {
  const { actions, worker } = actionsOver(withMissingHosts, () => Promise.resolve(true));
  worker.refuse('flow.prepare', 'flow_in_progress');
  await actions.signIn(clientId);
  expect(worker.bodies('flow.start')).toEqual([{ clientId }]);
});

it('requests no hosts when the client lacks none', async () => {
  const overview = anOverview({ missingHostPatterns: [otherHosts] });
  const { actions, done } = actionsOver(overview, () => Promise.resolve(true));
  await actions.signIn(clientId);
  expect(done).toEqual(['flow.start']);
});

it('starts the sign-in after a refusal, so that the worker reports the fault', async () => {
  for (const answer of [() => Promise.resolve(false), () => Promise.reject(new Error('no'))]) {
    const { actions, done, pendingActions } = actionsOver(withMissingHosts, answer);
    await actions.signIn(clientId);
    expect(done.at(-1)).toBe('flow.start');
    expect(pendingActions.fault.value).toBeUndefined();
  }
});

it('keeps a sign-in whose hosts were refused until they are allowed or it is dismissed', async () => {
  const { actions, known, pendingActions, worker } = actionsOver(withMissingHosts, () =>
    Promise.resolve(false),
  );
  worker.refuse('flow.start', 'permission_missing');
  await actions.signIn(clientId, sessionId);
  const refused = {
    clientId,
    sessionId,
    clientName: 'Acme app',
    patterns: ['https://jira.example/*'],
  };
  expect(actions.refusedSignIn.value).toEqual(refused);
  expect(pendingActions.fault.value).toBeUndefined();
  known.value = anOverview();
  expect(actions.refusedSignIn.value).toBeUndefined();
  known.value = withMissingHosts;
  expect(actions.refusedSignIn.value).toEqual(refused);
  await actions.dismissSignIn();
  expect(actions.refusedSignIn.value).toBeUndefined();
});

it('shows the form of a client that lacks its secret, and opens no window', async () => {
  const incomplete = aClient({ hasSecret: false, missingField: 'clientSecret' });
  const overview = anOverview({ clients: [incomplete], missingHostPatternsOf: {} });
  const { actions, done, opened } = actionsOver(overview, () => Promise.resolve(true));
  await actions.signIn(clientId);
  expect(opened).toEqual([`#/clients/${clientId}?for=sign-in`]);
  expect(done).toEqual([]);
});

it('does not request hosts again after they were requested', async () => {
  const { actions, done } = actionsOver(withMissingHosts, () => Promise.resolve(true));
  await actions.signInOnceAsked(clientId);
  expect(done).toEqual(['flow.start']);
});
