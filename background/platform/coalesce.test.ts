import { expect, test } from 'vitest';
import { coalesce } from './coalesce.ts';

/** Coalesced work; the test ends each run. */
function coalescedWork() {
  const runs: PromiseWithResolvers<undefined>[] = [];
  const update = coalesce(() => {
    const run = Promise.withResolvers<undefined>();
    runs.push(run);
    return run.promise;
  });
  return { runs, update };
}

test('calls during a run share one further run, which begins when it ends', async () => {
  const { runs, update } = coalescedWork();
  const first = update();
  const later = [update(), update(), update()];
  expect(runs).toHaveLength(1);
  runs[0]?.resolve(undefined);
  await first;
  expect(runs).toHaveLength(2);
  runs[1]?.resolve(undefined);
  await Promise.all(later);
  expect(runs).toHaveLength(2);
  void update();
  expect(runs).toHaveLength(3);
});

test('a call during the second run starts a third one', async () => {
  const { runs, update } = coalescedWork();
  const first = update();
  const second = update();
  runs[0]?.resolve(undefined);
  await first;
  const third = update();
  runs[1]?.resolve(undefined);
  await second;
  expect(runs).toHaveLength(3);
  runs[2]?.resolve(undefined);
  await third;
});

test('a failed run rejects no call, and the next run begins', async () => {
  const { runs, update } = coalescedWork();
  const first = update();
  const second = update();
  runs[0]?.reject(new Error('refused'));
  await first;
  runs[1]?.resolve(undefined);
  await second;
  expect(runs).toHaveLength(2);
});
