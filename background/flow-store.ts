import type { StorageArea } from '../extension/browser/storage-area.ts';
import { keys } from '../extension/storage/schema.ts';
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
}

/** See {@link FlowStore}. */
export function createFlowStore(area: StorageArea): FlowStore {
  const record = async (): Promise<FlowRecord | undefined> =>
    parseFlowRecord(await area.read(keys.flow));
  return {
    record,
    outcome: async () => parseFlowOutcome(await area.read(keys.outcome)),
    begin: async (flow) => {
      await area.remove([keys.outcome]);
      await area.write({ [keys.flow]: flow });
    },
    noteWindow: async (windowId) => {
      const flow = await record();
      if (flow?.state === 'waiting') await area.write({ [keys.flow]: { ...flow, windowId } });
    },
    takeAttempt: ({ attempt: _attempt, ...flow }) =>
      area.write({ [keys.flow]: { ...flow, state: 'exchanging' } satisfies FlowRecord }),
    end: async (outcome) => {
      await area.write({ [keys.outcome]: outcome });
      await area.remove([keys.flow]);
    },
    forgetOutcome: () => area.remove([keys.outcome]),
  };
}
