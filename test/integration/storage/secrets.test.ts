import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createSend } from '../../../extension/wire/send.ts';
import {
  aDraft,
  connect,
  dashboard,
  pageSender,
  runFlow,
  signedIn,
  uiSender,
  type Harness,
} from '../../support/harness.ts';
import { fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { flattened, leaks, type Canary } from '../../support/samples/leak-search.ts';
import { harness, replaceHarness, revive, standin, useBackground } from '../use-session.ts';

const clientSecret = `canary-client-secret-${crypto.randomUUID()}-${crypto.randomUUID()}`;
const importedSecret = `canary-imported-secret-${crypto.randomUUID()}-${crypto.randomUUID()}`;
const logged: unknown[] = [];
useBackground();
let replies: unknown[];
let stored: string[];

/** A harness that keeps every reply, and what lay in `storage.local` at every step. */
function recording(of: Harness): Harness {
  const keep = async (reply: Promise<unknown>): Promise<unknown> => {
    const value = await reply;
    replies.push(value);
    stored.push(of.world.local.dump());
    return value;
  };
  return {
    ...of,
    ui: createSend((message) => keep(of.raw(message, uiSender))),
    page: (origin = dashboard) =>
      createSend((message) => keep(of.raw(message, pageSender(origin)))),
    revive: async () => recording(await of.revive()),
  };
}

beforeEach(() => {
  for (const method of ['log', 'info', 'warn', 'error', 'debug'] as const) {
    vi.spyOn(console, method).mockImplementation((...parts) => void logged.push(parts));
  }
  replies = [];
  stored = [];
  logged.length = 0;
  replaceHarness(recording(harness));
});
afterEach(() => {
  vi.restoreAllMocks();
});

/** All that was secret in the run: what the stand-in issued, and what the worker sent it. */
function canaries(): Canary[] {
  const verifiers = tokenRequests(standin, 'authorization_code').map(
    ({ bodyText }) => (JSON.parse(bodyText) as { code_verifier: string }).code_verifier,
  );
  return [
    ...standin.issued.map(({ kind, canary }, at) => ({
      name: `${kind} ${String(at)}`,
      value: canary,
    })),
    ...verifiers.map((value, at) => ({ name: `verifier ${String(at)}`, value })),
    { name: 'client secret', value: clientSecret },
    { name: 'imported secret', value: importedSecret },
  ];
}

async function fullRun(): Promise<void> {
  const { client, session } = await signedIn(harness, standin, aDraft({ clientSecret }));
  await connect(harness, session, { sites: sitesAt(session, 'acme'), access: 'write' });
  const page = harness.page();
  standin.faults.add({ kind: 'echo-authorization', match: { path: /myself/ }, times: 2 });
  await fetchAll(page);
  standin.clock.advance(3_600_000);
  standin.faults.add({ kind: 'truncate', match: { grantType: 'refresh_token' } });
  await fetchAll(page).catch((thrown: unknown) => replies.push(thrown));
  standin.faults.add({
    kind: 'content-type',
    value: 'text/html',
    match: { grantType: 'refresh_token' },
  });
  await fetchAll(page);
  await page('page.sites', {});
  await harness.ui('session.refresh-sites', { id: session.id });
  await harness.ui('client.update', {
    id: client.id,
    client: aDraft({ clientSecret: '', description: 'x' }),
  });
  const imported = aDraft({ name: 'Imported', clientSecret: importedSecret });
  await harness.ui('client.import', { clients: [imported] });
  standin.revokeGrant('ada', 'team-client');
  await fetchAll(page).catch((thrown: unknown) => replies.push(thrown));
  await runFlow(harness, client);
  await revive();
  await fetchAll(harness.page());
  await harness.ui('overview.get', {});
}

test('no secret is in storage.local, in a reply to anybody, or in the log, over a full run', async () => {
  await fullRun();
  expect(canaries().length).toBeGreaterThan(10);
  expect(replies.length).toBeGreaterThan(15);
  expect(leaks(stored, canaries())).toEqual([]);
  expect(leaks(replies, canaries())).toEqual([]);
  expect(leaks(logged, canaries())).toEqual([]);
});

test('storage.session holds access tokens, and no other secret outside of a sign-in', async () => {
  await fullRun();
  const kept = leaks(harness.world.session.dump(), canaries());
  expect(kept.length).toBeGreaterThan(0);
  expect(kept.filter((name) => !name.startsWith('access'))).toEqual([]);
});

test('the search finds what is there: the tokens are in storage.session and in the requests', async () => {
  await fullRun();
  const sent = leaks(
    [...standin.log.map(({ headers, bodyText }) => [headers, bodyText])],
    canaries(),
  );
  for (const kind of ['access', 'refresh', 'code', 'verifier', 'client secret']) {
    expect(
      sent.some((name) => name.startsWith(kind)),
      kind,
    ).toBe(true);
  }
});

describe('the search can fail', () => {
  const value = 'canary-0123456789abcdef0123456789abcdef-tail';
  const found = (hidden: unknown): boolean => leaks(hidden, [{ name: 'it', value }]).length > 0;
  test.each<[string, unknown]>([
    ['plain', { a: [{ b: `x${value}y` }] }],
    ['in an ArrayBuffer', { chunk: Uint8Array.from(Buffer.from(value)).buffer }],
    ['in a view', new Uint8Array(Buffer.from(value))],
    ["in an error's cause", new Error('x', { cause: { body: { token: value } } })],
    ['in a member that is not enumerable', Object.defineProperty({}, 'hidden', { value })],
    ['as UTF-16', Buffer.from(value, 'utf16le')],
    ['in hex', Buffer.from(value).toString('hex')],
    ['in base64', Buffer.from(value).toString('base64')],
    ['in base64, one byte on', Buffer.from(`a${value}`).toString('base64url')],
    ['in base64, two bytes on', Buffer.from(`ab${value}cd`).toString('base64')],
  ])('%s', (_, hidden) => {
    expect(found(hidden)).toBe(true);
  });
  test('and finds nothing where nothing is', () => {
    expect(found({ a: 'canary-of-another-kind', b: new ArrayBuffer(3) })).toBe(false);
    expect(flattened({ a: 'x' }).length).toBeGreaterThan(0);
  });
});
