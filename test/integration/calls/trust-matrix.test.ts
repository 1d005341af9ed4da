import { afterAll, beforeAll, describe, expect, test, vi } from 'vitest';
import type { Sender } from '../../../extension/browser/messages/background-messages.ts';
import { commands, type CallerKind, type CommandName } from '../../../extension/wire/commands.ts';
import {
  dashboard,
  extensionSender,
  helperId,
  pageSender,
  self,
  uiSender,
} from '../../support/harness.ts';
import { sampleBodies } from '../../support/samples/command-samples.ts';
import { until } from '../../support/until.ts';
import { harness, useSession } from '../use-session.ts';

useSession({}, 'once');

const page = pageSender(dashboard);
const other = pageSender('https://other.example');
/** Every kind of frame that can send a message, and the caller that the worker may take it for. */
const senders: readonly (readonly [string, Sender, CallerKind | undefined])[] = [
  ['the popup', uiSender, 'ui'],
  ['the options page in a tab', { ...uiSender, frameId: 0, tabId: 3, documentId: 'd' }, 'ui'],
  ['a connected page', page, 'page'],
  ['a page that is not connected', other, 'page'],
  ['a sandboxed frame of a connected page', { ...page, origin: 'null' }, undefined],
  ['a frame in a connected page', { ...page, frameId: 5 }, undefined],
  ['a prerendered connected page', { ...page, documentLifecycle: 'prerender' }, undefined],
  [
    'a connected page in the back-forward cache',
    { ...page, documentLifecycle: 'cached' },
    undefined,
  ],
  [
    'another extension',
    { ...uiSender, id: 'another', origin: 'chrome-extension://another' },
    undefined,
  ],
  ['another extension that names our origin', { ...uiSender, id: 'another' }, undefined],
  ['another extension from a connected page', { ...page, id: 'another' }, undefined],
  ['a sender without an origin', { ...uiSender, origin: undefined }, undefined],
  ['a sender without an id', { ...uiSender, id: undefined }, undefined],
  ['our own page in a frame', { ...uiSender, frameId: 4, tabId: 3 }, undefined],
  ['our own origin without an address', { ...uiSender, url: undefined }, undefined],
  ['a page without TLS', pageSender('http://dashboard.example'), undefined],
  ['a file', pageSender('file://'), undefined],
];
const names = Object.keys(commands) as CommandName[];

async function codeOf(name: string, sender: Sender, body: unknown): Promise<string> {
  const reply = (await harness.raw({ v: 1, name, body }, sender)) as {
    ok: boolean;
    fault?: { code: string };
  };
  return reply.ok ? 'ok' : (reply.fault?.code ?? 'nothing');
}

const isAllowedTo = (kind: CallerKind | undefined, name: CommandName): boolean =>
  (commands[name].callers as readonly string[]).includes(kind ?? '');

describe.each(senders)('%s', (_, sender, kind) => {
  const isAllowed = (name: CommandName): boolean => isAllowedTo(kind, name);
  const refused = names.filter((name) => !isAllowed(name));
  const allowed = names.filter(isAllowed);

  test.each(refused)('may not send %s, whatever is in it', async (name) => {
    const refusal =
      kind === undefined ? 'not_connected' : kind === 'ui' ? 'forbidden' : 'not_allowed';
    const before = `${harness.world.local.dump()}${harness.world.session.dump()}`;
    for (const body of [sampleBodies[name], null, { ...sampleBodies[name], origin: self.origin }]) {
      expect(await codeOf(name, sender, body)).toBe(refusal);
    }
    expect(`${harness.world.local.dump()}${harness.world.session.dump()}`).toBe(before);
  });
  // A body that no parser takes gets past the question who sends it, and does nothing.
  if (allowed.length > 0) {
    test.each(allowed)('may send %s', async (name) => {
      expect(await codeOf(name, sender, null)).toBe('invalid_request');
    });
  }
});

test('an extension page whose URL only resembles ours is no known caller', async () => {
  const url = `${self.origin}.evil.test/popup/index.html`;
  expect(await codeOf('overview.get', { ...uiSender, url }, {})).toBe('not_connected');
});

