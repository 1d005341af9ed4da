import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import { keys } from '../../extension/storage/schema.ts';
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
  /** Notes an attempt before its window opens, and forgets the outcome of the one before. */
  begin(flow: FlowRecord): Promise<void>;
  /** Notes the window in which the person signs in. */
  noteWindow(windowId: number): Promise<void>;
  /** Takes the attempt out before its code is sent, so that it is used once. */
  takeAttempt(flow: FlowRecord): Promise<void>;
  end(outcome: FlowOutcome): Promise<void>;
  forgetOutcome(): Promise<void>;
  /** The outcome of an attempt, to whoever asks first; it stays for the person to see. */
  fetchOutcome(id: string): Promise<FlowOutcome | undefined>;
}

/** See {@link FlowStore}. */
export function createFlowStore(area: StorageArea): FlowStore {
  const record = async (): Promise<FlowRecord | undefined> =>
    parseFlowRecord(await area.read(keys.flow));
  const outcome = async (): Promise<FlowOutcome | undefined> =>
    parseFlowOutcome(await area.read(keys.outcome));
  // One after another, or an outcome that was just forgotten could be written back.
  const enqueue = serialQueue();
  return {
    record,
    outcome,
    begin: (flow) =>
      enqueue(async () => {
        await area.remove([keys.outcome]);
        await area.write({ [keys.flow]: flow });
      }),
    noteWindow: async (windowId) => {
      const flow = await record();
      if (flow?.state === 'waiting') await area.write({ [keys.flow]: { ...flow, windowId } });
    },
    takeAttempt: ({ attempt: _attempt, ...flow }) =>
      area.write({ [keys.flow]: { ...flow, state: 'exchanging' } satisfies FlowRecord }),
    end: (ended) =>
      enqueue(async () => {
        await area.write({ [keys.outcome]: ended });
        await area.remove([keys.flow]);
      }),
    forgetOutcome: () => enqueue(() => area.remove([keys.outcome])),
    fetchOutcome: (id) =>
      enqueue(async () => {
        const ended = await outcome();
        if (ended?.id !== id || ended.isFetched === true) return undefined;
        await area.write({ [keys.outcome]: { ...ended, isFetched: true } satisfies FlowOutcome });
        return ended;
      }),
  };
}
