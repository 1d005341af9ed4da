import { expect, test } from 'vitest';
import { faultOf } from '../../../test/support/faults.ts';
import { connectableOrigin, parseOrigin } from './origin.ts';

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
