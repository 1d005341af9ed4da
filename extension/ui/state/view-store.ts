import { signal, type Signal } from '@preact/signals';
import { toFault, type Fault } from '#core/values/fault.ts';

/** What the worker reports, kept up to date. */
export interface ViewStore<View> {
  /** Undefined until the first response. Kept when a later request fails. */
  readonly view: Signal<View | undefined>;
  /** Why the last request failed. */
  readonly loadFault: Signal<Fault | undefined>;
  /** Requests the view again; never rejects. Calls during a request cause one more request after it. */
  readonly reload: () => Promise<void>;
}

export function createViewStore<View>(request: () => Promise<View>): ViewStore<View> {
  const view = signal<View | undefined>(undefined);
  const loadFault = signal<Fault | undefined>(undefined);
  let loading: Promise<void> | undefined;
  let lastRequested = 0;

  async function load(): Promise<void> {
    let current: number;
    do {
      current = lastRequested;
      try {
        view.value = await request();
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

  return { view, loadFault, reload };
}
