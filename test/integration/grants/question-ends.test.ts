import { beforeEach, describe, expect, test, vi } from 'vitest';
import { maxOpenQuestions } from '../../../background/grants/questions.ts';
import type { AskView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { aCall, fetchAll } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, revive, session, useSession } from '../use-session.ts';

const other = 'https://other.example' as typeof dashboard;
const minuteMs = 60_000;
useSession({ sites: () => [] });
beforeEach(async () => {
  await connect(harness, session);
  await connect(harness, session, { origin: other });
});

const windows = (): string[] => [...harness.world.openWindows.values()];
const opened = () => vi.spyOn(harness.world.windows, 'openOwn');
/** The only open question, once its window is open. */
async function question(): Promise<AskView> {
  await until(() => windows().length === 1);
  const asks = await harness.ui('ask.list', {});
  const shown = asks.find(({ id }) => windows()[0] === `popup/ask.html?id=${id}`);
  return shown as AskView;
}
const refuse = async (): Promise<void> => {
  await question();
  const [windowId = 0] = harness.world.openWindows.keys();
  await harness.world.windows.close(windowId);
  harness.background.questions.windowClosed(windowId);
};
const from = (documentId: string, tabId = 7, origin: string = dashboard) =>
  harness.page(origin, { documentId, tabId });
const page = () => from('one');
const codes = (works: readonly Promise<{ code: string }>[]) =>
  Promise.all(works.map(async (work) => (await work).code));
const refusedOrigins = async (): Promise<string[]> =>
  Object.keys(await harness.world.session.all())
    .filter((key) => key.startsWith('refusals:'))
    .map((key) => key.slice('refusals:'.length));
const requestAccess = (asker = page()) => rejection(asker('page.request-access', {}));

describe('a question ends, its window closes and its caller gets an error', () => {
  const endings: [string, () => unknown, string][] = [
    [
      'when its document leaves',
      () => harness.leave(dashboard, { documentId: 'one' }),
      'unavailable',
    ],
    ['when its tab closes', () => harness.world.closeTab(7), 'unavailable'],
    ['after five minutes', () => harness.world.elapse(5 * minuteMs), 'timeout'],
  ];
  test.each(endings)('%s', async (_, end, code) => {
    for (const ask of [requestAccess, () => rejection(fetchAll(page()))]) {
      const work = ask();
      await until(() => windows().length === 1);
      await end();
      expect((await work).code).toBe(code);
      await until(() => windows().length === 0);
    }
    expect(await harness.ui('ask.list', {})).toEqual([]);
  });
  test('when its call is aborted', async () => {
    const call = aCall();
    const work = rejection(page()('api.request', call));
    await question();
    await page()('api.abort', { callId: call.callId });
    await work;
    await until(() => windows().length === 0);
  });
  test('when another document of its tab asks, which gets a question of its own', async () => {
    const first = requestAccess();
    const { id } = await question();
    const second = requestAccess(from('two'));
    expect((await first).code).toBe('unavailable');
    await until(() => windows().length === 1 && windows()[0] !== `popup/ask.html?id=${id}`);
    await refuse();
    expect((await second).code).toBe('not_allowed');
  });
  test('also while its window opens', async () => {
    const { openOwn } = harness.world.windows;
    const opening = Promise.withResolvers<undefined>();
    opened().mockImplementationOnce(async (path, size) => {
      await opening.promise;
      return openOwn(path, size);
    });
    const work = requestAccess();
    await until(() => vi.mocked(harness.world.windows.openOwn).mock.calls.length === 1);
    await harness.leave(dashboard, { documentId: 'one' });
    opening.resolve(undefined);
    expect((await work).code).toBe('unavailable');
    await until(() => windows().length === 0);
  });
});

test('a question that ends because its page was disconnected was not refused', async () => {
  const works = [rejection(fetchAll(page())), requestAccess()];
  await question();
  await page()('page.disconnect', {});
  expect(await codes(works)).toEqual(['not_connected', 'not_connected']);
  await until(() => windows().length === 0);
  expect(await refusedOrigins()).toEqual([]);
});

describe('a question goes on', () => {
  test('while a second document of its origin waits for the answer', async () => {
    const works = [requestAccess(from('one', 7)), requestAccess(from('two', 8))];
    await question();
    await harness.leave(dashboard, { documentId: 'one', tabId: 7 });
    harness.world.closeTab(6);
    expect((await works[0])?.code).toBe('unavailable');
    expect(windows()).toHaveLength(1);
    await harness.leave(dashboard, { documentId: 'two', tabId: 8 });
    expect((await works[1])?.code).toBe('unavailable');
    await until(() => windows().length === 0);
  });
  test('while another call of its document waits for the answer', async () => {
    const call = aCall();
    const works = [rejection(page()('api.request', call)), rejection(fetchAll(page()))];
    await question();
    await page()('api.abort', { callId: call.callId });
    await works[0];
    expect(windows()).toHaveLength(1);
    await refuse();
    expect((await works[1])?.code).toBe('site_required');
  });
  test('for five minutes from the moment at which it is shown', async () => {
    const first = requestAccess();
    await question();
    const second = requestAccess(from('two', 8, other));
    await until(async () => (await harness.ui('ask.list', {})).length === 2);
    harness.world.elapse(4 * minuteMs);
    await refuse();
    await first;
    expect((await question()).origin).toBe(other);
    harness.world.elapse(4 * minuteMs);
    expect(await harness.ui('ask.list', {})).toHaveLength(1);
    harness.world.elapse(minuteMs);
    expect((await second).code).toBe('timeout');
  });
});

