import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';

const getPlatformInfo = vi.fn(() => Promise.resolve({}));
vi.mock('./api/browser.ts', () => ({ browser: { runtime: { getPlatformInfo } } }));
const { isUpdateDue, whenUpdatable, withKeepAlive } = await import('./keep-alive.ts');

beforeEach(() => void vi.useFakeTimers());
afterEach(() => {
  vi.useRealTimers();
  getPlatformInfo.mockClear();
});

/** Work that the test ends. */
function work(kind?: 'call'): { end: () => Promise<undefined> } {
  const { promise, resolve } = Promise.withResolvers<undefined>();
  const done = withKeepAlive(() => promise, kind);
  return {
    end: () => {
      resolve(undefined);
      return done;
    },
  };
}

test('the browser is called every 10 seconds while any work runs', async () => {
  const [one, other] = [work(), work('call')];
  await one.end();
  vi.advanceTimersByTime(35_000);
  expect(getPlatformInfo).toHaveBeenCalledTimes(3);
  await other.end();
  vi.advanceTimersByTime(35_000);
  expect(getPlatformInfo).toHaveBeenCalledTimes(3);
});

describe('an update is installed', () => {
  test('at once when no work runs, and once', () => {
    const install = vi.fn();
    whenUpdatable(install);
    vi.advanceTimersByTime(1_000);
    expect(install).toHaveBeenCalledTimes(1);
    vi.advanceTimersByTime(600_000);
    expect(install).toHaveBeenCalledTimes(1);
  });

  test.each([['call' as const], [undefined]])(
    'a second after the last work ended, also of kind %s',
    async (kind) => {
      const install = vi.fn();
      const [one, other] = [work(kind), work(kind)];
      whenUpdatable(install);
      await one.end();
      vi.advanceTimersByTime(60_000);
      await other.end();
      vi.advanceTimersByTime(999);
      // Work that starts within the second restarts the wait.
      const third = work(kind);
      vi.advanceTimersByTime(50_000);
      expect(install).not.toHaveBeenCalled();
      await third.end();
      vi.advanceTimersByTime(999);
      expect(install).not.toHaveBeenCalled();
      vi.advanceTimersByTime(1);
      expect(install).toHaveBeenCalledTimes(1);
    },
  );

  test('two minutes after it is ready, although calls run and begin without a pause', async () => {
    const install = vi.fn();
    whenUpdatable(install);
    let running = work('call');
    const poll = async (times: number): Promise<void> => {
      for (let at = 0; at < times; at += 1) {
        vi.advanceTimersByTime(500);
        const next = work('call');
        await running.end();
        running = next;
      }
    };
    await poll(240);
    expect(install).not.toHaveBeenCalled();
    await poll(2);
    expect(install).toHaveBeenCalledTimes(1);
    await running.end();
  });

  test('not before a sign-in or a refresh has ended, however long it takes; calls delay it no more then', async () => {
    const install = vi.fn();
    const [signIn, call] = [work(), work('call')];
    whenUpdatable(install);
    vi.advanceTimersByTime(900_000);
    const refresh = work();
    await signIn.end();
    vi.advanceTimersByTime(60_000);
    expect(install).not.toHaveBeenCalled();
    await refresh.end();
    vi.advanceTimersByTime(1_000);
    expect(install).toHaveBeenCalledTimes(1);
    await call.end();
  });

  test('is due from two minutes on, until it is installed', async () => {
    const install = vi.fn();
    const signIn = work();
    expect(isUpdateDue()).toBe(false);
    whenUpdatable(install);
    vi.advanceTimersByTime(119_999);
    expect(isUpdateDue()).toBe(false);
    vi.advanceTimersByTime(1);
    expect(isUpdateDue()).toBe(true);
    await signIn.end();
    vi.advanceTimersByTime(1_000);
    expect(install).toHaveBeenCalledTimes(1);
    expect(isUpdateDue()).toBe(false);
  });

  test('after the refresh that runs when it is due, although the calls that wait for one begin another when they may', async () => {
    const install = vi.fn();
    whenUpdatable(install);
    // Each refresh lasts 50 seconds; the page repeats its call at once.
    let refreshes = 0;
    while (!isUpdateDue() && refreshes < 10) {
      const refresh = work();
      refreshes += 1;
      vi.advanceTimersByTime(50_000);
      expect(install).not.toHaveBeenCalled();
      await refresh.end();
    }
    expect(refreshes).toBe(3);
    vi.advanceTimersByTime(1_000);
    expect(install).toHaveBeenCalledTimes(1);
  });
});
