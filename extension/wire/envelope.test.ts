import { expect, test } from 'vitest';
import { readAnnouncement } from './envelope.ts';
import { readEnvelope } from './read-envelope.ts';

const polluting = JSON.parse('{"v":1,"name":"x","body":{},"__proto__":{"polluted":1}}') as unknown;

test('an envelope is read with any body', () => {
  for (const body of [{}, null, 1, 'x', [], new ArrayBuffer(1), undefined]) {
    expect(readEnvelope({ v: 1, name: 'overview.get', body })).toEqual({
      v: 1,
      name: 'overview.get',
      body,
    });
  }
});

test('unknown members are removed', () => {
  expect(
    readEnvelope({ v: 1, name: 'x', body: {}, origin: 'https://evil.test', caller: 'ui' }),
  ).toEqual({
    v: 1,
    name: 'x',
    body: {},
  });
});

test.each([
  [null],
  [undefined],
  [42],
  ['x'],
  [[]],
  [{}],
  [{ v: 0, name: 'x', body: {} }],
  [{ v: 2, name: 'x', body: {} }],
  [{ v: -1, name: 'x', body: {} }],
  [{ v: 1e9, name: 'x', body: {} }],
  [{ v: '1', name: 'x', body: {} }],
  [{ name: 'x', body: {} }],
  [{ v: 1, body: {} }],
  [{ v: 1, name: 1, body: {} }],
  [{ v: 1, name: 'x'.repeat(65), body: {} }],
  [{ v: 1, event: 'state.changed' }],
])('%j is no frame of ours', (message) => {
  expect(readEnvelope(message)).toBeUndefined();
});

test('reading does not pollute prototypes', () => {
  readEnvelope(polluting);
  expect({}).not.toHaveProperty('polluted');
});

test('only announcements are read as announcements', () => {
  const changed = { v: 1, event: 'grant.changed', origin: 'https://a.example' };
  expect(readAnnouncement(changed)).toEqual(changed);
  expect(readAnnouncement({ v: 1, event: 'state.changed' })).toEqual({
    v: 1,
    event: 'state.changed',
  });
  for (const other of [
    null,
    1,
    {},
    { v: 2, event: 'state.changed' },
    { v: 1, event: 'x' },
    { ...changed, origin: 1 },
  ]) {
    expect(readAnnouncement(other)).toBeUndefined();
  }
});
