// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ConsoleResponse } from '#wire/console.ts';
import type { ClientView } from '#wire/views.ts';
import {
  allowed,
  aConsoleResponse,
  combobox,
  consoleWorker,
  pressIn,
  readyConsole,
  showConsole,
  site,
} from '../../../test/support/pages/console-page.tsx';
import { choose, press, type, valueOf } from '../../../test/support/pages/options-page.tsx';
import { aClient, type FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = consoleWorker();
});

describe('a call', () => {
  it('is sent with Ctrl+Enter, and its response shown with status, time, headers and body', async () => {
    const world = await readyConsole(worker);
    pressIn('Path', 'Enter', { ctrlKey: true });
    expect(await screen.findByText('200')).toBeDefined();
    expect(worker.bodies('console.send')).toEqual([
      { callId: expect.any(String) as string, site, method: 'GET', path: '/rest/api/3/myself' },
    ]);
    expect(screen.getByText('46 ms · 7 bytes')).toBeDefined();
    expect(screen.getByText('Headers (1)')).toBeDefined();
    expect(screen.getByRole('region', { name: 'Response body' }).textContent).toBe(
      '{\n  "a": 1\n}',
    );
    await press('Copy body');
    await press('Download');
    expect(world.copied).toEqual(['{"a":1}']);
    expect(world.downloads).toEqual([['response.json', '{"a":1}']]);
  });

  it('is not sent without a site; the field has the focus', async () => {
    await showConsole(worker);
    await press('Send');
    expect(document.activeElement).toBe(combobox('Site and session'));
    expect(await screen.findByText('Choose the site to call.')).toBeDefined();
  });

  it('has a body that has to be JSON, and can be formatted', async () => {
    await readyConsole(worker);
    choose('Method', 'POST');
    type('Body (JSON)', '{"a":1,}');
    expect(await screen.findByText('This is not JSON: see line 1, column 8.')).toBeDefined();
    await press('Send');
    expect(document.activeElement).toBe(screen.getByLabelText('Body (JSON)'));
    expect(worker.bodies('console.send')).toEqual([]);
    type('Body (JSON)', '{"a":1}');
    await press('Format');
    expect(valueOf('Body (JSON)')).toBe('{\n  "a": 1\n}');
    await press('Send');
    await screen.findByText('200');
    expect(worker.bodies('console.send')).toMatchObject([{ body: '{\n  "a": 1\n}' }]);
  });

  it.each([
    ['GET', 'The call was cancelled.'],
    ['POST', 'The call was cancelled. It may have taken effect: check that before you repeat it.'],
  ])('that is cancelled is aborted (%s)', async (method, text) => {
    const answer = Promise.withResolvers<ConsoleResponse>();
    worker.answer('console.send', () => answer.promise);
    await readyConsole(worker);
    choose('Method', method);
    await press('Send');
    await screen.findByText('The call is running…');
    await press('Cancel');
    expect(await screen.findByText(text)).toBeDefined();
    const [{ callId }] = worker.bodies('console.send') as [{ callId: string }];
    expect(worker.bodies('console.cancel')).toEqual([{ callId }]);
    answer.resolve(aConsoleResponse());
    await answer.promise;
    expect(screen.queryByText('200')).toBeNull();
  });

  it('that a rule refuses says which', async () => {
    worker.refuse('console.send', 'not_allowed', { subject: 'path' });
    await readyConsole(worker);
    await press('Send');
    expect(await screen.findByText(/nothing was sent. Paths that make/u)).toBeDefined();
  });

  it('that was lost with the worker is sent again when it reads, else its outcome is unknown', async () => {
    worker.refuse('console.send', 'unavailable');
    await readyConsole(worker);
    await press('Send');
    await waitFor(() => expect(worker.bodies('console.send')).toHaveLength(2));
    await screen.findByRole('heading', { name: 'Result' });
    choose('Method', 'POST');
    await press('Send');
    expect(await screen.findByText(/its result is not known/u)).toBeDefined();
    expect(worker.bodies('console.send')).toHaveLength(3);
  });

  it.each<[string, Partial<ConsoleResponse>, RegExp]>([
    ['is longer', { isTruncated: true }, /The body is longer. Its first 7 bytes/u],
    [
      'broke off',
      { isTruncated: true, bodyFault: { code: 'offline', message: '' } },
      /broke off. What has arrived/u,
    ],
    ['is empty', { text: '', bodyBytes: 0 }, /has no body/u],
  ])('whose body %s says so', async (_, part, text) => {
    worker.answer('console.send', () => aConsoleResponse(part));
    await readyConsole(worker);
    await press('Send');
    expect(await screen.findByText(text)).toBeDefined();
  });

  it('whose body is no text says so, and shows none', async () => {
    const { text: _text, ...binary } = aConsoleResponse({ bodyBytes: 1000 });
    worker.answer('console.send', () => binary);
    await readyConsole(worker);
    await press('Send');
    expect(await screen.findByText('The body is not text: 1,000 bytes.')).toBeDefined();
    expect(screen.queryByRole('region', { name: 'Response body' })).toBeNull();
  });
});

describe('a copy', () => {
  it('is for curl, with a placeholder for the token, or for a page', async () => {
    const world = await readyConsole(worker);
    await screen.findByText(/Needs the scopes/u);
    await press('Copy as curl');
    expect(await screen.findByText(/stands for an access token/u)).toBeDefined();
    await press('Copy as page call');
    expect(world.copied).toEqual([
      expect.stringContaining(
        `'${allowed.url ?? ''}' \\\n  --header "Authorization: Bearer $TOKEN"`,
      ),
      'const response = await threelo.fetch("https://acme.atlassian.net/rest/api/3/myself");',
    ]);
  });

  it('for curl says that OAuth 1.0a needs a signature', async () => {
    const world = await readyConsole(
      worker,
      undefined,
      aClient({ type: 'oauth1' as ClientView['type'] }),
    );
    await screen.findByText(/Needs the scopes/u);
    await press('Copy as curl');
    expect(world.copied[0]).toMatch(/^# OAuth 1.0a: each request needs a signature/u);
  });
});

it('what is typed survives a reload of the page, the response does not', async () => {
  const kept = new Map<string, string>();
  await readyConsole(worker, undefined, undefined, kept);
  choose('Method', 'POST');
  type('Body (JSON)', '{"a":1}');
  await press('Send');
  await screen.findByText('200');
  cleanup();
  await showConsole(worker, undefined, kept);
  await waitFor(() => expect(valueOf('Site and session')).toBe('Acme Jira as Ada Lovelace'));
  expect([valueOf('Method'), valueOf('Path'), valueOf('Body (JSON)')]).toEqual([
    'POST',
    '/rest/api/3/myself',
    '{"a":1}',
  ]);
  // Also when its session needs the person meanwhile, and is not proposed any more.
  expect(worker.bodies('site.find').at(-1)).toMatchObject({
    sessionId: site.sessionId,
    only: [site],
  });
  expect(screen.queryByText('200')).toBeNull();
  expect(JSON.parse(kept.get('console') ?? '')).toEqual({
    method: 'POST',
    path: '/rest/api/3/myself',
    body: '{"a":1}',
    site,
  });
});
