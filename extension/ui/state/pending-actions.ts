import { signal, type ReadonlySignal } from '@preact/signals';
import { toFault, type Fault } from '../../core/values/fault.ts';

/** Runs what the person asked for, one of a name at a time, and keeps what went wrong. */
export interface Attempts {
  /** What went wrong last; cleared by the next attempt. */
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** Names of the attempts that run now. */
  readonly running: ReadonlySignal<ReadonlySet<string>>;
  /** Resolves to whether it worked; never rejects. A name that runs already is not run twice. */
  readonly attempt: (name: string, work: () => Promise<unknown>) => Promise<boolean>;
  /** Shows a fault that came by another way. */
  readonly report: (fault: Fault) => void;
  readonly dismiss: () => void;
}

/** See {@link Attempts}. */
export function createAttempts(): Attempts {
  const fault = signal<Fault | undefined>(undefined);
  const running = signal<ReadonlySet<string>>(new Set());

  async function attempt(name: string, work: () => Promise<unknown>): Promise<boolean> {
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
    attempt,
    report: (found) => {
      fault.value = found;
    },
    dismiss: () => {
      fault.value = undefined;
    },
  };
}
