/** @jsxImportSource preact */
import { render, screen } from '@testing-library/preact';
import { onTestFinished } from 'vitest';
import { keepFocus } from '../../../extension/ui/keep-focus.ts';
import type { PopupView } from '../../../extension/wire/list-views.ts';
import { Popup } from '../../../popup/popup.tsx';
import type { PopupPorts } from '../../../popup/store.ts';
import type { FakeWorker } from '../samples/ui-views.ts';
import { popupStore, type ShownPopup } from './popup-store.ts';

/**
 * Draws the popup, which opens over the dashboard page; the focus is kept in it until the test ends, as `popup/main.tsx` does.
 */
export function drawPopup(
  worker: FakeWorker,
  ports: Partial<PopupPorts> = {},
): ShownPopup & { readonly opening: Promise<void> } {
  onTestFinished(keepFocus(document));
  const shown = popupStore(worker, ports);
  render(<Popup store={shown.store} />);
  return { ...shown, opening: shown.store.open() };
}

/** Draws the popup with what the worker replies. */
export async function showPopup(
  worker: FakeWorker,
  view: PopupView,
  ports: Partial<PopupPorts> = {},
): Promise<ShownPopup> {
  worker.answer('popup.view', () => view);
  const { opening, ...shown } = drawPopup(worker, ports);
  await opening;
  await screen.findByRole('heading', { level: 2, name: /^https:|^(?:Connect t|T)his page$/u });
  return shown;
}
