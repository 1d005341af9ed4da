import { describe, expect, test, vi } from 'vitest';
import {
  aPageSite,
  connectPage,
  fakeThreelo,
  never,
  notConnected,
  usePageWindow,
} from '../../test/support/page-window.ts';
import { connect } from './connect.ts';

usePageWindow();

const granted = () => Promise.resolve([aPageSite()]);
/** How an attempt ended, or `pending`. */
function watched(attempt: Promise<unknown>): { outcome: unknown } {
  const seen = { outcome: 'pending' as unknown };
  attempt.then(
    () => (seen.outcome = 'connected'),
    (thrown: unknown) => (seen.outcome = thrown),
  );
  return seen;
}

describe('connect', () => {
  test('resolves when the page is connected', async () => {
    vi.stubGlobal('threelo', fakeThreelo(granted));
    const threelo = await connect();
    expect(await threelo.sites()).toEqual([aPageSite()]);
    expect(threelo.version).toBe('1.2.3');
    expect(vi.getTimerCount()).toBe(0);
  });

  test('resolves when the page is connected within the time', async () => {
    const seen = watched(connect());
    await vi.advanceTimersByTimeAsync(2999);
    expect(seen.outcome).toBe('pending');
    connectPage(fakeThreelo(granted));
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.outcome).toBe('connected');
  });

  test('is rejected after the time, and says that it cannot know why and what to do', async () => {
    const seen = watched(connect());
    await vi.advanceTimersByTimeAsync(3000);
    expect(seen.outcome).toMatchObject({
      name: 'ThreeloError',
      code: 'not_connected',
    });
    expect(String(seen.outcome)).toMatch(/not installed, or not connected.*cannot tell.*popup/u);
    expect(seen.outcome).toBeInstanceOf(Error);
  });

  test('is rejected when the connection has ended and the page is not connected again', async () => {
    vi.stubGlobal('threelo', fakeThreelo(notConnected));
    const seen = watched(connect({ timeoutMs: 10 }));
    await vi.advanceTimersByTimeAsync(9);
    expect(seen.outcome).toBe('pending');
    await vi.advanceTimersByTimeAsync(1);
    expect(seen.outcome).toMatchObject({ code: 'not_connected' });
  });

  test('resolves when a connection that has ended begins again within the time', async () => {
    vi.stubGlobal('threelo', fakeThreelo(notConnected));
    const attempt = connect();
    await vi.advanceTimersByTimeAsync(1000);
    connectPage(fakeThreelo(granted));
    expect(await (await attempt).sites()).toEqual([aPageSite()]);
  });

  test('is rejected with another code when an extension is there that does not answer', async () => {
    vi.stubGlobal('threelo', fakeThreelo(never));
    const seen = watched(connect({ timeoutMs: 500 }));
    await vi.advanceTimersByTimeAsync(500);
    expect(seen.outcome).toMatchObject({ code: 'timeout' });
    expect(String(seen.outcome)).toContain('500 ms');
  });

  test('asks once when the page API was there before calls are possible', async () => {
    const threelo = fakeThreelo(granted);
    vi.stubGlobal('threelo', threelo);
    const attempt = connect();
    connectPage(threelo);
    await attempt;
    expect(threelo.asked).toBe(1);
  });

  test('is not rejected when a connected page gets another refusal: its calls tell it', async () => {
    const failure = Object.assign(new Error('locked'), { code: 'locked' });
    vi.stubGlobal(
      'threelo',
      fakeThreelo(() => Promise.reject(failure)),
    );
    const threelo = await connect();
    await expect(threelo.sites()).rejects.toBe(failure);
  });

  test('ignores an element of the page with the id `threelo`', async () => {
    vi.stubGlobal('threelo', { id: 'threelo', tagName: 'DIV' });
    const seen = watched(connect());
    await vi.advanceTimersByTimeAsync(3000);
    expect(seen.outcome).toMatchObject({ code: 'not_connected' });
  });

  test('is rejected where there is no window', async () => {
    vi.stubGlobal('addEventListener', undefined);
    vi.stubGlobal('removeEventListener', undefined);
    const seen = watched(connect());
    await vi.advanceTimersByTimeAsync(3000);
    expect(seen.outcome).toMatchObject({ code: 'not_connected' });
  });

  test('with `Infinity` waits until the page is connected', async () => {
    const seen = watched(connect({ timeoutMs: Infinity }));
    await vi.advanceTimersByTimeAsync(30 * 86_400_000);
    expect(seen.outcome).toBe('pending');
    connectPage(fakeThreelo(granted));
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.outcome).toBe('connected');
  });

  test('is rejected with the reason of its signal, and leaves nothing behind', async () => {
    const removed = vi.spyOn(globalThis, 'removeEventListener');
    const controller = new AbortController();
    const seen = watched(connect({ signal: controller.signal }));
    controller.abort('navigated');
    await vi.advanceTimersByTimeAsync(0);
    expect(seen.outcome).toBe('navigated');
    expect(vi.getTimerCount()).toBe(0);
    expect(removed).toHaveBeenCalledWith('threelo:ready', expect.any(Function));
    await expect(connect({ signal: AbortSignal.abort('late') })).rejects.toBe('late');
  });
});

describe('what it resolves to', () => {
  test('calls the newest page API', async () => {
    const first = fakeThreelo(granted);
    const second = fakeThreelo(() => Promise.resolve([]));
    vi.stubGlobal('threelo', first);
    const { sites, fetch } = await connect();
    first.answer = notConnected;
    await expect(sites()).rejects.toMatchObject({ code: 'not_connected' });
    connectPage(second);
    expect(await sites()).toEqual([]);
    const init = { site: 'jira:1' };
    expect(await (await fetch('/rest/api/3/myself', init)).text()).toBe('by Threelo');
    expect(first.fetched).toEqual([]);
    expect(second.fetched).toEqual([['/rest/api/3/myself', init]]);
  });

  test('moves its listeners to the newest, tells them of the new connection, and of nothing twice', async () => {
    const first = fakeThreelo(granted);
    const second = fakeThreelo(granted);
    vi.stubGlobal('threelo', first);
    const threelo = await connect();
    const heard = vi.fn();
    threelo.addEventListener('change', heard);
    first.change();
    expect(heard).toHaveBeenCalledTimes(1);
    connectPage(second);
    expect(heard).toHaveBeenCalledTimes(2);
    second.change();
    expect(heard).toHaveBeenCalledTimes(3);
    first.change();
    dispatchEvent(new Event('threelo:ready'));
    expect(heard).toHaveBeenCalledTimes(3);
    threelo.removeEventListener('change', heard);
    second.change();
    expect(heard).toHaveBeenCalledTimes(3);
  });

  test('cannot be changed by other scripts of the page', async () => {
    vi.stubGlobal('threelo', fakeThreelo(granted));
    expect(Object.isFrozen(await connect())).toBe(true);
  });

  test('rejects its calls when there is no page API any more', async () => {
    vi.stubGlobal('threelo', fakeThreelo(granted));
    const threelo = await connect();
    vi.stubGlobal('threelo', undefined);
    await expect(threelo.fetch('/rest/api/3/myself')).rejects.toMatchObject({
      code: 'not_connected',
    });
  });
});
