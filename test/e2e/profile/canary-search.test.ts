import { randomBytes } from 'node:crypto';
import { expect, test } from 'vitest';
import { createSearch } from './canary-search.ts';

const text = randomBytes(33).toString('base64url');
const search = createSearch([{ label: 'token', text }]);

test.each([0, 1, 2])('finds a canary in base64 that begins %i bytes after a boundary', (before) => {
  for (const alphabet of ['base64', 'base64url'] as const) {
    const written = Buffer.from(`${'~'.repeat(before)}${text} and more`).toString(alphabet);
    expect(search(`x${written}`), `canary ${text}`).toEqual(['token (base64)']);
    const wide = Buffer.from(`x${written}`, 'utf16le');
    expect(search(wide), `canary ${text}`).toEqual(['token (base64 in UTF-16LE)']);
  }
});

test('finds a canary as text and as UTF-16', () => {
  expect(search(`before ${text} after`)).toEqual(['token (UTF-8)']);
  expect(search(Buffer.from(`.${text}.`, 'utf16le'))).toEqual(['token (UTF-16LE)']);
});

test('finds a canary that something was written into', () => {
  for (const at of [1, 10, 22, 30, 43])
    expect(search(`${text.slice(0, at)}\0\0header\0${text.slice(at)}`)).toEqual(['token (UTF-8)']);
});

test('finds nothing where nothing is, and refuses a canary too short', () => {
  expect(search(randomBytes(1 << 16))).toEqual([]);
  expect(() => createSearch([{ label: 'short', text: 'hunter2' }])).toThrow('short');
});
