import { expect, test } from 'vitest';
import type { Sender } from '#browser/messages/background-messages.ts';
import { callerOf } from './caller.ts';

const self = { id: 'ours', origin: 'chrome-extension://ours' };
const page: Sender = {
  id: 'ours',
  origin: 'https://a.example',
  url: 'https://a.example/x',
  frameId: 0,
  tabId: 7,
  documentId: 'D1',
  documentLifecycle: 'active',
};
const popup: Sender = { id: 'ours', origin: self.origin, url: `${self.origin}/popup/index.html` };
const asPage = { kind: 'page', origin: 'https://a.example', tabId: 7, documentId: 'D1' };

test.each<[string, Sender, object]>([
  ['a top document', page, asPage],
  ['a top document without a lifecycle', { ...page, documentLifecycle: undefined }, asPage],
  ['about:blank, which inherits its origin', { ...page, url: 'about:blank' }, asPage],
  ['a document whose URL has another origin', { ...page, url: 'https://evil.example/' }, asPage],
  [
    'a page on this machine',
    { ...page, origin: 'http://localhost:3000' },
    { ...asPage, origin: 'http://localhost:3000' },
  ],
  ['the popup', popup, { kind: 'ui' }],
  ['our page in a tab', { ...popup, tabId: 3, frameId: 0, documentId: 'D2' }, { kind: 'ui' }],
])('%s is recognized', (_, sender, caller) => {
  expect(callerOf(sender, self)).toEqual(caller);
});

test.each<[string, Sender]>([
  ['a sandboxed frame', { ...page, origin: 'null', url: 'https://a.example/child' }],
  ['a frame of the same origin', { ...page, frameId: 4 }],
  ['a frame of another origin', { ...page, origin: 'https://b.example', frameId: 5 }],
  ['a data: frame', { ...page, origin: 'null', url: 'data:text/html,x', frameId: 6 }],
  ['a frame without a number', { ...page, frameId: undefined }],
  ['a prerendered document', { ...page, documentLifecycle: 'prerender' }],
  ['a cached document', { ...page, documentLifecycle: 'cached' }],
  ['a document without id', { ...page, documentId: undefined }],
  ['a document without tab', { ...page, tabId: undefined }],
  ['a document without origin', { ...page, origin: undefined }],
  ['a document with an empty origin', { ...page, origin: '' }],
  ['an origin with a path', { ...page, origin: 'https://a.example/' }],
  ['an origin in capitals', { ...page, origin: 'https://A.example' }],
  ['a page without TLS', { ...page, origin: 'http://a.example' }],
  ['a file', { ...page, origin: 'file://' }],
  ['another extension', { ...page, id: 'theirs', origin: 'chrome-extension://theirs' }],
  ['another extension with our origin', { ...popup, id: 'theirs' }],
  ["another extension's page under our id", { ...popup, origin: 'chrome-extension://theirs' }],
  ['an empty sender', {}],
  ['our page in a frame of a page', { ...popup, frameId: 3, tabId: 7 }],
  ['our origin without a URL', { ...popup, url: undefined }],
  [
    'our origin as the beginning of another',
    { ...popup, url: 'chrome-extension://ours.evil/popup/index.html' },
  ],
  ['our origin with the URL of a web page', { ...popup, url: 'https://a.example/' }],
])('%s is unknown', (_, sender) => {
  expect(callerOf(sender, self)).toEqual({ kind: 'unknown' });
});
