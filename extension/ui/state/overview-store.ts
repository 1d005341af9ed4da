import { signal, type Signal } from '@preact/signals';
import { toFault, type Fault } from '../../core/values/fault.ts';
import type { Send } from '../../wire/send.ts';
import type { Overview } from '../../wire/views.ts';

/** What the worker last told, kept up to date. */
export interface OverviewStore {
  /** Undefined until the worker answered for the first time. Kept when a later question fails. */
  readonly overview: Signal<Overview | undefined>;
  /** Why the last question failed. */
  readonly fault: Signal<Fault | undefined>;
  /** Asks again; never rejects. A question asked during another one is asked once, afterwards. */
  readonly reload: () => Promise<void>;
}

/** See {@link OverviewStore}. */
export function createOverviewStore(send: Send): OverviewStore {
  const overview = signal<Overview | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  let loading: Promise<void> | undefined;
  let asked = 0;

  async function load(): Promise<void> {
    let answering: number;
    do {
      answering = asked;
      try {
        overview.value = await send('overview.get', {});
        fault.value = undefined;
      } catch (thrown) {
        fault.value = toFault(thrown);
      }
    } while (answering !== asked);
    loading = undefined;
  }

  function reload(): Promise<void> {
    asked += 1;
    loading ??= load();
    return loading;
  }

  return { overview, fault, reload };
}
