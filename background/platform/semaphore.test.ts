import { expect, test } from 'vitest';
import { semaphore } from './semaphore.ts';

const nextTurn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('at most the limit runs at the same time, in order, and a failure releases its permit', async () => {
  const withPermit = semaphore(() => 2);
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<undefined>());
  const begun: number[] = [];
  const work = gates.map(({ promise }, at) =>
    withPermit(() => {
      begun.push(at);
      return promise;
    }).catch(() => undefined),
  );
  await nextTurn();
  expect(begun).toEqual([0, 1]);
  gates[0]?.reject(new Error('failed'));
  await nextTurn();
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of gates.slice(1)) resolve(undefined);
  await Promise.all(work);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('a raised limit applies to work that is waiting', async () => {
  let limit = 1;
  const withPermit = semaphore(() => limit);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<undefined>());
  const begun: number[] = [];
  const work = gates.map(({ promise }, at) =>
    withPermit(() => {
      begun.push(at);
      return promise;
    }),
  );
  limit = 3;
  gates[0]?.resolve(undefined);
  await nextTurn();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const { resolve } of gates) resolve(undefined);
  await Promise.all(work);
});
