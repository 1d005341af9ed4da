import { expect, test } from 'vitest';
import type { Sender } from '#browser/messages/background-messages.ts';
import { externalCallerOf } from './external-caller.ts';

const ours = 'ponmlkjihgfedcbaponmlkjihgfedcba';
const theirs = 'aabbccddeeffgghhiijjkkllmmnnoopp';
const inChrome = { id: ours, origin: `chrome-extension://${ours}` };
const origin = `chrome-extension://${theirs}`;
const worker: Sender = { id: theirs, url: `${origin}/worker.js` };
const popup: Sender = { ...worker, origin, url: `${origin}/popup.html`, documentId: 'D1' };

const inFirefox = {
  id: 'threelo@author.example',
  origin: 'moz-extension://11111111-1111-4111-8111-111111111111',
};
const helper = 'helper@author.example';
const mozOrigin = 'moz-extension://22222222-2222-4222-8222-222222222222';
const mozBackground: Sender = {
  id: helper,
  origin: mozOrigin,
  url: `${mozOrigin}/_generated_background_page.html`,
  frameId: 0,
};

const keyOf = (id: string) => ({
  kind: 'external',
  origin: `extension:${id}`,
  documentId: `extension:${id}`,
});

test.each<[string, Sender]>([
  ['a service worker, of which Chrome reports no origin', worker],
  ['a service worker with its origin', { ...worker, origin }],
  ['a sender of which only the id is known', { id: theirs }],
  ['a popup', popup],
  ['a popup in the state active', { ...popup, documentLifecycle: 'active', frameId: 0 }],
])('in Chrome %s is recognized by its id', (_, sender) => {
  expect(externalCallerOf(sender, inChrome)).toEqual(keyOf(theirs));
});

test.each<[string, Sender, string]>([
  ['a background', mozBackground, helper],
  ['a popup', { ...mozBackground, url: `${mozOrigin}/popup.html` }, helper],
  [
    'an extension whose id is a UUID',
    { ...mozBackground, id: '{33333333-3333-4333-8333-333333333333}' },
    '{33333333-3333-4333-8333-333333333333}',
  ],
])('in Firefox %s is recognized by its id', (_, sender, id) => {
  expect(externalCallerOf(sender, inFirefox)).toEqual(keyOf(id));
});

const web = { origin: 'https://a.example', url: 'https://a.example/x' };
const everywhere: [string, Partial<Sender>][] = [
  ['without an id', { id: undefined }],
  ['with an empty id', { id: '' }],
  ['with an id that is none of an extension', { id: 'theirs' }],
  ['with an origin for an id', { id: 'https://a.example' }],
  ['in a tab', { tabId: 7, frameId: 0 }],
  ['with the tab 0', { tabId: 0 }],
  ['that is a content script', { ...web, tabId: 7, frameId: 0, documentId: 'D2' }],
  ['that is a content script in a frame of a background', { ...web, frameId: 5 }],
  ['that is a content script of which no tab is known', web],
  ['that is a content script in a sandboxed frame', { ...web, origin: 'null' }],
  ['with the origin of a page and its own URL', { origin: web.origin }],
  ['with the URL of a page', { url: web.url }],
  ['in a frame', { frameId: 3 }],
  ['in a prerendered document', { documentLifecycle: 'prerender' }],
  ['in a cached document', { documentLifecycle: 'cached' }],
  ['that is a native program', { nativeApplication: 'org.example.program' }],
  ['that is a user script', { userScriptWorldId: '' }],
  ['with an opaque origin', { origin: 'null' }],
  ['with an empty origin', { origin: '' }],
  ['with an empty URL', { url: '' }],
  ['at about:blank', { url: 'about:blank' }],
];

test.each<[string, Partial<Sender>]>([
  ...everywhere,
  ['with our id', { id: ours }],
  ['with our id and origin', { id: ours, origin: inChrome.origin, url: `${inChrome.origin}/x` }],
  ['with our origin', { origin: inChrome.origin }],
  ['with the origin of a third', { origin: `chrome-extension://${'c'.repeat(32)}` }],
  ['with an origin that begins like its own', { origin: `${origin}x` }],
  ['with a URL that begins like its own origin', { url: `${origin}.evil.test/worker.js` }],
  ['with the origin of another browser', { origin: mozOrigin }],
])('in Chrome a sender %s is none', (_, part) => {
  for (const sender of [worker, popup])
    expect(externalCallerOf({ ...sender, ...part }, inChrome)).toBeUndefined();
});

test.each<[string, Partial<Sender>]>([
  ...everywhere,
  ['with our id', { id: inFirefox.id }],
  ['with our origin', { origin: inFirefox.origin, url: `${inFirefox.origin}/x` }],
  ['without an origin', { origin: undefined }],
  ['without a URL', { url: undefined }],
  ['with the URL of a third', { url: 'moz-extension://44444444-4444-4444-8444-444444444444/x' }],
  ['with an origin that is none', { origin: 'moz-extension://evil', url: 'moz-extension://evil/' }],
])('in Firefox a sender %s is none', (_, part) => {
  expect(externalCallerOf({ ...mozBackground, ...part }, inFirefox)).toBeUndefined();
});
