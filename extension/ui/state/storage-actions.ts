import type { Send } from '../../wire/send.ts';
import type { Attempts } from './pending-actions.ts';

/** What a person can do about a damaged store; popup and options offer the same. */
export interface StorageActions {
  /** Deletes damaged entries, or dismisses the notice of a restoration. */
  readonly forgetDamaged: (keys: readonly string[]) => Promise<void>;
}

/** See {@link StorageActions}. */
export function createStorageActions(
  send: Send,
  { attempt }: Pick<Attempts, 'attempt'>,
  reload: () => Promise<void>,
): StorageActions {
  return {
    forgetDamaged: async (keys) => {
      await attempt('forget', () => send('storage.forget-damaged', { keys }));
      await reload();
    },
  };
}
