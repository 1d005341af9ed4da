import { bodyFields, type Incoming } from './incoming.ts';

/** Which requests a fault meets; everything left out matches all. A string path matches exactly. */
export interface FaultMatch {
  readonly host?: string;
  readonly path?: string | RegExp;
  readonly method?: string;
  readonly grantType?: string;
  /** The name of a field that the body has. */
  readonly field?: string;
}

/** What goes wrong. */
export type FaultAction =
  /** Waits; `when: 'after'` lets the server act first and holds back only the answer. */
  | {
      readonly kind: 'latency';
      readonly ms?: number;
      readonly until?: Promise<unknown>;
      readonly when?: 'before' | 'after';
    }
  /** Answers so without acting. */
  | {
      readonly kind: 'status';
      readonly status: number;
      readonly body?: string | Uint8Array;
      readonly contentType?: string;
      readonly headers?: Readonly<Record<string, string>>;
    }
  /** Destroys the socket before the server acts. */
  | { readonly kind: 'drop-before' }
  /** Acts, then destroys the socket without a byte of answer. */
  | { readonly kind: 'drop-after' }
  /** Sends this text as it is, in place of a response, without acting; then ends the connection. */
  | { readonly kind: 'raw'; readonly text: string; readonly staysOpen?: boolean }
  /** Acts, announces the right length, sends half of the body, destroys the socket. */
  | { readonly kind: 'truncate' }
  /**
   * 429 with the headers of the limit that `reason` names, without acting; `retryAfterSeconds: null` leaves Retry-After
   * out, and a text is sent as it is.
   */
  | {
      readonly kind: 'rate-limit';
      readonly retryAfterSeconds?: number | string | null;
      readonly reason?: string;
    }
  /** Acts, sends the right body under another type. */
  | { readonly kind: 'content-type'; readonly value: string }
  /** 200 with the HTML of a captive portal, without acting. */
  | { readonly kind: 'html' }
  /** The token answer carries no refresh token; nothing rotates. */
  | { readonly kind: 'omit-refresh-token' }
  /** The token answer carries no token_type. */
  | { readonly kind: 'omit-token-type' }
  /** Redirects without acting. */
  | { readonly kind: 'redirect'; readonly status: number; readonly location: string }
  /**
   * 200 with these pieces as the body, without acting: each is asked for when the client took those before. When they throw,
   * the connection breaks off; when the client goes away, they are ended with `return()`.
   */
  | {
      readonly kind: 'stream';
      readonly pieces: () => AsyncIterable<Uint8Array>;
      readonly contentType?: string;
    }
  /** Never acts nor answers; ends when the client goes away. */
  | { readonly kind: 'hang' }
  /** Acts, and repeats the Authorization header in the body and in `X-Echo-Authorization`. */
  | { readonly kind: 'echo-authorization' };

/** A fault to add: default is once. */
export type FaultSpec = FaultAction & { readonly match?: FaultMatch; readonly times?: number };

/** A fault in force. Calling it removes it. */
export interface Fault {
  (): void;
  remove(): void;
  readonly kind: FaultAction['kind'];
  /** Resolves when the first request met it. */
  readonly arrived: Promise<void>;
  /** Resolves when the client of a request that met it has gone away. */
  readonly clientGone: Promise<void>;
  /** How many requests met it. */
  hits(): number;
}

/** The queue of faults, first added first met. */
export interface Faults {
  add(spec: FaultSpec): Fault;
  /** Removes all. */
  clear(): void;
  /** How many are still in force. */
  pending(): number;
}

/** A fault that a request met. */
export interface MetFault {
  readonly action: FaultAction;
  clientGone(): void;
}

interface Queued extends MetFault {
  readonly spec: FaultSpec;
  readonly arrived: () => void;
  hits: number;
}

/**
 * The queue and its taker. A request meets every matching `latency` up to and the first matching
 * fault of another kind.
 */
export function openFaults(): { faults: Faults; take: (incoming: Incoming) => MetFault[] } {
  let queue: Queued[] = [];
  const add = (spec: FaultSpec): Fault => {
    const arrived = makeSignal();
    const gone = makeSignal();
    const queued: Queued = {
      spec,
      action: spec,
      arrived: arrived.resolve,
      clientGone: gone.resolve,
      hits: 0,
    };
    queue.push(queued);
    const remove = () => {
      queue = queue.filter((entry) => entry !== queued);
    };
    return Object.assign(() => remove(), {
      remove,
      kind: spec.kind,
      arrived: arrived.promise,
      clientGone: gone.promise,
      hits: () => queued.hits,
    });
  };
  const take = (incoming: Incoming): MetFault[] => {
    const met: Queued[] = [];
    for (const queued of queue) {
      if (!matches(queued.spec.match ?? {}, incoming)) continue;
      met.push(queued);
      if (queued.spec.kind !== 'latency') break;
    }
    for (const queued of met) {
      queued.hits += 1;
      if (queued.hits >= (queued.spec.times ?? 1)) {
        queue = queue.filter((entry) => entry !== queued);
      }
      queued.arrived();
    }
    return met;
  };
  const clear = () => {
    queue = [];
  };
  return { faults: { add, clear, pending: () => queue.length }, take };
}

/** A promise and the function that resolves it. */
function makeSignal(): { promise: Promise<void>; resolve: () => void } {
  let resolve = (): void => undefined;
  const promise = new Promise<void>((fulfil) => {
    resolve = fulfil;
  });
  return { promise, resolve: () => resolve() };
}

function matches(match: FaultMatch, incoming: Incoming): boolean {
  if (match.host !== undefined && match.host !== incoming.host) return false;
  if (match.method !== undefined && match.method !== incoming.method) return false;
  if (match.path !== undefined) {
    const fits =
      typeof match.path === 'string'
        ? match.path === incoming.path
        : match.path.test(incoming.path);
    if (!fits) return false;
  }
  const { grantType, field } = match;
  if (grantType === undefined && field === undefined) return true;
  const fields = bodyFields(incoming);
  return (
    (grantType === undefined || fields?.get('grant_type') === grantType) &&
    (field === undefined || fields?.has(field) === true)
  );
}
