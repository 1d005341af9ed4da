import { expect, test, vi } from 'vitest';
import type { Origin } from '#core/values/origin.ts';

let registered: { id: string }[] = [];
const registerContentScripts = vi.fn((scripts: { id: string }[]) => {
  const isTaken = scripts.some(({ id }) => registered.some((other) => other.id === id));
  if (!isTaken) registered.push(...scripts);
  return isTaken ? Promise.reject(new Error('duplicate script id')) : Promise.resolve();
});
const executeScript = vi.fn((_injection: { target: object }) => Promise.resolve([]));
vi.mock('../api/browser.ts', () => ({
  browser: {
    scripting: {
      registerContentScripts,
      executeScript,
      getRegisteredContentScripts: () => Promise.resolve([...registered]),
      unregisterContentScripts: ({ ids }: { ids: string[] }) => {
        registered = registered.filter(({ id }) => !ids.includes(id));
        return Promise.resolve();
      },
    },
    tabs: { query: () => Promise.resolve([{ id: 7, url: 'https://a.example/' }]) },
  },
}));
vi.mock('../../content/content.ts?script&iife', () => ({ default: 'content.js' }));
vi.mock('../../content/page-shim.ts?script&iife', () => ({ default: 'page-shim.js' }));
const { injectInto, keepInjecting, stopInjecting } = await import('./page-scripts.ts');

test('the page API is added to top frames only', async () => {
  await injectInto('https://a.example' as Origin);
  expect(registerContentScripts).toHaveBeenCalledExactlyOnceWith([
    expect.objectContaining({ js: ['content.js'], allFrames: false }),
    expect.objectContaining({ js: ['page-shim.js'], allFrames: false, world: 'MAIN' }),
  ]);
  expect(executeScript.mock.calls.map(([{ target }]) => target)).toEqual([
    { tabId: 7 },
    { tabId: 7 },
  ]);
});

test('scripts are registered once, whoever asks at the same time, and it is told who had to', async () => {
  const origin = 'https://b.example' as Origin;
  const asked = [keepInjecting(origin), keepInjecting(origin), injectInto(origin)];
  expect(await Promise.all(asked)).toEqual([true, false, undefined]);
  expect(registered.filter(({ id }) => id.endsWith(origin))).toHaveLength(2);
  expect(await Promise.all([stopInjecting(origin), stopInjecting(origin)])).toEqual([true, false]);
});