describe('one window is open at a time, whichever origins ask', () => {
  test('and the others follow in the order of asking', async () => {
    const works = [requestAccess(), requestAccess(from('two', 8, other))];
    expect((await question()).origin).toBe(dashboard);
    expect(await harness.ui('ask.list', {})).toHaveLength(2);
    await refuse();
    await works[0];
    expect((await question()).origin).toBe(other);
    await refuse();
    expect((await works[1])?.code).toBe('not_allowed');
  });
  test('a question whose turn does not come within five minutes ends, and was not refused', async () => {
    const windowsOpened = opened();
    const works = [requestAccess(), requestAccess(from('two', 8, other))];
    await question();
    harness.world.elapse(5 * minuteMs);
    expect(await codes(works)).toEqual(['timeout', 'timeout']);
    expect(windowsOpened).toHaveBeenCalledOnce();
    expect(await refusedOrigins()).toEqual([dashboard]);
  });
});

describe('three refusals are counted, and no window opens after them', () => {
  const askEverything = (): Promise<{ code: string }>[] => [
    requestAccess(),
    rejection(fetchAll(page())),
    rejection(fetchAll(page(), { input: '/wiki/api/v2/spaces' })),
  ];

  test('when several questions are asked at once', async () => {
    const windowsOpened = opened();
    const works = [...askEverything(), ...askEverything()];
    for (let time = 0; time < 3; time += 1) await refuse();
    const refused = ['not_allowed', 'site_required', 'site_required'];
    expect(await codes(works)).toEqual([...refused, ...refused]);
    await revive();
    expect(await codes(askEverything())).toEqual(refused);
    expect(windowsOpened).toHaveBeenCalledTimes(3);
    expect(windows()).toEqual([]);
  });
  test.each<[string, () => unknown]>([
    ['the page leaves', () => harness.leave(dashboard, { documentId: 'one' })],
    ['nobody answers', () => harness.world.elapse(5 * minuteMs)],
  ])('when each time %s', async (_, end) => {
    const windowsOpened = opened();
    for (let time = 0; time < 3; time += 1) {
      const work = requestAccess();
      await question();
      await end();
      await work;
      await until(() => windows().length === 0);
    }
    expect((await requestAccess()).code).toBe('not_allowed');
    expect(windowsOpened).toHaveBeenCalledTimes(3);
  });
  test('when each time the call is aborted', async () => {
    const windowsOpened = opened();
    for (let time = 0; time < 3; time += 1) {
      const call = aCall();
      const work = rejection(page()('api.request', call));
      await question();
      await page()('api.abort', { callId: call.callId });
      await work;
      await until(() => windows().length === 0);
    }
    expect((await rejection(fetchAll(page()))).code).toBe('site_required');
    expect(windowsOpened).toHaveBeenCalledTimes(3);
  });
  test('also while one of them is being stored', async () => {
    const windowsOpened = opened();
    const { session: area } = harness.world;
    const write = area.write.bind(area);
    const stored = Promise.withResolvers<undefined>();
    const works = askEverything();
    await question();
    vi.spyOn(area, 'write').mockImplementationOnce(async (entries) => {
      await stored.promise;
      return write(entries);
    });
    await refuse();
    await new Promise((resolve) => setTimeout(resolve, 20));
    expect(windowsOpened).toHaveBeenCalledOnce();
    stored.resolve(undefined);
    for (let time = 1; time < 3; time += 1) await refuse();
    expect(await codes(works)).toEqual(['not_allowed', 'site_required', 'site_required']);
  });
  test('until the person changes the connection in the popup', async () => {
    for (let time = 0; time < 3; time += 1) {
      const work = requestAccess();
      await refuse();
      await work;
    }
    await connect(harness, session);
    const work = requestAccess();
    await refuse();
    expect((await work).code).toBe('not_allowed');
  });
});

test('of one origin 20 different questions may be open; those of others are not hindered', async () => {
  const ask = (at: number, asker = page()) =>
    rejection(asker('page.request-access', { paths: [`/rest/x${String(at)}`] }));
  const works = Array.from({ length: maxOpenQuestions }, (_, at) => ask(at));
  const count = async () => (await harness.ui('ask.list', {})).length;
  await until(async () => (await count()) === maxOpenQuestions);
  expect((await ask(maxOpenQuestions)).code).toBe('rate_limited');
  // The same one again is no further one.
  works.push(ask(0));
  const ofOther = ask(0, from('two', 8, other));
  await until(async () => (await count()) === maxOpenQuestions + 1);
  await harness.leave(dashboard, { documentId: 'one' });
  await harness.leave(other, { documentId: 'two' });
  expect(new Set(await codes([...works, ofOther]))).toEqual(new Set(['unavailable']));
});
