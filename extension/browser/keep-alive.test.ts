import { afterEach, beforeEach, expect, test, vi } from 'vitest';

const getPlatformInfo = vi.fn(() => Promise.resolve({}));
vi.mock('webextension-polyfill', () => ({ default: { runtime: { getPlatformInfo } } }));
const { whenIdle, withKeepAlive } = await import('./keep-alive.ts');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  getPlatformInfo.mockClear();
});

/** Work that the test ends. */
function work(): { end: () => void; done: Promise<undefined> } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  return {
    end: () => {
      resolve(undefined);
    },
    done: withKeepAlive(() => promise),
  };
}

test('the browser is called every 10 seconds while any work runs', async () => {
  const [one, other] = [work(), work()];
  one.end();
  await one.done;
  vi.advanceTimersByTime(35_000);
  expect(getPlatformInfo).toHaveBeenCalledTimes(3);
  other.end();
  await other.done;
  vi.advanceTimersByTime(35_000);
  expect(getPlatformInfo).toHaveBeenCalledTimes(3);
});

test('an idle callback runs once, a second after the last work ended', async () => {
  const callback = vi.fn();
  const [one, other] = [work(), work()];
  whenIdle(callback);
  one.end();
  await one.done;
  vi.advanceTimersByTime(60_000);
  expect(callback).not.toHaveBeenCalled();
  other.end();
  await other.done;
  vi.advanceTimersByTime(999);
  expect(callback).not.toHaveBeenCalled();
  // Work that starts within the second restarts the wait.
  const third = work();
  vi.advanceTimersByTime(60_000);
  expect(callback).not.toHaveBeenCalled();
  third.end();
  await third.done;
  vi.advanceTimersByTime(1_000);
  expect(callback).toHaveBeenCalledTimes(1);
  vi.advanceTimersByTime(60_000);
  expect(callback).toHaveBeenCalledTimes(1);
});

test('an idle callback runs when no work runs', () => {
  const callback = vi.fn();
  whenIdle(callback);
  vi.advanceTimersByTime(1_000);
  expect(callback).toHaveBeenCalledTimes(1);
});
