import type { IncomingMessage } from 'node:http';

/** One request as the handlers see it: whole, with lower-case header names. */
export interface Incoming {
  readonly method: string;
  readonly host: string;
  /** The path as sent, not decoded, without the query. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** The whole address as the client named it. */
  readonly href: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
  /** Kinds of the faults in force that the handler itself must act on. */
  readonly hints: ReadonlySet<string>;
}

/** The request head in our shape; the body is added once it has arrived. */
export function readHead(message: IncomingMessage): Omit<Incoming, 'body' | 'hints'> {
  const host = (message.headers.host ?? '').replace(/:\d+$/, '').toLowerCase();
  const target = message.url ?? '/';
  const [path = '/', ...rest] = target.split('?');
  const headers: Record<string, string> = {};
  for (const [name, value] of Object.entries(message.headers)) {
    if (value !== undefined) headers[name] = Array.isArray(value) ? value.join(', ') : value;
  }
  return {
    method: message.method ?? 'GET',
    host,
    path,
    query: new URLSearchParams(rest.join('?')),
    href: `${'encrypted' in message.socket ? 'https' : 'http'}://${host}${target}`,
    headers,
  };
}

/** Reads the body; rejects when the client goes away first. */
export async function readBody(message: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of message) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

/** The fields of a form or JSON body; undefined when it is neither. */
export function bodyFields(incoming: Incoming): Map<string, string> | undefined {
  const contentType = incoming.headers['content-type'] ?? '';
  const bodyText = incoming.body.toString('utf8');
  if (contentType.startsWith('application/x-www-form-urlencoded')) {
    return new Map(new URLSearchParams(bodyText));
  }
  if (!contentType.startsWith('application/json')) return undefined;
  const parsed = parseJson(bodyText);
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) return undefined;
  return new Map(
    Object.entries(parsed).flatMap(([name, value]) =>
      typeof value === 'string' ? [[name, value] as const] : [],
    ),
  );
}

/** The value of a JSON text, undefined when it is not JSON. */
export function parseJson(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    // Not JSON is an ordinary answer here: the caller decides what to say about it.
    return undefined;
  }
}
