import { signal, type ReadonlySignal } from '@preact/signals';
import type { ClientId } from '../../extension/core/client/client-configuration.ts';
import { toFault, type Fault } from '../../extension/core/values/fault.ts';
import type { Send } from '../../extension/wire/send.ts';
import type { Diagnosis } from '../../extension/wire/views.ts';

/** What a check of signatures needs of the world. */
export interface SignatureCheckPorts {
  readonly send: Send;
  /** Asks the person for host access. Only works as the first call of a click. */
  readonly requestHostPatterns: (patterns: readonly string[]) => Promise<boolean>;
  /** The hosts of a client that the browser withholds. */
  readonly missingHostPatterns: (id: ClientId) => readonly string[];
}

/** Lets the server judge the signatures of one client. */
export interface SignatureCheck {
  readonly isAsking: ReadonlySignal<boolean>;
  readonly diagnosis: ReadonlySignal<Diagnosis | undefined>;
  readonly fault: ReadonlySignal<Fault | undefined>;
  readonly run: () => Promise<void>;
}

/** See {@link SignatureCheck}. */
export function createSignatureCheck(ports: SignatureCheckPorts, id: ClientId): SignatureCheck {
  const isAsking = signal(false);
  const diagnosis = signal<Diagnosis | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  return {
    isAsking,
    diagnosis,
    fault,
    run: async () => {
      if (isAsking.value) return;
      const patterns = ports.missingHostPatterns(id);
      const asked = patterns.length === 0 ? undefined : ports.requestHostPatterns(patterns);
      isAsking.value = true;
      fault.value = undefined;
      try {
        await asked?.catch(() => false);
        diagnosis.value = await ports.send('client.diagnose', { id });
      } catch (thrown) {
        fault.value = toFault(thrown);
      } finally {
        isAsking.value = false;
      }
    },
  };
}
