import { withDeadline } from '../machine/deadline.ts';

type Params = Readonly<Record<string, unknown>>;
type Listener = (params: Record<string, unknown>) => void;

/** A refusal of the browser, with WebDriver's error code such as `no such frame`. */
export class BidiError extends Error {
  override readonly name = 'BidiError';
  readonly code: string;
  constructor(code: string, message: string) {
    super(message);
    this.code = code;
  }
}

/** One WebDriver BiDi connection, as thin as can be: commands out, answers and events in. */
export interface BidiConnection {
  send(method: string, params: Params, deadlineMs?: number): Promise<Record<string, unknown>>;
  /** Calls back on every such event until the returned function is called. */
  on(method: string, listener: Listener): () => void;
  readonly closed: Promise<void>;
  close(): void;
}

const COMMAND_DEADLINE_MS = 30_000;

/** Opens a connection to the address that Firefox printed when it started. */
export async function connectBidi(url: string): Promise<BidiConnection> {
  const socket = new WebSocket(url);
  const pending = new Map<
    number,
    { resolve: (value: Record<string, unknown>) => void; reject: (reason: Error) => void }
  >();
  const listeners = new Map<string, Set<Listener>>();
  let lastId = 0;
  const closed = new Promise<void>((resolve) =>
    socket.addEventListener('close', () => resolve(), { once: true }),
  );
  void closed.then(() => {
    for (const { reject } of pending.values())
      reject(new BidiError('connection closed', 'Firefox closed its connection'));
    pending.clear();
  });
  socket.addEventListener('message', (event) => {
    const message = JSON.parse(String(event.data)) as {
      id?: number;
      type: string;
      method?: string;
      params?: Record<string, unknown>;
      result?: Record<string, unknown>;
      error?: string;
      message?: string;
    };
    if (message.type === 'event') {
      for (const listener of [...(listeners.get(message.method ?? '') ?? [])])
        listener(message.params ?? {});
      return;
    }
    const waiting = pending.get(message.id ?? -1);
    pending.delete(message.id ?? -1);
    if (message.type === 'success') waiting?.resolve(message.result ?? {});
    else waiting?.reject(new BidiError(message.error ?? 'unknown error', message.message ?? ''));
  });
  await withDeadline(
    new Promise<void>((resolve, reject) => {
      socket.addEventListener('open', () => resolve(), { once: true });
      socket.addEventListener('error', () => reject(new Error(`no WebDriver BiDi at ${url}`)), {
        once: true,
      });
    }),
    'Firefox to accept a WebDriver BiDi connection',
  );
  return {
    send(method, params, deadlineMs = COMMAND_DEADLINE_MS) {
      if (socket.readyState !== WebSocket.OPEN)
        return Promise.reject(
          new BidiError('connection closed', `Firefox is gone, so ${method} cannot be sent`),
        );
      const id = (lastId += 1);
      const answer = new Promise<Record<string, unknown>>((resolve, reject) =>
        pending.set(id, { resolve, reject }),
      );
      socket.send(JSON.stringify({ id, method, params }));
      return withDeadline(answer, `Firefox to answer ${method}`, deadlineMs);
    },
    on(method, listener) {
      const known = listeners.get(method) ?? new Set();
      listeners.set(method, known.add(listener));
      return () => void known.delete(listener);
    },
    closed,
    close: () => socket.close(),
  };
}
