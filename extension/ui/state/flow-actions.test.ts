import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import {
  anOverview,
  clientId,
  FakeWorker,
  sessionId,
} from '../../../test/support/samples/ui-views.ts';
import { until } from '../../../test/support/until.ts';
import type { Overview } from '../../wire/views.ts';
import { createFlowActions } from './flow-actions.ts';
import { createAttempts } from './pending-actions.ts';

const preparedId = '22222222-2222-4222-8222-222222222222';
const others = 'https://confluence.example/*';
const withheld = anOverview({
  missingHostPatterns: [others],
  missingHostPatternsOf: { [clientId]: ['https://jira.example/*'] },
});

/** What was done, in its order; `answer` is what the browser's question comes to. */
function actionsOver(overview: Overview, answer: () => Promise<boolean>) {
  const worker = new FakeWorker().answer('flow.prepare', () => ({ id: preparedId }));
  const attempts = createAttempts();
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
    attempts,
    () => Promise.resolve(),
    signal(overview),
  );
  return { actions, done, attempts, worker };
}

it('asks for the hosts of the client alone, within the click, and the worker knows what for', async () => {
  const { actions, done, worker } = actionsOver(withheld, () => Promise.resolve(true));
  const signedIn = actions.signIn(clientId, sessionId);
  expect(done).toEqual(['flow.prepare', 'https://jira.example/*']);
  await signedIn;
  expect(worker.sent).toEqual([
    ['flow.prepare', { clientId, sessionId }],
    ['flow.start', { clientId, sessionId, preparedId }],
  ]);
});

it('starts nothing before the person answered', async () => {
  let answer = (_isAllowed: boolean): void => undefined;
  const { actions, done } = actionsOver(
    withheld,
    () => new Promise((resolve) => (answer = resolve)),
  );
  const signedIn = actions.signIn(clientId);
  await until(() => done.length === 2);
  expect(done).not.toContain('flow.start');
  answer(true);
  await signedIn;
  expect(done.at(-1)).toBe('flow.start');
});

it('leaves it to the worker to say why it could not be prepared', async () => {
  const { actions, worker } = actionsOver(withheld, () => Promise.resolve(true));
  worker.refuse('flow.prepare', 'flow_in_progress');
  await actions.signIn(clientId);
  expect(worker.bodies('flow.start')).toEqual([{ clientId }]);
});

it('asks nothing when the browser withholds nothing of the client', async () => {
  const overview = anOverview({ missingHostPatterns: [others] });
  const { actions, done } = actionsOver(overview, () => Promise.resolve(true));
  await actions.signIn(clientId);
  expect(done).toEqual(['flow.start']);
});

it('leaves it to the worker to say what a refusal means', async () => {
  for (const answer of [() => Promise.resolve(false), () => Promise.reject(new Error('no'))]) {
    const { actions, done, attempts } = actionsOver(withheld, answer);
    await actions.signIn(clientId);
    expect(done.at(-1)).toBe('flow.start');
    expect(attempts.fault.value).toBeUndefined();
  }
});
