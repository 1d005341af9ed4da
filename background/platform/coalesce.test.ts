import { expect, test } from 'vitest';
import { coalesce } from './coalesce.ts';

/** Work whose runs the test ends by hand. */
function byHand() {
  const runs: PromiseWithResolvers<undefined>[] = [];
  const update = coalesce(() => {
    const run = Promise.withResolvers<undefined>();
    runs.push(run);
    return run.promise;
  });
  return { runs, update };
}

test('calls during a run share one more run, which begins when it has ended', async () => {
  const { runs, update } = byHand();
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

test('a call during the second run gets a third', async () => {
  const { runs, update } = byHand();
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

test('a failure is nobody’s, and the next run comes', async () => {
  const { runs, update } = byHand();
  const first = update();
  const second = update();
  runs[0]?.reject(new Error('refused'));
  await first;
  runs[1]?.resolve(undefined);
  await second;
  expect(runs).toHaveLength(2);
});
