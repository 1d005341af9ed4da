import { signal, type ReadonlySignal } from '@preact/signals';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { MessageKey } from '../i18n.ts';

/** What an action came to, in words: a text and what is filled in. */
export interface Said {
  readonly text: readonly [key: MessageKey, ...substitutions: string[]];
  /** The action did not do what it was asked for. */
  readonly isWarning?: boolean;
}

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
  /** Reports what the running action came to, where nothing else on the page shows it. Cleared when the next action starts. */
  readonly say: (said: Said) => void;
  readonly said: ReadonlySignal<Said | undefined>;
  /** Removes the fault and what was said. */
  readonly dismiss: () => void;
}

export function createPendingActions(
  reload: () => Promise<void> = () => Promise.resolve(),
): PendingActions {
  const fault = signal<Fault | undefined>(undefined);
  const said = signal<Said | undefined>(undefined);
  const running = signal<ReadonlySet<string>>(new Set());

  function dismiss(): void {
    fault.value = undefined;
    said.value = undefined;
  }

  async function run(name: string, work: () => Promise<unknown>): Promise<boolean> {
    if (running.value.has(name)) return false;
    running.value = new Set([...running.value, name]);
    dismiss();
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
    said,
    say: (what) => {
      said.value = what;
    },
    dismiss,
  };
}
