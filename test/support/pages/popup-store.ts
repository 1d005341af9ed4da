import type { Origin } from '../../../extension/core/values/origin.ts';
import { createStore, type PopupPorts, type PopupStore } from '../../../popup/store.ts';
import { dashboard, type FakeWorker } from '../samples/ui-views.ts';

/** What the fake browser is asked for when an origin is connected. */
export function hostPatternOf(origin: Origin): string {
  return `${origin}/*`;
}

/** A popup's store, and the routes of the options that it opened. */
export interface ShownPopup {
  readonly store: PopupStore;
  readonly opened: (string | undefined)[];
}

/** A popup store over a fake worker, opened over the dashboard page. */
export function popupStore(worker: FakeWorker, part: Partial<PopupPorts> = {}): ShownPopup {
  const opened: (string | undefined)[] = [];
  const store = createStore({
    send: worker.send,
    activePage: () => Promise.resolve({ origin: dashboard, host: 'dashboard.example' }),
    lists: {
      read: () => Promise.resolve(undefined),
      keep: () => Promise.resolve(),
      nowMs: () => 0,
    },
    readSnapshot: () => Promise.resolve(undefined),
    hostPattern: hostPatternOf,
    drafts: {
      read: () => Promise.resolve(undefined),
      keep: () => Promise.resolve(),
      nowMs: () => 0,
    },
    requestHostPatterns: () => Promise.resolve(true),
    copyText: () => Promise.resolve(),
    openOptions: (route) => {
      opened.push(route);
      return Promise.resolve();
    },
    ...part,
  });
  return { store, opened };
}
