import { expect, test, vi } from 'vitest';
import type { Origin } from '#core/values/origin.ts';

const registerContentScripts = vi.fn((_scripts: unknown) => Promise.resolve());
const executeScript = vi.fn((_injection: { target: object }) => Promise.resolve([]));
vi.mock('../api/browser.ts', () => ({
  browser: {
    scripting: {
      registerContentScripts,
      executeScript,
      getRegisteredContentScripts: () => Promise.resolve([]),
    },
    tabs: { query: () => Promise.resolve([{ id: 7, url: 'https://a.example/' }]) },
  },
}));
vi.mock('../../content/content.ts?script&iife', () => ({ default: 'content.js' }));
vi.mock('../../content/page-shim.ts?script&iife', () => ({ default: 'page-shim.js' }));
const { injectInto } = await import('./page-scripts.ts');

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
