import { computed, signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '#core/client/client-configuration.ts';
import type { Fault } from '#core/values/fault.ts';
import type { FlowPorts } from '#ui/state/flow-actions.ts';
import { createPendingActions } from '#ui/state/pending-actions.ts';
import type { Diagnosis } from '#wire/views.ts';

/** Dependencies of a signature check. */
export interface SignatureCheckPorts extends FlowPorts {
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
  const { run, running, fault } = createPendingActions();
  const diagnosis = signal<Diagnosis | undefined>(undefined);
  return {
    isRunning: computed(() => running.value.size > 0),
    diagnosis,
    fault,
    run: async () => {
      await run('diagnose', async () => {
        const patterns = ports.missingHostPatterns(id);
        if (patterns.length > 0) await ports.requestHostPatterns(patterns).catch(() => false);
        diagnosis.value = await ports.send('client.diagnose', { id });
      });
    },
  };
}
