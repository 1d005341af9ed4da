import { beforeEach, expect, test } from 'vitest';
import type { SessionId } from '../extension/core/session.ts';
import { createNoteStale, type NoteStale } from './stale-sites.ts';

const [one, other] = ['one', 'other'] as SessionId[] as [SessionId, SessionId];
let nowMs: number;
let readings: { id: SessionId; end: PromiseWithResolvers<undefined> }[];
let atWork: number;
let noteStale: NoteStale;
beforeEach(() => {
  nowMs = 1_000_000;
  readings = [];
  atWork = 0;
  noteStale = createNoteStale({
    reread: (id) => {
      const end = Promise.withResolvers<undefined>();
      readings.push({ id, end });
      return end.promise;
    },
    world: {
      nowMs: () => nowMs,
      withKeepAlive: async (work) => {
        atWork += 1;
        return work().finally(() => (atWork -= 1));
      },
    },
  });
});
/** Lets the last reading end, well or not. */
const finish = async (reason?: Error): Promise<void> => {
  const end = readings.at(-1)?.end;
  if (reason) end?.reject(reason);
  else end?.resolve(undefined);
  await new Promise((resolve) => setImmediate(resolve));
};

test('a session is read once in a minute', async () => {
  noteStale(one);
  await finish();
  nowMs += 59_999;
  noteStale(one);
  expect(readings).toHaveLength(1);
  nowMs += 1;
  noteStale(one);
  expect(readings).toHaveLength(2);
});

test('a reading that takes longer than a minute is not doubled', async () => {
  noteStale(one);
  nowMs += 120_000;
  noteStale(one);
  expect(readings).toHaveLength(1);
  await finish();
  noteStale(one);
  expect(readings).toHaveLength(2);
});

test('each session has its own minute', () => {
  noteStale(one);
  noteStale(other);
  noteStale(one);
  expect(readings.map(({ id }) => id)).toEqual([one, other]);
});

test('a reading that fails is tried again after a minute, and hurts nobody', async () => {
  noteStale(one);
  await finish(new Error('no network'));
  noteStale(one);
  expect(readings).toHaveLength(1);
  nowMs += 60_000;
  noteStale(one);
  expect(readings).toHaveLength(2);
});

test('a clock that goes back two days does not stop it for two days', async () => {
  noteStale(one);
  await finish();
  nowMs -= 172_800_000;
  noteStale(one);
  expect(readings).toHaveLength(2);
});

test('the worker is kept alive until the end', async () => {
  noteStale(one);
  expect(atWork).toBe(1);
  await finish();
  expect(atWork).toBe(0);
});
