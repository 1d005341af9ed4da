import type { StorageArea } from '#browser/storage/storage-area.ts';
import { keys } from '#storage/schema.ts';
import { serialQueue } from '../platform/serial-queue.ts';
import {
  parseFlowOutcome,
  parseFlowRecord,
  type FlowOutcome,
  type FlowRecord,
} from './flow-record.ts';

/** The running attempt and the last outcome, in `storage.session`. */
export interface FlowStore {
  record(): Promise<FlowRecord | undefined>;
  outcome(): Promise<FlowOutcome | undefined>;
  /** Stores an attempt before its window opens, and removes the last outcome. */
  begin(flow: FlowRecord): Promise<void>;
  /** Stores the id of the sign-in window. */
  recordWindow(windowId: number): Promise<void>;
  /** Removes state and code verifier before the code is sent, so that an attempt is used once. */
  removeAttempt(flow: FlowRecord): Promise<void>;
  /** Replaces the attempt by its outcome. */
  end(outcome: FlowOutcome): Promise<void>;
  removeOutcome(): Promise<void>;
  /** The outcome of an attempt, to the first caller only; {@link outcome} still returns it. */
  fetchOutcome(id: string): Promise<FlowOutcome | undefined>;
}

export function createFlowStore(area: StorageArea): FlowStore {
  const record = async (): Promise<FlowRecord | undefined> =>
    parseFlowRecord(await area.read(keys.flow));
  const outcome = async (): Promise<FlowOutcome | undefined> =>
    parseFlowOutcome(await area.read(keys.outcome));
  // One after another, or `fetchOutcome` could write back an outcome that was removed meanwhile.
  const enqueue = serialQueue();
  return {
    record,
    outcome,
    begin: (flow) =>
      enqueue(async () => {
        await area.remove([keys.outcome]);
        await area.write({ [keys.flow]: flow });
      }),
    recordWindow: async (windowId) => {
      const flow = await record();
      if (flow?.state === 'waiting') await area.write({ [keys.flow]: { ...flow, windowId } });
    },
    removeAttempt: ({ attempt: _attempt, ...flow }) =>
      area.write({ [keys.flow]: { ...flow, state: 'exchanging' } satisfies FlowRecord }),
    end: (ended) =>
      enqueue(async () => {
        await area.write({ [keys.outcome]: ended });
        await area.remove([keys.flow]);
      }),
    removeOutcome: () => enqueue(() => area.remove([keys.outcome])),
    fetchOutcome: (id) =>
      enqueue(async () => {
        const ended = await outcome();
        if (ended?.id !== id || ended.isFetched === true) return undefined;
        await area.write({ [keys.outcome]: { ...ended, isFetched: true } satisfies FlowOutcome });
        return ended;
      }),
  };
}
