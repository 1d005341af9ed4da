// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor, within } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { SessionId } from '#core/session/session.ts';
import type { PopupView, SessionRow } from '#wire/list-views.ts';
import { drawPopup, showPopup } from '../../test/support/pages/popup-page.tsx';
import { aPopupView, aSessionRow } from '../../test/support/samples/popup-views.ts';
import { FakeWorker } from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker().answer('site.find', () => ({ total: 0, matching: 0, rows: [] }));
});

const ada = () => screen.findByRole('button', { name: /^Ada/u });
const press = async (name: string | RegExp) =>
  fireEvent.click(await screen.findByRole('button', { name }));
const isOpen = (row: HTMLElement) => row.getAttribute('aria-expanded');
const others = (count: number): SessionRow[] =>
  Array.from({ length: count }, (_, at) =>
    aSessionRow({ id: `s${String(at)}` as SessionId, account: { name: `Person ${String(at)}` } }),
  );

describe('a row that was opened', () => {
  it('stays open, with the question and the focus, when the reply moves its session to another list', async () => {
    let reply: ((view: PopupView) => void) | undefined;
    worker.answer('popup.view', () => new Promise((resolve) => (reply = resolve)));
    const { opening } = drawPopup(worker, { readSnapshot: () => Promise.resolve(aPopupView()) });
    await press(/^Ada/u);
    await press('Sign out');
    (await ada()).focus();
    const rows = [aSessionRow({ problem: 'sign-in' })];
    reply?.(aPopupView({ recent: others(1), needsPerson: { count: 1, rows } }));
    await opening;
    const moved = within(await screen.findByRole('region', { name: 'Needs you (1)' }));
    const row = await moved.findByRole('button', { name: /^Ada/u });
    expect([isOpen(row), document.activeElement]).toEqual(['true', row]);
    expect(moved.getByRole('group', { name: /^Sign out Ada/u })).toBeDefined();
    await press('Cancel');
    await press(/^Ada/u);
    expect(isOpen(await ada())).toBe('false');
  });

  it('stays open when only the list of all has its session still, and takes no focus in a search', async () => {
    const rows = [...others(5), aSessionRow()];
    worker.answer('session.find', () => ({ total: 6, matching: 6, rows }));
    const counts = { sessionCount: 6, siteCount: 6 };
    const { store } = await showPopup(worker, aPopupView({ recent: [aSessionRow()], ...counts }));
    await press('6 sessions · 6 sites');
    await screen.findByText('Person 4');
    const shown = () => screen.getAllByRole('button', { name: /^Ada/u });
    fireEvent.click(shown()[0]!);
    await waitFor(() => expect(shown().map(isOpen)).toEqual(['true', 'false']));
    await press('Sign out');
    worker.answer('popup.view', () => aPopupView({ recent: others(5), ...counts }));
    await store.reload();
    await waitFor(() => expect(shown().map(isOpen)).toEqual(['true']));
    const field = screen.getByRole('searchbox');
    field.focus();
    fireEvent.input(field, { target: { value: 'ada' } });
    await screen.findByRole('heading', { name: '6 sessions found' });
    expect(screen.getByRole('group', { name: /^Sign out Ada/u })).toBeDefined();
    expect(document.activeElement).toBe(field);
  });
});
