// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { showPopup } from '../../test/support/pages/popup-page.tsx';
import {
  aConnectedSite,
  aConnection,
  aPopupView,
  aSignInClient,
  withoutSession,
} from '../../test/support/samples/popup-views.ts';
import { clientId, FakeWorker } from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker().answer('flow.start', () => ({}));
});

const block = () => screen.getByRole('region', { name: /^https:/u });
const awaited = [
  { clientId, name: 'Ada', siteCount: 2 },
  { clientId, siteCount: 1 },
];

it('an imported connection without a sign-in is suspended, says whose it waits for, and signs in', async () => {
  const page = aConnection({ sites: [], siteCount: 3, awaited });
  await showPopup(worker, withoutSession({ page, clients: [aSignInClient('Acme app')] }));
  expect(block().textContent).toMatch(/^Suspended/u);
  expect(block().textContent).not.toMatch(/more site/u);
  const rows = within(block()).getAllByRole('listitem');
  expect(rows.map(({ textContent }) => textContent)).toEqual([
    'This connection was imported. It waits until Ada signs in with “Acme app”.2 sitesSign in',
    'This connection was imported. It waits for a sign-in with “Acme app”.1 siteSign in',
  ]);
  const button = within(rows[0]!).getByRole('button', { name: 'Sign in' });
  const text = document.getElementById(button.getAttribute('aria-describedby')!);
  expect(text?.textContent).toContain('waits until Ada signs in');
  fireEvent.click(button);
  await waitFor(() => expect(worker.bodies('flow.start')).toMatchObject([{ clientId }]));
});

it('one that waits for one of several accounts works for the others, and needs its person', async () => {
  const sites = [aConnectedSite('Acme')];
  const page = aConnection({ sites, siteCount: 3, awaited: awaited.slice(0, 1) });
  await showPopup(worker, aPopupView({ page }));
  expect(block().textContent).toMatch(/^Needs you/u);
  expect(block().textContent).toMatch(/Acme Jira.*Works.*waits until Ada/u);
  expect(block().textContent).not.toMatch(/more site/u);
});
