import { signal, type Signal } from '@preact/signals';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Send } from '#wire/send.ts';
import type { Overview } from '#wire/views.ts';

/** The worker's overview, kept up to date. */
export interface OverviewStore {
  /** Undefined until the first response. Kept when a later request fails. */
  readonly overview: Signal<Overview | undefined>;
  /** Why the last request failed. */
  readonly loadFault: Signal<Fault | undefined>;
  /** Requests the overview again; never rejects. Calls during a request cause one more request after it. */
  readonly reload: () => Promise<void>;
}

export function createOverviewStore(send: Send): OverviewStore {
  const overview = signal<Overview | undefined>(undefined);
  const loadFault = signal<Fault | undefined>(undefined);
  let loading: Promise<void> | undefined;
  let lastRequested = 0;

  async function load(): Promise<void> {
    let current: number;
    do {
      current = lastRequested;
      try {
        overview.value = await send('overview.get', {});
        loadFault.value = undefined;
      } catch (thrown) {
        loadFault.value = toFault(thrown);
      }
    } while (current !== lastRequested);
    loading = undefined;
  }

  function reload(): Promise<void> {
    lastRequested += 1;
    loading ??= load();
    return loading;
  }

  return { overview, loadFault, reload };
}
