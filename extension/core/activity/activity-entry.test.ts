import { describe, expect, test } from 'vitest';
import {
  loggedHost,
  loggedPath,
  loggedSubject,
  loggedWord,
  readEntries,
  resultOfFault,
  type CallEntry,
} from './activity-entry.ts';
import type { Origin } from '../values/origin.ts';

const call: CallEntry = {
  id: 1,
  atMs: 1_790_000_000_000,
  origin: 'https://page.example' as Origin,
  kind: 'call',
  method: 'GET',
  path: '/rest/api/3/myself',
  tookMs: 12,
  result: 'ok',
  status: 200,
};

describe('the path of a call', () => {
  test.each([
    ['/rest/api/3/search?jql=secret', '/rest/api/3/search'],
    ['/rest/api/3/search#secret', '/rest/api/3/search'],
    ['https://me:secret@acme.atlassian.net/rest/x?y=secret', '/rest/x'],
    [' https://me:secret@acme.atlassian.net/rest', '/rest'],
    ['ht\ntps://me:secret@acme.atlassian.net/rest', '/rest'],
    ['//me:secret@acme.atlassian.net/rest?secret', '/rest'],
    [' \\\\me:secret@host\\rest', '\\rest'],
    ['/wiki/../x/%2e%2e/ROC-1', '/wiki/../x/%2e%2e/ROC-1'],
    ['/a b\u202ec\n\u{1F600}', '/a%20b%E2%80%AEc%0A%F0%9F%98%80'],
    ['/\ud800x', '/%EF%BF%BDx'],
    ['', ''],
  ])('%j is recorded as %j', (input, path) => {
    expect(loggedPath(input)).toBe(path);
  });

  test.each([
    'https://me:secret@ho st/rest',
    'https://me:secret@[bad/rest',
    `https://${'secret'.repeat(1000)}@host/rest`,
    `https://me:${'secret'.repeat(1000)}@host/rest`,
    '///me:secret@host/rest',
    '/\t/me:secret@host/rest',
    '/\\/me:secret@host/rest',
    ' \u0001//me:secret@host/rest',
    'me:secret@host/rest',
    'ftp://me:secret@host/rest',
    'blob:https://me:secret@host/rest',
    'me@secret@host/rest',
  ])('has no user name (%#)', (input) => {
    expect([loggedPath(input), loggedHost(input) ?? '']).toEqual([
      expect.not.stringContaining('secret'),
      expect.not.stringContaining('secret'),
    ]);
    expect(loggedPath(input)).toMatch(/\/rest$/u);
  });

  test('has at most 512 characters, and none of the query that follows', () => {
    const path = loggedPath(`/${'ä'.repeat(70_000)}?secret`);
    expect(path).toHaveLength(512);
    expect(loggedPath(`/${'a'.repeat(70_000)}?secret`)).toBe(`/${'a'.repeat(511)}`);
  });
});

test.each([
  ['https://me:secret@other.atlassian.net/rest?secret', 'https://other.atlassian.net'],
  ['/rest/api', undefined],
  ['data:secret', undefined],
])('the host of %j is recorded as %j', (input, host) => {
  expect(loggedHost(input)).toBe(host);
});

test('a word has at most 64 characters, printable ones', () => {
  expect(loggedWord(`GET ${'\u0000'.repeat(100)}`)).toHaveLength(64);
});

test('a subject consists of printable words, of 64 characters together at most', () => {
  expect(loggedSubject('header x-\u202etrace')).toBe('header x-%E2%80%AEtrace');
  expect(loggedSubject('header '.repeat(100))).toHaveLength(64);
  expect(loggedSubject('\u0000'.repeat(100))).toHaveLength(64);
});

test('a fault that keeps a call from being sent counts as refused, another as failed', () => {
  expect(resultOfFault('not_allowed')).toBe('refused');
  expect(resultOfFault('outcome_unknown')).toBe('failed');
});

test('of stored entries the damaged ones are left out', () => {
  const question = {
    id: 2,
    atMs: 5,
    origin: 'https://page.example',
    kind: 'question',
    tookMs: 1,
    asked: 'access',
    access: 'write',
    result: 'refused',
  };
  const stored = [
    call,
    { ...call, path: 'x'.repeat(513) },
    { ...call, origin: 'http://page.example' },
    { ...call, status: '200' },
    { ...call, result: 'good' },
    { ...call, id: -1 },
    { ...call, site: { product: 'jira' } },
    question,
    null,
    'x',
  ];
  expect(readEntries(stored)).toEqual([call, question]);
  expect(readEntries({ length: 1 })).toEqual([]);
  expect(readEntries([{ ...call, token: 'x' }])).toEqual([call]);
});
