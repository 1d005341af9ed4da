// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { signal } from '@preact/signals';
import { cleanup, fireEvent, render, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { AskView } from '#wire/views.ts';
import { anAsk, FakeWorker, sessionId } from '../../test/support/samples/ui-views.ts';
import { createQuestionStore } from './question-store.ts';
import { Question } from './question.tsx';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));
afterEach(cleanup);

let worker: FakeWorker;
const closeWindow = vi.fn();
beforeEach(() => {
  worker = new FakeWorker();
  closeWindow.mockReset();
});

async function show(ask: AskView | undefined) {
  worker.answer('ask.list', () => (ask === undefined ? [] : [ask]));
  const isClickAccepted = signal(true);
  const store = createQuestionStore({
    send: worker.send,
    id: anAsk().id,
    isClickAccepted,
    closeWindow,
  });
  render(<Question store={store} />);
  await store.load();
  await screen.findAllByRole('button');
  return { isClickAccepted, store };
}
const button = (name: string) => screen.getByRole<HTMLButtonElement>('button', { name });
const site = (name: string) => ({ cloudId: `cloud-${name}`, product: 'jira', sessionId });

describe('a question about access', () => {
  it('shows the origin and the requested access, and focuses Deny', async () => {
    await show(anAsk());
    expect(screen.getByText('https://dashboard.example')).toBeDefined();
    expect(screen.getByRole<HTMLInputElement>('radio', { name: 'Read and write' }).checked).toBe(
      true,
    );
    await waitFor(() => expect(document.activeElement).toBe(button('Deny')));
  });

  it('allows the chosen sites', async () => {
    await show(anAsk());
    fireEvent.click(screen.getByRole('checkbox', { name: /Beta/u }));
    fireEvent.click(screen.getByRole('radio', { name: 'Read' }));
    await waitFor(() => expect(screen.getAllByRole('checkbox', { checked: true })).toHaveLength(2));
    fireEvent.click(button('Allow'));
    await waitFor(() => expect(closeWindow).toHaveBeenCalledOnce());
    expect(worker.bodies('ask.decide')).toEqual([
      {
        id: anAsk().id,
        decision: { allow: true, access: 'read', sites: [site('acme'), site('beta')] },
      },
    ]);
  });

  it('does not allow while clicks are refused, not even past the disabled button', async () => {
    const { isClickAccepted, store } = await show(anAsk());
    isClickAccepted.value = false;
    await waitFor(() => expect(button('Allow').disabled).toBe(true));
    await store.allow();
    expect(worker.bodies('ask.decide')).toEqual([]);
  });

  it('denies', async () => {
    await show(anAsk());
    fireEvent.click(button('Deny'));
    await waitFor(() => expect(closeWindow).toHaveBeenCalledOnce());
    expect(worker.bodies('ask.decide')).toMatchObject([{ decision: { allow: false } }]);
  });
});

it('a question for one site starts without a choice, and accepts one site', async () => {
  await show(anAsk({ kind: 'site', access: 'read' }));
  expect(button('Allow').disabled).toBe(true);
  fireEvent.click(screen.getByRole('radio', { name: /Acme/u }));
  fireEvent.click(screen.getByRole('radio', { name: /Beta/u }));
  await waitFor(() => expect(button('Allow').disabled).toBe(false));
  fireEvent.click(button('Allow'));
  await waitFor(() =>
    expect(worker.bodies('ask.decide')).toMatchObject([{ decision: { sites: [site('beta')] } }]),
  );
});

it('reports a closed question when it is loaded and when it is answered', async () => {
  await show(undefined);
  expect(screen.getByText('This question is no longer open')).toBeDefined();
  cleanup();
  worker.refuse('ask.decide', 'not_found');
  await show(anAsk());
  fireEvent.click(button('Allow'));
  expect(await screen.findByText('This question is no longer open')).toBeDefined();
  expect(closeWindow).not.toHaveBeenCalled();
});

it('keeps the choices when the answer cannot be sent', async () => {
  const { store } = await show(anAsk());
  worker.refuse('ask.decide', 'unavailable');
  fireEvent.click(button('Allow'));
  expect(await screen.findByRole('alert')).toBeDefined();
  expect(store.selection.value).toHaveLength(1);
  expect(closeWindow).not.toHaveBeenCalled();
});
