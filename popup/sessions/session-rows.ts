import { signal, type ReadonlySignal } from '@preact/signals';
import { toFault, type Fault } from '#core/values/fault.ts';
import { maxRows, type Listed, type SessionRow } from '#wire/list-views.ts';
import type { Send } from '#wire/send.ts';

/** A list of sessions that is read in parts. */
export interface SessionRows {
  /** Undefined while nothing is wanted, and until the first reply; then the last reply that was still wanted. */
  readonly listed: ReadonlySignal<Listed<SessionRow> | undefined>;
  /** Why the last request failed. */
  readonly fault: ReadonlySignal<Fault | undefined>;
  /** Lists the sessions that match a filter, from the first one on; all with an empty one. */
  readonly list: (filter: string) => void;
  /** Lists one part more. */
  readonly more: () => void;
  /** Reads what is listed again. */
  readonly reload: () => void;
  /** Lists nothing. */
  readonly clear: () => void;
}

interface Wanted {
  readonly filter: string;
  readonly parts: number;
}

/** At most one request is open: what is typed meanwhile is asked for once, and a reply that came too late is dropped. */
export function createSessionRows(send: Send, order: 'last-use' | 'account'): SessionRows {
  const listed = signal<Listed<SessionRow> | undefined>(undefined);
  const fault = signal<Fault | undefined>(undefined);
  let wanted: Wanted | undefined;
  let isRunning = false;

  async function read({ filter, parts }: Wanted): Promise<Listed<SessionRow>> {
    const request = (part: number) =>
      send('session.find', { filter, offset: part * maxRows, limit: maxRows, order });
    const replies = await Promise.all(Array.from({ length: parts }, (_, part) => request(part)));
    const [first = { total: 0, matching: 0 }] = replies;
    const rows = new Map(replies.flatMap((reply) => reply.rows).map((row) => [row.id, row]));
    return { total: first.total, matching: first.matching, rows: [...rows.values()] };
  }

  async function run(): Promise<void> {
    if (isRunning) return;
    isRunning = true;
    let done: Wanted | undefined;
    while (wanted !== undefined && wanted !== done) {
      const current: Wanted = wanted;
      done = current;
      try {
        const reply = await read(current);
        if (isWanted(current)) listed.value = reply;
        fault.value = undefined;
      } catch (thrown) {
        fault.value = toFault(thrown);
      }
    }
    isRunning = false;
  }

  const isWanted = (one: Wanted): boolean => wanted === one;
  const want = (next: Wanted): void => {
    wanted = next;
    void run();
  };
  return {
    listed,
    fault,
    list: (filter) => {
      want({ filter, parts: 1 });
    },
    more: () => {
      if (wanted !== undefined) want({ ...wanted, parts: wanted.parts + 1 });
    },
    reload: () => {
      if (wanted !== undefined) want({ ...wanted });
    },
    clear: () => {
      wanted = undefined;
      listed.value = undefined;
    },
  };
}
