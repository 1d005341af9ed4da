import { expect, it } from 'vitest';
import { maxRows } from '#wire/list-views.ts';
import { rowsToRender, scrollTopFor } from './row-window.ts';

it('renders no more than 60 rows however high the list is, the one with the focus included', () => {
  const { first, last } = rowsToRender({ scrollTop: 44_000, height: 9000, rowHeight: 44 }, 5000);
  expect(last - first + 1).toBe(maxRows - 1);
  expect(first).toBeLessThan(1000);
});

it('scrolls no further than it takes to show a whole row', () => {
  const viewport = { scrollTop: 440, height: 440, rowHeight: 44 };
  expect([9, 10, 19, 20].map((row) => scrollTopFor(row, viewport))).toEqual([396, 440, 440, 484]);
});
