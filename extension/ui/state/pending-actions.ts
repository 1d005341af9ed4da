import { signal, type ReadonlySignal } from '@preact/signals';
import { toFault, type Fault } from '#core/values/fault.ts';

/** Runs the person's actions, at most one of each name at a time, and keeps the last fault. */
export interface PendingActions {
  /** The fault of the last action; cleared when the next one starts. */
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** Names of the actions that are running. */
  readonly running: ReadonlySignal<ReadonlySet<string>>;
  /** Resolves to whether the action succeeded; never rejects. Does nothing if an action of this name is running. */
  readonly run: (name: string, work: () => Promise<unknown>) => Promise<boolean>;
  /** Runs an action, then reloads the state, even if the action failed. */
  readonly runAndReload: (name: string, work: () => Promise<unknown>) => Promise<void>;
  readonly dismiss: () => void;
}

export function createPendingActions(
  reload: () => Promise<void> = () => Promise.resolve(),
): PendingActions {
  const fault = signal<Fault | undefined>(undefined);
  const running = signal<ReadonlySet<string>>(new Set());

  async function run(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (running.value.has(name)) return false;
    running.value = new Set([...running.value, name]);
    fault.value = undefined;
    try {
      await work();
      return true;
    } catch (thrown) {
      fault.value = toFault(thrown);
      return false;
    } finally {
      running.value = new Set([...running.value].filter((other) => other !== name));
    }
  }

  return {
    fault,
    running,
    run,
    runAndReload: async (name, work) => {
      await run(name, work);
      await reload();
    },
    dismiss: () => {
      fault.value = undefined;
    },
  };
}
