import { beforeEach, expect, test } from 'vitest';
import { withCooldown } from './cooldown.ts';

let nowMs: number;
let runs: { key: string; end: PromiseWithResolvers<undefined> }[];
let keptAlive: number;
let work: (key: string) => Promise<void>;
beforeEach(() => {
  nowMs = 1_000_000;
  runs = [];
  keptAlive = 0;
  work = withCooldown(
    (key: string) => {
      const end = Promise.withResolvers<undefined>();
      runs.push({ key, end });
      return end.promise;
    },
    {
      nowMs: () => nowMs,
      withKeepAlive: async (run) => {
        keptAlive += 1;
        return run().finally(() => (keptAlive -= 1));
      },
    },
  );
});
/** Ends the last run, with an error if one is given. */
const finish = async (reason?: Error): Promise<void> => {
  const end = runs.at(-1)?.end;
  if (reason) end?.reject(reason);
  else end?.resolve(undefined);
  await new Promise((resolve) => setImmediate(resolve));
};

test('work for a key starts once a minute', async () => {
  void work('one');
  await finish();
  nowMs += 59_999;
  void work('one');
  expect(runs).toHaveLength(1);
  nowMs += 1;
  void work('one');
  expect(runs).toHaveLength(2);
});

test('work that takes longer than a minute is not started a second time', async () => {
  void work('one');
  nowMs += 120_000;
  void work('one');
  expect(runs).toHaveLength(1);
  await finish();
  void work('one');
  expect(runs).toHaveLength(2);
});

test('each key has its own cooldown', () => {
  void work('one');
  void work('other');
  void work('one');
  expect(runs.map(({ key }) => key)).toEqual(['one', 'other']);
});

test('failed work starts again after a minute, and rejects no call', async () => {
  const first = work('one');
  await finish(new Error('no network'));
  await expect(first).resolves.toBeUndefined();
  void work('one');
  expect(runs).toHaveLength(1);
  nowMs += 60_000;
  void work('one');
  expect(runs).toHaveLength(2);
});

test('setting the clock back ends the cooldown', async () => {
  void work('one');
  await finish();
  nowMs -= 172_800_000;
  void work('one');
  expect(runs).toHaveLength(2);
});

test('the worker is kept alive until the end', async () => {
  void work('one');
  expect(keptAlive).toBe(1);
  await finish();
  expect(keptAlive).toBe(0);
});
