import { signal } from '@preact/signals';
import { expect, it } from 'vitest';
import { anOverview, clientId, FakeWorker } from '../../test/support/ui-views.ts';
import type { Overview } from '../wire/views.ts';
import { createAttempts } from './attempts.ts';
import { createFlowActions } from './flow-actions.ts';

const others = 'https://confluence.example/*';
const withheld = anOverview({
  missingHostPatterns: [others],
  missingHostPatternsOf: { [clientId]: ['https://jira.example/*'] },
});

/** What was done, in its order; `answer` is what the browser's question comes to. */
function actionsOver(overview: Overview, answer: () => Promise<boolean>) {
  const worker = new FakeWorker();
  const attempts = createAttempts();
  const done: string[] = [];
  const actions = createFlowActions(
    {
      send: ((...args: Parameters<typeof worker.send>) => {
        done.push(args[0]);
        return worker.send(...args);
      }) as typeof worker.send,
      requestHostPatterns: (patterns) => {
        done.push(...patterns);
        return answer();
      },
    },
    attempts,
    () => Promise.resolve(),
    signal(overview),
  );
  return { actions, done, attempts };
}

it('asks for the hosts of the client alone, before anything else of the click', async () => {
  const { actions, done } = actionsOver(withheld, () => Promise.resolve(true));
  const signedIn = actions.signIn(clientId);
  expect(done).toEqual(['https://jira.example/*']);
  await signedIn;
  expect(done).toEqual(['https://jira.example/*', 'flow.start']);
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
