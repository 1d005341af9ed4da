import type { Send } from '#wire/send.ts';
import type { PendingActions } from './pending-actions.ts';

/** The actions on damaged storage, shared by popup and options. */
export interface StorageActions {
  /** Deletes damaged entries, or dismisses the notice that entries were restored. */
  readonly forgetDamaged: (keys: readonly string[]) => Promise<void>;
}

export function createStorageActions(
  send: Send,
  { run }: Pick<PendingActions, 'run'>,
  reload: () => Promise<void>,
): StorageActions {
  return {
    forgetDamaged: async (keys) => {
      await run('forget', () => send('storage.forget-damaged', { keys }));
      await reload();
    },
  };
}
