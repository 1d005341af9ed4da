import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';

/**
 * Maximum number of commands of one origin without a reply: its 10,000 calls, and what it requests beside them. While the
 * person is asked, each holds a few KiB for minutes.
 */
export const maxWaitingCommands = 12_000;

/** The commands of pages that have no reply yet, by origin: over all its documents, ports and single messages. */
export interface WaitingCommands {
  /**
   * Counts a command until the returned function is called. Aborts are counted apart: a page can always end its calls.
   * @throws BrokerError `rate_limited`
   */
  enter(origin: Origin, name: string): () => void;
}

export function createWaitingCommands(): WaitingCommands {
  const [commands, aborts] = [new Map<Origin, number>(), new Map<Origin, number>()];
  return {
    enter: (origin, name) => {
      const counts = name === 'api.abort' ? aborts : commands;
      const count = counts.get(origin) ?? 0;
      if (count >= maxWaitingCommands) throw new BrokerError('rate_limited');
      counts.set(origin, count + 1);
      return () => {
        const left = (counts.get(origin) ?? 0) - 1;
        if (left === 0) counts.delete(origin);
        else counts.set(origin, left);
      };
    },
  };
}
