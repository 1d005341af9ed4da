import { signal, type ReadonlySignal } from '@preact/signals';
import type { Send } from '#wire/send.ts';
import type { QuotaView } from '#wire/views.ts';

/** What the apps of the clients did in this hour, as of the last load. */
export interface QuotaStore {
  readonly quotas: ReadonlySignal<readonly QuotaView[]>;
  /** Never rejects: after a failure nothing is shown. */
  readonly load: () => Promise<void>;
}

export function createQuotaStore(send: Send): QuotaStore {
  const quotas = signal<readonly QuotaView[]>([]);
  return {
    quotas,
    load: async () => {
      quotas.value = await send('quota.list', {}).catch(() => []);
    },
  };
}
