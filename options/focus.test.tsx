// @vitest-environment happy-dom
/** @jsxImportSource preact */
import { cleanup, fireEvent, screen, waitFor } from '@testing-library/preact';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { ClientId } from '#core/client/client-configuration.ts';
import { fault } from '#core/values/fault.ts';
import { keepFocus } from '#ui/keep-focus.ts';
import type { CommandName } from '#wire/commands.ts';
import type { Overview } from '#wire/views.ts';
import { savingWorker, showOptions } from '../test/support/pages/options-page.tsx';
import { aClient, anOverview } from '../test/support/samples/ui-views.ts';

vi.mock('../extension/browser/i18n.ts', () => import('../test/support/english.ts'));

let end: () => void;
beforeEach(() => {
  end = keepFocus(document);
});
afterEach(() => {
  end();
  cleanup();
});

/** As a person does by keyboard: the button has the focus when it is pressed. */
async function press(name: string, at = 0): Promise<void> {
  const button = (await screen.findAllByRole('button', { name }))[at];
  button?.focus();
  expect(document.activeElement).toBe(button);
  fireEvent.click(button!);
}

/** A worker that reports another overview after a command. */
function workerAfter(command: CommandName, after: Overview) {
  const worker = savingWorker();
  return worker.answer(command, () => {
    worker.answer('overview.get', () => after);
    return aClient();
  });
}

const focused = (role: string, name: string | RegExp) =>
  waitFor(() => expect(document.activeElement).toBe(screen.getByRole(role, { name })));

it('after a notice is dismissed the heading of the view has the focus', async () => {
  const overview = anOverview({ storageFaults: [fault('storage_restored')] });
  await showOptions(workerAfter('storage.forget-damaged', anOverview()), overview);
  await press('Dismiss');
  await focused('heading', 'Clients');
});

it('after a client is saved the heading of the view that follows has the focus', async () => {
  await showOptions(savingWorker(), anOverview(), `#/clients/${aClient().id}`);
  await press('Save');
  await focused('heading', 'Clients');
});

it('after a client is deleted the next client has the focus, and after Cancel the client itself', async () => {
  const second = aClient({
    id: '99999999-1111-4111-8111-111111111111' as ClientId,
    name: 'Second',
  });
  const worker = workerAfter('client.delete', anOverview({ clients: [second] }));
  worker.answer('client.impact', () => ({ sessions: [], origins: [] }));
  await showOptions(worker, anOverview({ clients: [aClient(), second] }));
  await press('Delete');
  await focused('heading', /^Delete/u);
  await press('Cancel');
  await focused('heading', 'Acme app');
  await press('Delete');
  await focused('heading', /^Delete/u);
  await press('Delete');
  await waitFor(() => expect(screen.queryByText('Acme app')).toBeNull());
  expect(document.activeElement?.closest('li')?.textContent).toContain('Second');
});
