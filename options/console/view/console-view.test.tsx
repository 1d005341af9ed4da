// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { act, cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { ConsoleExplanation } from '#wire/console.ts';
import {
  allowed,
  chooseSite,
  combobox,
  consoleWorker,
  pressIn,
  proposals,
  readyConsole,
  showConsole,
  site,
  siteRows,
  typeInto,
} from '../../../test/support/pages/console-page.tsx';
import { press, valueOf } from '../../../test/support/pages/options-page.tsx';
import { aClient, type FakeWorker } from '../../../test/support/samples/ui-views.ts';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = consoleWorker();
});

describe('the site', () => {
  it('is found by words and chosen with the keyboard', async () => {
    await showConsole(worker);
    fireEvent.click(combobox('Site and session'));
    await waitFor(() => expect(proposals()).toHaveLength(2));
    typeInto('Site and session', 'acme ada');
    await waitFor(() =>
      expect(worker.bodies('site.find')).toContainEqual({
        filter: 'acme ada',
        offset: 0,
        limit: 60,
      }),
    );
    const active = (): string | null =>
      combobox('Site and session').getAttribute('aria-activedescendant');
    expect(active()).toBe('console-site-0');
    pressIn('Site and session', 'ArrowUp');
    expect(active()).toBe('console-site-1');
    pressIn('Site and session', 'ArrowDown');
    pressIn('Site and session', 'Enter');
    expect(valueOf('Site and session')).toBe('Acme Jira as Ada Lovelace');
    expect(combobox('Site and session').getAttribute('aria-expanded')).toBe('false');
  });

  it('stays as it was when the list is closed with Escape', async () => {
    await showConsole(worker);
    await chooseSite();
    typeInto('Site and session', 'nothing');
    pressIn('Site and session', 'Escape');
    expect(valueOf('Site and session')).toBe('Acme Jira as Ada Lovelace');
  });

  it('that was chosen last is shown, also when what is known of the former one arrives later', async () => {
    const { promise, resolve } = Promise.withResolvers<undefined>();
    const [acme, beta] = siteRows;
    const kept = new Map([['console', JSON.stringify({ site })]]);
    const { store } = await showConsole(worker, aClient(), kept);
    worker.answer('site.find', async ({ only }: { readonly only?: unknown }) => {
      if (only === undefined) return { total: 2, matching: 2, rows: siteRows };
      await promise;
      return { total: 2, matching: 1, rows: [acme] };
    });
    const opened = store.console.open();
    typeInto('Site and session', 'be');
    await waitFor(() => expect(proposals()).toHaveLength(2));
    pressIn('Site and session', 'ArrowDown');
    pressIn('Site and session', 'Enter');
    const shown = `${String(beta?.name)} Jira as Ada Lovelace`;
    expect(valueOf('Site and session')).toBe(shown);
    await act(async () => {
      resolve(undefined);
      await opened;
    });
    expect(valueOf('Site and session')).toBe(shown);
  });

  it('says how many more there are, and when there is none', async () => {
    await showConsole(worker);
    worker.answer('site.find', () => ({ total: 5000, matching: 4000, rows: siteRows }));
    fireEvent.click(combobox('Site and session'));
    expect(
      await screen.findByText('2 of 4,000 are shown. Type to narrow them down.'),
    ).toBeDefined();
    worker.answer('site.find', () => ({ total: 0, matching: 0, rows: [] }));
    typeInto('Site and session', 'x');
    expect(await screen.findByText(/There is no site yet/u)).toBeDefined();
  });
});

describe('the path', () => {
  it('is completed; what has to be replaced is selected, and a method that it lacks is changed', async () => {
    await readyConsole(worker, '/rest/api/3/issue/ROC-1/att');
    await waitFor(() => expect(proposals()).toEqual(['/rest/api/3/issue/ROC-1/attachmentsPOST']));
    pressIn('Path', 'ArrowDown');
    pressIn('Path', 'Enter');
    expect([valueOf('Path'), valueOf('Method')]).toEqual([
      '/rest/api/3/issue/ROC-1/attachments',
      'POST',
    ]);
    typeInto('Path', '/rest/api/3/issue/');
    pressIn('Path', 'ArrowDown');
    pressIn('Path', 'Enter');
    const input = screen.getByLabelText<HTMLInputElement>('Path');
    expect(input.value.slice(input.selectionStart ?? 0, input.selectionEnd ?? 0)).toBe('{issue}');
    await press('Send');
    expect(await screen.findByText('A part of the path still has to be replaced.')).toBeDefined();
    expect(document.activeElement).toBe(input);
    expect(worker.bodies('console.send')).toEqual([]);
  });
});

describe('the scopes', () => {
  const lacking = {
    ok: false,
    status: 401,
    rule: 'scopes',
    missingScopes: ['manage:jira-configuration'],
    message: '',
  } as const;

  it('that are needed are shown, the classic ones first', async () => {
    await readyConsole(worker);
    expect((await screen.findByText(/Needs the scopes/u)).textContent).toBe(
      'Needs the scopes read:jira-user or read:user:jira + read:group:jira',
    );
  });

  it('that are missing are named, with the client to add them to', async () => {
    worker.answer('console.explain', () => ({ ...allowed, permitted: lacking }));
    await readyConsole(worker);
    await screen.findByRole('button', { name: 'Add and sign in again' });
    const link = screen.getByRole('link', { name: 'Scopes of the client Acme app' });
    expect(link.getAttribute('href')).toBe(`#/clients/${aClient().id}`);
  });

  it('that are missing are added to the client of the session, whatever the names are', async () => {
    worker.answer('console.explain', () => ({ ...allowed, permitted: lacking }));
    const id = '99999999-9999-4999-8999-999999999999' as ClientId;
    await readyConsole(worker, '/rest/api/3/myself', aClient(), new Map(), [aClient({ id })]);
    const link = await screen.findByRole('link', { name: 'Scopes of the client Acme app' });
    expect(link.getAttribute('href')).toBe(`#/clients/${aClient().id}`);
  });

  it.each<[string, ConsoleExplanation, RegExp]>([
    ['no scope', { ...allowed, scopes: [[]] }, /needs no scope/u],
    [
      'an operation that is closed',
      {
        ...allowed,
        scopes: [],
        permitted: {
          ok: false,
          status: 401,
          rule: 'closed-to-3lo',
          missingScopes: [],
          message: '',
        },
      },
      /does not let OAuth 2.0/u,
    ],
    [
      'a call that would be refused',
      { permitted: { ok: false, code: 'not_allowed', message: '', rule: 'credentials' } },
      /would be refused. Paths that make or exchange credentials/u,
    ],
  ])('%s', async (_, explanation, text) => {
    worker.answer('console.explain', () => explanation);
    await readyConsole(worker);
    expect(await screen.findByText(text)).toBeDefined();
  });
});
