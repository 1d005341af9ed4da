/** @jsxImportSource preact */
import { fireEvent, screen, waitFor } from '@testing-library/preact';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import type { ConsoleExplanation, ConsoleResponse } from '../../../extension/wire/console.ts';
import type { SiteRow } from '../../../extension/wire/list-views.ts';
import type { ClientView } from '../../../extension/wire/views.ts';
import { aSiteRow } from '../samples/site-rows.ts';
import { aClient, anOverview, aSite, FakeWorker, sessionId } from '../samples/ui-views.ts';
import { showOptions } from './options-page.tsx';
import type { OptionsWorld } from './options-store.ts';

const operations = readFileSync(
  join(import.meta.dirname, '../../../extension/public/operations.txt'),
  'utf8',
);

/** The sites that the console can call. */
export const siteRows: readonly SiteRow[] = [aSiteRow('Acme'), aSiteRow('Beta')];
const { cloudId, product } = aSite('Acme');
/** The first of {@link siteRows}, as it is sent. */
export const site = { cloudId, product, sessionId };

/** What is said of a call that is permitted. */
export const allowed: ConsoleExplanation = {
  permitted: { ok: true, site: 'x', account: sessionId },
  url: 'https://api.atlassian.com/ex/jira/1/rest/api/3/myself',
  isReading: true,
  scopes: [['read:jira-user'], ['read:user:jira', 'read:group:jira']],
};

/** A response as the console gets it. */
export function aConsoleResponse(part: Partial<ConsoleResponse> = {}): ConsoleResponse {
  return {
    status: 200,
    statusText: 'OK',
    headers: [['content-type', 'application/json']],
    url: 'https://acme.atlassian.net/rest/api/3/myself',
    tookMs: 46,
    text: '{"a":1}',
    bodyBytes: 7,
    isTruncated: false,
    ...part,
  };
}

/** A worker with two sites, that permits and answers each call. */
export function consoleWorker(): FakeWorker {
  return new FakeWorker()
    .answer('site.find', ({ only }: { readonly only?: unknown }) => ({
      total: siteRows.length,
      matching: siteRows.length,
      rows: only === undefined ? siteRows : siteRows.slice(0, 1),
    }))
    .answer('console.explain', () => allowed)
    .answer('console.send', () => aConsoleResponse());
}

/** Draws the console. @param kept - the `sessionStorage` of the page. @param earlier - clients that are listed before */
export function showConsole(
  worker: FakeWorker,
  client: ClientView = aClient(),
  kept = new Map<string, string>(),
  earlier: readonly ClientView[] = [],
): Promise<OptionsWorld> {
  return showOptions(worker, anOverview({ clients: [...earlier, client] }), '#/console', {
    tabTexts: { read: (name) => kept.get(name), write: (name, text) => void kept.set(name, text) },
    readOperations: () => Promise.resolve(operations),
  });
}

/** A field with proposals, whose list has the same label. */
export function combobox(name: string): HTMLElement {
  return screen.getByRole('combobox', { name });
}

/** Puts a text into such a field. */
export function typeInto(name: string, value: string): void {
  fireEvent.input(combobox(name), { target: { value } });
}

/** Presses a key in such a field. */
export function pressIn(name: string, key: string, init: KeyboardEventInit = {}): void {
  fireEvent.keyDown(combobox(name), { key, ...init });
}

/** The proposals that are shown. */
export function proposals(): (string | null)[] {
  return [...document.querySelectorAll('li[role=option]')].map(({ textContent }) => textContent);
}

/** Chooses the first site. */
export async function chooseSite(): Promise<void> {
  typeInto('Site and session', 'ac');
  await waitFor(() => expect(proposals()).toHaveLength(2));
  pressIn('Site and session', 'Enter');
}

/** Draws the console, ready to send; the worker has explained the call. */
export async function readyConsole(
  worker: FakeWorker,
  path = '/rest/api/3/myself',
  ...more: [client?: ClientView, kept?: Map<string, string>, earlier?: readonly ClientView[]]
): Promise<OptionsWorld> {
  const world = await showConsole(worker, ...more);
  await chooseSite();
  typeInto('Path', path);
  await waitFor(() =>
    expect(worker.bodies('console.explain')).toContainEqual({ site, method: 'GET', path }),
  );
  return world;
}
