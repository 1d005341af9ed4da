/** The response of a handler. */
export interface Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body?: string | Uint8Array;
  /** How many objects a read returns, each of which costs a point of the app's quota. */
  readonly objects?: number;
  /** The body in place of `body`, as it comes and as the client takes it; an error breaks the connection off. */
  readonly stream?: AsyncIterable<Uint8Array>;
}

type Headers = Readonly<Record<string, string | string[]>>;

/** A JSON answer. */
export function json(status: number, value: unknown, headers: Headers = {}): Answer {
  return {
    status,
    headers: { 'content-type': 'application/json;charset=UTF-8', ...headers },
    body: JSON.stringify(value),
  };
}

/** What a read of so many objects answers. */
export function found(objects: number, value: unknown, headers: Headers = {}): Answer {
  return { ...json(200, value, headers), objects };
}

/** An HTML answer. */
export function html(status: number, body: string, headers: Headers = {}): Answer {
  return { status, headers: { 'content-type': 'text/html;charset=UTF-8', ...headers }, body };
}

/** A plain text answer. */
export function text(status: number, body: string): Answer {
  return { status, headers: { 'content-type': 'text/plain;charset=UTF-8' }, body };
}

/** Raw bytes. */
export function bytes(status: number, body: Uint8Array, contentType: string): Answer {
  return { status, headers: { 'content-type': contentType }, body };
}

/** A redirect. */
export function redirect(status: number, location: string, headers: Headers = {}): Answer {
  return { status, headers: { location, ...headers } };
}
