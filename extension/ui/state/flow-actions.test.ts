import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import type { Overview } from '#wire/views.ts';
import {
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
    },
    pendingActions,
    signal(overview),
  );
  return { actions, done, pendingActions, worker };
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
