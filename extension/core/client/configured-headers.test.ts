import { expect, test } from 'vitest';
import { configuredHeadersProblem } from './configured-headers.ts';

test.each([
  [{}],
  [{ 'Notion-Version': '2022-06-28', ConsistencyLevel: 'eventual' }],
  [{ Prefer: 'odata.maxpagesize=5, respond-async', 'X-GitHub-Api-Version': '2022-11-28' }],
])('the headers %j can be saved', (headers) => {
  expect(configuredHeadersProblem(headers)).toBeUndefined();
});

test.each([
  'Authorization',
  'x-authorization',
  'Proxy-Authorization',
  'Cookie',
  'Set-Cookie',
  'X-Api-Key',
  'X-Auth-Token',
  'X-Atlassian-Token',
  'Api-Secret',
  'Signature',
  'Connection',
  'Keep-Alive',
  'TE',
  'Trailer',
  'Transfer-Encoding',
  'Upgrade',
  'Via',
  'Host',
  'Origin',
  'Referer',
  'Content-Length',
  'Content-Type',
  'If-Match',
  'Range',
  'Sec-Fetch-Site',
  'X-HTTP-Method-Override',
  'X-Method',
  'Forwarded',
  'X-Forwarded-For',
  'X-Original-URL',
  'X-Rewrite-URL',
  'User-Agent',
  'Sudo',
  'Impersonate-User',
  'X-Remote-User',
  'X-Real-IP',
])('the header %s cannot be set by a configuration', (name) => {
  expect(configuredHeadersProblem({ [name]: 'x' })).toBe('header_reserved');
  expect(configuredHeadersProblem({ [name.toUpperCase()]: 'x' })).toBe('header_reserved');
});

test.each<[string, Record<string, string>]>([
  ['no name', { '': 'x' }],
  ['a name with a space', { 'X A': 'x' }],
  ['a name with a colon', { 'X:A': 'x' }],
  ['a name that is not ASCII', { Größe: 'x' }],
  ['no value', { 'X-A': '' }],
  ['a line break', { 'X-A': 'x\r\nAuthorization: y' }],
  ['a value that is not ASCII', { 'X-A': 'ü' }],
  ['a long value', { 'X-A': 'x'.repeat(1025) }],
  ['one name twice', { 'X-A': 'x', 'x-a': 'y' }],
  ['too many', Object.fromEntries(Array.from({ length: 21 }, (_, at) => [`X-${at}`, 'x']))],
])('headers with %s cannot be saved', (_, headers) => {
  expect(configuredHeadersProblem(headers)).toBe('header_invalid');
});