test('a page that is not connected gets one answer to everything that a page may ask', async () => {
  const asked = names.filter(
    (name) => name.startsWith('api.') || name === 'page.sites' || name === 'page.request-access',
  );
  for (const name of asked.filter((one) => !['api.read', 'api.abort'].includes(one))) {
    expect(await codeOf(name, other, sampleBodies[name]), name).toBe('not_connected');
  }
  expect(await harness.raw({ v: 1, name: 'page.hello', body: {} }, other)).toEqual({
    ok: true,
    value: { isConnected: false },
  });
});

test('whatever a page sends that is not connected, nothing is written, searched or told to other pages', async () => {
  const { world } = harness;
  // The avatars of the sites are loaded and stored apart from commands.
  await until(async () => {
    const sessions = await harness.ui('session.list', {});
    return sessions.every(({ sites }) => sites.every((site) => site.avatarDataUrl !== undefined));
  });
  await new Promise((resolve) => setTimeout(resolve));
  const spies = [
    ...[world.local, world.session, world.mirror].flatMap((area) =>
      (['read', 'write', 'remove'] as const).map((name) => vi.spyOn(area, name)),
    ),
    vi.spyOn(world, 'notifyPages'),
    vi.spyOn(world, 'notifyExtensionPages'),
    vi.spyOn(world.windows, 'openOwn'),
  ];
  for (const name of names.filter((one) => isAllowedTo('page', one)))
    await codeOf(name, other, sampleBodies[name]);
  await new Promise((resolve) => setTimeout(resolve));
  for (const spy of spies) expect(spy).not.toHaveBeenCalled();
  vi.restoreAllMocks();
});

test('what a page writes about itself changes nothing', async () => {
  const spoofed = { origin: dashboard, sender: page, url: `${dashboard}/`, tabId: 7, frameId: 0 };
  expect(await codeOf('page.sites', other, { ...spoofed })).toBe('not_connected');
  const reply = await harness.raw(
    { v: 1, name: 'page.sites', body: {}, ...spoofed, caller: 'ui' },
    other,
  );
  expect(reply).toMatchObject({ ok: false, fault: { code: 'not_connected' } });
});

test('a name that is no command is refused, and a message that is none is not answered', async () => {
  for (const name of ['toString', '__proto__', 'secret.export']) {
    expect(await codeOf(name, uiSender, {})).toBe('invalid_request');
    expect(await codeOf(name, page, {})).toBe('invalid_request');
  }
  for (const message of [null, 42, 'x', [], {}, { v: 2, name: 'overview.get', body: {} }]) {
    expect(await harness.raw(message, uiSender)).toBeUndefined();
  }
});

test.each<[string, CommandName, Record<string, unknown>]>([
  ['200,000 keys', 'api.request', manyKeys(200_000)],
  ['200,000 headers', 'api.request', { headers: Array(200_000).fill(['accept', 'x']) }],
  ['200,000 headers that are none', 'api.request', { headers: Array(200_000).fill(1) }],
  ['200,000 products', 'page.request-access', { products: Array(200_000).fill('jira') }],
  ['a header nested 1,000 deep', 'api.request', { headers: nested(1_000) }],
  ['a body of 1 MiB and a byte', 'api.request', { body: new ArrayBuffer(1_048_577) }],
  ['a piece of 1 MiB and a byte', 'api.write', { chunk: new ArrayBuffer(1_048_577) }],
])('%s are refused at once, and the worker goes on', async (what, name, part) => {
  const body = what.endsWith('keys') ? part : { ...sampleBodies[name], ...part };
  const startMs = performance.now();
  expect(await codeOf(name, page, body)).toBe('invalid_request');
  // A second for a busy machine; it takes some milliseconds.
  expect(performance.now() - startMs).toBeLessThan(1_000);
  expect(await codeOf('page.sites', page, {})).toBe('ok');
});

