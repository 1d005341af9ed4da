import { BrokerError, type Fault } from '../../extension/core/values/fault.ts';

/** The fault that some work throws; anything else that it throws, and no throw at all, fails the test. */
export function faultOf(work: () => unknown): Fault {
  try {
    work();
  } catch (thrown) {
    return asFault(thrown);
  }
  throw new Error('nothing was thrown');
}

/** The fault that a promise rejects with. */
export async function rejection(work: Promise<unknown>): Promise<Fault> {
  let value: unknown;
  try {
    value = await work;
  } catch (thrown) {
    return asFault(thrown);
  }
  throw new Error(`nothing was thrown, but ${JSON.stringify(value)} came`);
}

function asFault(thrown: unknown): Fault {
  if (thrown instanceof BrokerError) return thrown.fault;
  throw thrown as Error;
}
