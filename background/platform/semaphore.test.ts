import { expect, test } from 'vitest';
import { semaphore } from './semaphore.ts';

const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

test('no more than so many run at once, in order, and a failure frees its place', async () => {
  const withPermit = semaphore(() => 2);
  const gates = Array.from({ length: 5 }, () => Promise.withResolvers<undefined>());
  const begun: number[] = [];
  const work = gates.map(({ promise }, at) =>
    withPermit(() => {
      begun.push(at);
      return promise;
    }).catch(() => undefined),
  );
  await turn();
  expect(begun).toEqual([0, 1]);
  gates[0]?.reject(new Error('failed'));
  await turn();
  expect(begun).toEqual([0, 1, 2]);
  for (const { resolve } of gates.slice(1)) resolve(undefined);
  await Promise.all(work);
  expect(begun).toEqual([0, 1, 2, 3, 4]);
});

test('a higher limit holds for those who wait already', async () => {
  let most = 1;
  const withPermit = semaphore(() => most);
  const gates = Array.from({ length: 4 }, () => Promise.withResolvers<undefined>());
  const begun: number[] = [];
  const work = gates.map(({ promise }, at) =>
    withPermit(() => {
      begun.push(at);
      return promise;
    }),
  );
  most = 3;
  gates[0]?.resolve(undefined);
  await turn();
  expect(begun).toEqual([0, 1, 2, 3]);
  for (const { resolve } of gates) resolve(undefined);
  await Promise.all(work);
});
