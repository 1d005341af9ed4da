// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, screen, waitFor } from '@testing-library/preact';
import { afterEach, expect, it, vi } from 'vitest';
import {
  beginClient,
  choose,
  press,
  savingWorker,
  type,
} from '../../../test/support/pages/options-page.tsx';

vi.mock('../../../extension/browser/i18n.ts', () => import('../../../test/support/english.ts'));
afterEach(cleanup);

const operations: Readonly<Record<string, string[][]>> = {
  '/rest/api/3/myself': [['read:jira-user'], ['read:user:jira', 'read:group:jira']],
  '/rest/api/3/issue': [['write:jira-work'], ['write:issue:jira', 'write:comment:jira']],
  '/rest/closed': [],
};

async function open(text: string) {
  const worker = savingWorker().answer(
    'operation.find',
    ({ calls }: { readonly calls: readonly { readonly pathname: string }[] }) =>
      calls.map(({ pathname }) => {
        const alternatives = operations[pathname];
        return alternatives === undefined ? null : { alternatives };
      }),
  );
  await beginClient(worker, 'atlassian-cloud');
  type('Operations, one a line', text);
  await press('Find the scopes');
  return worker;
}
const status = (): string =>
  screen
    .getAllByRole('status')
    .map(({ textContent }) => textContent)
    .join(' | ');
const shows = (text: string) =>
  waitFor(() => {
    expect(status()).toContain(text);
  });

it('finds the smallest set of scopes that the client lacks, and adds it', async () => {
  const worker = await open('GET /rest/api/3/myself\nPOST /rest/api/3/issue');
  await shows('1 more scope is needed: write:jira-work');
  const call = { product: 'jira', method: 'GET' };
  expect(worker.bodies('operation.find')).toEqual([
    {
      calls: [
        { ...call, pathname: '/rest/api/3/myself' },
        { ...call, method: 'POST', pathname: '/rest/api/3/issue' },
      ],
    },
  ]);
  await press('Add these');
  await shows('The chosen scopes suffice for these 2 operations.');
  expect(screen.getByLabelText<HTMLInputElement>('write:jira-work').checked).toBe(true);
  expect(screen.queryByRole('button', { name: 'Add these' })).toBeNull();
  expect(document.activeElement?.textContent).toContain('suffice');
});

it('names the lines that are no call, no published operation, or closed to apps', async () => {
  await open('nonsense\nGET /rest/nowhere\nGET /rest/closed');
  await shows('Not read as a call, such as “GET /rest/api/3/myself”:nonsense');
  expect(status()).toContain('Not among the operations that Atlassian publishes:GET /rest/nowhere');
  expect(status()).toContain('whatever its scopes:GET /rest/closed');
});

it('warns before so many scopes are added that the consent page may fail', async () => {
  await open('POST /rest/api/3/issue');
  await shows('1 more scope is needed');
  expect(status()).not.toContain('fewer than 50');
  type('Add scope', Array.from({ length: 42 }, (_, at) => `read:${String(at)}:jira`).join(' '));
  await press('Add');
  await shows('Atlassian recommends fewer than 50 scopes');
});

it('is not there for other providers', async () => {
  await open('POST /rest/api/3/issue');
  choose('Type', 'google');
  await waitFor(() => {
    expect(screen.queryByText('Scopes for operations')).toBeNull();
  });
});
