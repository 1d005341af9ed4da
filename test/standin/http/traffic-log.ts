import type { Incoming } from './incoming.ts';

/** One request that reached the TLS server. */
export interface LogEntry {
  /** When the head arrived, by the stand-in's clock. */
  readonly atMs: number;
  readonly host: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  body: Buffer;
  bodyText: string;
  /** Length of the request body. */
  bodyBytes: number;
  /** Status of the answer; absent until one was begun. */
  status?: number;
  /** When the answer was finished, by the stand-in's clock. */
  answeredAtMs?: number;
  /** The client went away before the answer was finished. */
  aborted: boolean;
  /** `pending`, `answered`, `aborted`, `broken` (by a fault), or `failed` (a bug in the stand-in). */
  outcome: 'pending' | 'answered' | 'aborted' | 'broken' | 'failed';
  /** Kinds of the faults that this request met. */
  faults: readonly string[];
}

/** Which entries `requests` returns; a string path matches exactly. */
export interface LogFilter {
  readonly host?: string;
  readonly path?: string | RegExp;
  readonly method?: string;
}

/** Every request in order of arrival. */
export type TrafficLog = LogEntry[] & {
  requests(filter?: LogFilter): LogEntry[];
  /** The first entry, present or to come, that satisfies the predicate; asked again on every change. */
  waitFor(predicate: (entry: LogEntry) => boolean): Promise<LogEntry>;
  /** Forgets all entries. */
  clear(): void;
};

/** The log, and the function that wakes those who wait on it. */
export function openLog(): { log: TrafficLog; changed: (entry: LogEntry) => void } {
  const entries: LogEntry[] = [];
  const waiting = new Set<(entry: LogEntry) => void>();
  const log = Object.assign(entries, {
    requests: (filter: LogFilter = {}) => entries.filter((entry) => matches(filter, entry)),
    waitFor: (predicate: (entry: LogEntry) => boolean) => {
      const present = entries.find(predicate);
      if (present !== undefined) return Promise.resolve(present);
      return new Promise<LogEntry>((resolve, reject) => {
        const look = (entry: LogEntry) => {
          try {
            if (!predicate(entry)) return;
            resolve(entry);
          } catch (error) {
            reject(error instanceof Error ? error : new Error(String(error)));
          }
          waiting.delete(look);
        };
        waiting.add(look);
      });
    },
    clear: () => {
      entries.length = 0;
    },
  });
  return { log, changed: (entry) => [...waiting].forEach((look) => look(entry)) };
}

/** A fresh entry for a request head. */
export function newEntry(head: Omit<Incoming, 'body' | 'hints'>, atMs: number): LogEntry {
  const { host, method, path, query, headers } = head;
  const empty = { body: Buffer.alloc(0), bodyText: '', bodyBytes: 0 };
  return {
    atMs,
    host,
    method,
    path,
    query,
    headers,
    ...empty,
    aborted: false,
    outcome: 'pending',
    faults: [],
  };
}

function matches(filter: LogFilter, entry: LogEntry): boolean {
  if (filter.host !== undefined && filter.host !== entry.host) return false;
  if (filter.method !== undefined && filter.method !== entry.method) return false;
  if (filter.path === undefined) return true;
  return typeof filter.path === 'string'
    ? filter.path === entry.path
    : filter.path.test(entry.path);
}
