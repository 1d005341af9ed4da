import type { Signal } from '@preact/signals';
import type { Send } from '#wire/send.ts';
import type { Overview } from '#wire/views.ts';
import { createViewStore, type ViewStore } from './view-store.ts';

/** The worker's overview, kept up to date. */
export interface OverviewStore extends Pick<ViewStore<Overview>, 'loadFault' | 'reload'> {
  /** See `ViewStore.view`. */
  readonly overview: Signal<Overview | undefined>;
}

export function createOverviewStore(send: Send): OverviewStore {
  const { view, ...rest } = createViewStore(() => send('overview.get', {}));
  return { overview: view, ...rest };
}