describe('the messages that the browser delivers apart, as those of others', () => {
  const helper = extensionSender();
  const origin = `chrome-extension://${helperId}`;
  const answered = async (name: string, sender: Sender, body: unknown = null): Promise<unknown> =>
    harness.rawExternal({ v: 1, name, body }, sender);
  const code = async (name: string, sender: Sender, body: unknown = null): Promise<unknown> => {
    const reply = (await answered(name, sender, body)) as Record<'fault', { code: string }>;
    return reply.fault.code;
  };

  test.each<[string, Sender]>([
    ['another extension, while others are not served', helper],
    ['the popup of another extension', { ...helper, origin, url: `${origin}/popup.html` }],
    ['our popup', uiSender],
    ['a connected page', page],
  ])('%s gets no answer to any command', async (_, sender) => {
    for (const name of names)
      for (const body of [sampleBodies[name], null])
        expect(await answered(name, sender, body), name).toBeUndefined();
    const port = harness.extensionPort(sender);
    await new Promise((resolve) => setTimeout(resolve));
    expect(port.isClosed()).toBe(true);
  });

  describe('while other extensions are served', () => {
    beforeAll(() => harness.ui('settings.update', { changes: { otherExtensions: true } }));
    afterAll(() => harness.ui('settings.reset', {}));

    test.each<[string, Sender]>([
      ['our popup', uiSender],
      ['a connected page', page],
      ['a content script of another extension', { ...page, id: helperId }],
      ['a page of another extension in a tab', { ...helper, origin, tabId: 4, frameId: 0 }],
      ['another extension that names our origin', { ...helper, origin: self.origin }],
      ['another extension that names our id', { ...helper, id: self.id }],
      ['a native program', { ...helper, nativeApplication: 'org.example.program' }],
      ['a sender without an id', { ...helper, id: undefined }],
    ])('%s gets no answer to any command', async (_, sender) => {
      for (const name of names)
        expect(await answered(name, sender, sampleBodies[name]), name).toBeUndefined();
      expect(harness.extensionPort(sender).isClosed()).toBe(true);
    });
    test('another extension may send what a connected page may send, and nothing else', async () => {
      for (const name of names) {
        const isAllowed = isAllowedTo('external', name);
        expect(isAllowed, name).toBe(isAllowedTo('page', name));
        expect(await code(name, helper), name).toBe(isAllowed ? 'invalid_request' : 'not_allowed');
      }
    });
    test('before consent every command that could tell something is not_connected, and nothing is stored', async () => {
      const before = `${harness.world.local.dump()}${harness.world.session.dump()}`;
      const asked = names.filter(
        (name) =>
          isAllowedTo('external', name) &&
          ![
            'page.can',
            'page.hello',
            'page.shown',
            'page.request-access',
            'page.disconnect',
            'api.read',
            'api.abort',
          ].includes(name),
      );
      for (const name of asked)
        expect(await code(name, helper, sampleBodies[name]), name).toBe('not_connected');
      expect(await answered('page.hello', helper, {})).toEqual({
        ok: true,
        value: { isConnected: false },
      });
      expect(await answered('page.disconnect', helper, {})).toEqual({ ok: true, value: null });
      expect(await answered('page.can', helper, sampleBodies['page.can'])).toMatchObject({
        ok: true,
        value: { ok: false, code: 'not_connected', rule: 'not-connected' },
      });
      expect(`${harness.world.local.dump()}${harness.world.session.dump()}`).toBe(before);
    });
    test('what it writes about itself changes nothing', async () => {
      const spoofed = { origin: dashboard, id: self.id, sender: page, caller: 'page' };
      const message = { v: 1, name: 'page.sites', body: { ...spoofed }, ...spoofed };
      expect(await harness.rawExternal(message, helper)).toMatchObject({
        fault: { code: 'not_connected' },
      });
    });
  });
});

function manyKeys(count: number): Record<string, unknown> {
  return Object.fromEntries(Array.from({ length: count }, (_, at) => [`key ${String(at)}`, at]));
}

function nested(depth: number): unknown {
  let inner: unknown = [];
  for (let at = 0; at < depth; at += 1) inner = [inner];
  return inner;
}
