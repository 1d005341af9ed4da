import { signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '#core/client/client-configuration.ts';
import { toFault, type Fault } from '#core/values/fault.ts';
import type { Send } from '#wire/send.ts';
import type { Diagnosis } from '#wire/views.ts';

/** Dependencies of a signature check. */
export interface SignatureCheckPorts {
  readonly send: Send;
  /** Requests host access. Only works as the first call within a click. */
  readonly requestHostPatterns: (patterns: readonly string[]) => Promise<boolean>;
  /** The host permissions that a client lacks. */
  readonly missingHostPatterns: (id: ClientId) => readonly string[];
}

/** Checks with the server whether it accepts the signatures of one client. */
export interface SignatureCheck {
  readonly isRunning: ReadonlySignal<boolean>;
  readonly diagnosis: ReadonlySignal<Diagnosis | undefined>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly run: () => Promise<void>;
}

export function createSignatureCheck(ports: SignatureCheckPorts, id: ClientId): SignatureCheck {
  const isRunning = signal(false);
  const diagnosis = signal<Diagnosis | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  return {
    isRunning,
    diagnosis,
    fault,
    run: async () => {
      if (isRunning.value) return;
      const patterns = ports.missingHostPatterns(id);
      const permission = patterns.length === 0 ? undefined : ports.requestHostPatterns(patterns);
      isRunning.value = true;
      fault.value = undefined;
      try {
        await permission?.catch(() => false);
        diagnosis.value = await ports.send('client.diagnose', { id });
      } catch (thrown) {
        fault.value = toFault(thrown);
      } finally {
        isRunning.value = false;
      }
    },
  };
}
