import { beforeEach, expect, test, vi } from 'vitest';

const own = { id: 1, type: 'popup', left: 100, top: 100, width: 400, height: 600 };
const inFront = { id: 2, type: 'normal', alwaysOnTop: true, tabs: [{}] };
let others: object[] = [];
vi.mock('../api/browser.ts', () => ({
  browser: {
    windows: {
      getCurrent: () => Promise.resolve(own),
      getAll: () => Promise.resolve([{ ...own, alwaysOnTop: true }, ...others]),
    },
  },
}));
const { isWindowCovered } = await import('./windows-in-front.ts');
const { staysInFront } = await import('../firefox/stays-in-front.ts');

beforeEach(() => {
  others = [];
});

test.each([
  ['no other window', undefined, false],
  ['a window over a corner', { left: 450, top: 650, width: 300, height: 300 }, true],
  ['a window over all of it', { left: 0, top: 0, width: 1000, height: 1000 }, true],
  ['a window of which the browser says no place', {}, true],
  ['a window beside it', { left: 500, top: 100, width: 300, height: 300 }, false],
  ['a window below it', { left: 100, top: 700, width: 300, height: 300 }, false],
])('with %s, is it covered', async (_, place, isCovered) => {
  if (place !== undefined) others = [{ ...inFront, ...place }];
  expect(await isWindowCovered()).toBe(isCovered);
});

test('a window that would be behind does not cover it', async () => {
  others = [{ ...own, ...inFront, alwaysOnTop: false }];
  expect(await isWindowCovered()).toBe(false);
});

test('in Firefox a popup whose address is not told may be in front', () => {
  const popup = {
    id: 2,
    type: 'popup',
    alwaysOnTop: false,
    incognito: false,
    focused: false,
  } as const;
  const tab = { index: 0, highlighted: true, active: true, pinned: false, incognito: false };
  expect(staysInFront({ ...popup, tabs: [tab] })).toBe(true);
  expect(staysInFront({ ...popup, tabs: [{ ...tab, url: 'https://a.example/' }] })).toBe(false);
  expect(staysInFront({ ...popup, type: 'normal', tabs: [tab] })).toBe(false);
});
