import { expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import {
  connectableOrigin,
  extensionGrantee,
  extensionIdOf,
  isExtension,
  isGrantee,
  parseOrigin,
} from './origin.ts';

test.each([
  ['https://dashboard.example', 'https://dashboard.example'],
  ['https://dashboard.example:8443', 'https://dashboard.example:8443'],
  ['https://dashboard.example/path?x', 'https://dashboard.example'],
  ['HTTPS://Dashboard.Example', 'https://dashboard.example'],
  ['https://bücher.example', 'https://xn--bcher-kva.example'],
  ['http://localhost', 'http://localhost'],
  ['http://localhost:3000', 'http://localhost:3000'],
  ['http://127.0.0.1:3000', 'http://127.0.0.1:3000'],
])('%s can be connected as %s', (text, origin) => {
  expect(connectableOrigin(text)).toBe(origin);
});

test.each([
  [undefined],
  [''],
  ['null'],
  ['http://dashboard.example'],
  ['http://localhost.evil.test'],
  ['http://127.0.0.2'],
  ['http://[::1]:3000'],
  ['file:///etc/passwd'],
  ['data:text/html,x'],
  ['about:blank'],
  ['blob:https://dashboard.example/1'],
  ['chrome-extension://abcdefghijklmnop'],
  ['moz-extension://1234'],
  ['ws://localhost'],
  ['https://dashboard.example.'],
  ['https://dashboard.example.:8443'],
  ['https://dashboard.example\u3002'],
  ['https://dashboard.example%2E'],
  ['https://dashboard.example..'],
  ['http://localhost.:3000'],
  ['https://*.dashboard.example'],
  ['https://*'],
  ['https://dash%2Aboard.example'],
  ['extension:abcdefghijklmnopabcdefghijklmnop'],
])('%s cannot be connected', (text) => {
  expect(connectableOrigin(text)).toBeUndefined();
});

test('only a serialised origin is parsed, not another URL of the same origin', () => {
  expect(parseOrigin('https://dashboard.example')).toBe('https://dashboard.example');
  for (const text of [
    'https://dashboard.example/',
    'https://Dashboard.example',
    'https://a.example:443',
    'null',
  ]) {
    expect(
      faultOf(() => parseOrigin(text)),
      text,
    ).toMatchObject({ code: 'invalid_request', subject: 'origin' });
  }
});

const uuid = '{daf44bf7-a45e-4450-979c-91cf07434c3d}';
const longest = `${'a'.repeat(40)}@${'b'.repeat(39)}`;
test.each([
  ['abcdefghijklmnopabcdefghijklmnop'],
  [uuid],
  [uuid.toUpperCase()],
  ['helper@author.example'],
  ['A_b-c.9@Author.example'],
  ['@author'],
  ['0f3a@temporary-addon'],
  [longest],
])('%s is the id of an extension', (id) => {
  const grantee = extensionGrantee(id);
  expect(grantee).toBe(`extension:${id}`);
  expect(isGrantee(grantee)).toBe(true);
  expect(parseOrigin(`extension:${id}`)).toBe(grantee);
  expect(grantee && [isExtension(grantee), extensionIdOf(grantee)]).toEqual([true, id]);
});

test.each([
  [undefined],
  [''],
  ['abcdefghijklmnop'],
  ['abcdefghijklmnopabcdefghijklmnoq'],
  ['ABCDEFGHIJKLMNOPABCDEFGHIJKLMNOP'],
  ['abcdefghijklmnopabcdefghijklmnop\n'],
  [uuid.slice(1)],
  [`${uuid} `],
  ['{daf44bf7-a45e-4450-979c-91cf07434c3g}'],
  ['helper'],
  ['helper@'],
  ['two@at@author'],
  ['space here@author'],
  ['<b>@author'],
  ['a:b@author'],
  ['a/b@author'],
  ['ünïcode@author'],
  ['\u212aelper@author'],
  ['__proto__'],
  [`${longest}x`],
])('%j is no id of an extension', (id) => {
  expect(extensionGrantee(id)).toBeUndefined();
  expect(isGrantee(`extension:${id ?? ''}`)).toBe(false);
});

test('the origin of a page is not that of an extension, and no other value is a grantee', () => {
  const origin = parseOrigin('https://dashboard.example');
  expect([isExtension(origin), extensionIdOf(origin)]).toEqual([false, undefined]);
  const id = 'abcdefghijklmnopabcdefghijklmnop';
  for (const other of [
    `Extension:${id}`,
    ` extension:${id}`,
    `chrome-extension://${id}`,
    id,
    1,
    null,
  ])
    expect(isGrantee(other), String(other)).toBe(false);
});
