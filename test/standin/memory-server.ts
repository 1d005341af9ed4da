import { isKnownHost } from './facts/hosts.ts';
import type { Answer } from './http/answer.ts';
import { waitFor } from './http/delays.ts';
import { answerInstead, bendAnswer } from './http/fault-answers.ts';
import type { MetFault } from './http/faults.ts';
import type { Incoming } from './http/incoming.ts';
import type { TlsServerParts } from './http/tls-server.ts';
import { newEntry, type LogEntry } from './http/traffic-log.ts';
import { asPlainCall } from './standin-fetch.ts';

/** What the server without sockets is built from. */
export interface MemoryServerParts extends Omit<TlsServerParts, 'certificates' | 'port'> {
  readonly knownHosts: readonly string[];
  /** Hosts served without TLS. */
  readonly plainHosts: readonly string[];
  readonly refusedHosts: string[];
}

/**
 * A `fetch` that hands each request to the handlers in this process: no sockets, no certificates, and no
 * wait but those of the faults, so that one run costs microseconds and goes the same way each time.
 */
export function makeMemoryFetch(parts: MemoryServerParts): typeof fetch {
  const send = async (url: URL, init: RequestInit): Promise<Response> => {
    const hosts = url.protocol === 'http:' ? parts.plainHosts : parts.knownHosts;
    if (!/^https?:$/u.test(url.protocol) || !isKnownHost(hosts, url.host)) {
      parts.refusedHosts.push(url.host);
      throw failed(`The stand-in does not play ${url.origin}`);
    }
    const { signal, redirect = 'follow' } = init;
    signal?.throwIfAborted();
    const incoming = await readRequest(url, init);
    const entry = newEntry(incoming, parts.clock.nowMs());
    const { body } = incoming;
    Object.assign(entry, { body, bodyText: body.toString('utf8'), bodyBytes: body.length });
    parts.log.push(entry);
    parts.changed(entry);
    const gone = leaving(signal ?? undefined, entry, parts);
    const answer = await Promise.race([exchange(parts, incoming, entry, gone), gone]);
    if (answer === undefined) throw signal?.reason as Error;
    return Object.defineProperty(asResponse(answer, redirect), 'url', { value: url.href });
  };
  return async (input, init = {}) => {
    const plain = await asPlainCall(input, init);
    return followed(send, new URL(plain.url), plain.init);
  };
}

/** Follows the redirects of a request without a body. @see Fetch Standard, "HTTP-redirect fetch" */
async function followed(
  send: (url: URL, init: RequestInit) => Promise<Response>,
  url: URL,
  init: RequestInit,
  count = 0,
): Promise<Response> {
  const response = await send(url, init);
  const location = response.headers.get('location');
  const isRedirect = [301, 302, 303, 307, 308].includes(response.status);
  const isFollowed = (init.redirect ?? 'follow') === 'follow' && (init.body ?? null) === null;
  if (!isFollowed || !isRedirect || location === null) return response;
  if (count === 20) throw failed('Too many redirects');
  const next = new URL(location, url);
  const headers = new Headers(init.headers);
  if (next.origin !== url.origin) headers.delete('authorization');
  const last = await followed(send, next, { ...init, headers }, count + 1);
  return Object.defineProperty(last, 'redirected', { value: true });
}

/** Resolves when the client gives the request up. */
function leaving(
  signal: AbortSignal | undefined,
  entry: LogEntry,
  { changed }: MemoryServerParts,
): Promise<undefined> {
  return new Promise((resolve) => {
    signal?.addEventListener('abort', () => {
      if (entry.outcome === 'pending') Object.assign(entry, { aborted: true, outcome: 'aborted' });
      changed(entry);
      resolve(undefined);
    });
  });
}

interface Sent extends Answer {
  readonly isTruncated: boolean;
}

/** The server's side; goes on after the client has left. @throws TypeError when the connection breaks */
async function exchange(
  parts: MemoryServerParts,
  request: Incoming,
  entry: LogEntry,
  gone: Promise<void>,
): Promise<Sent> {
  const met: readonly MetFault[] = parts.take(request);
  entry.faults = met.map(({ action }) => action.kind);
  const incoming = { ...request, hints: new Set(entry.faults) };
  parts.changed(entry);
  void gone.then(() => {
    met.forEach((fault) => fault.clientGone());
  });
  await waitFor(met, 'before', gone);
  const last = met.find(({ action }) => action.kind !== 'latency')?.action;
  if (last?.kind === 'hang') return new Promise(() => undefined);
  if (last?.kind === 'drop-before' || last?.kind === 'raw') throw broken(entry);
  const own = (last && answerInstead(last, parts.clock.nowMs())) ?? (await parts.handle(incoming));
  await waitFor(met, 'after', gone);
  if (last?.kind === 'drop-after') throw broken(entry);
  const answer = last ? bendAnswer(last, own, incoming) : own;
  const isTruncated = last?.kind === 'truncate';
  entry.status = answer.status;
  entry.answeredAtMs = parts.clock.nowMs();
  if (entry.outcome === 'pending') entry.outcome = isTruncated ? 'broken' : 'answered';
  parts.changed(entry);
  return { ...answer, isTruncated };
}

function broken(entry: LogEntry): TypeError {
  if (entry.outcome === 'pending') entry.outcome = 'broken';
  return failed('The stand-in broke the connection');
}

function failed(message: string): TypeError {
  return new TypeError('fetch failed', { cause: new Error(message) });
}

async function readRequest(url: URL, init: RequestInit): Promise<Incoming> {
  const { body: sent = null, method = 'GET' } = init;
  // The platform knows which content type goes with which body.
  const made = new Response(sent);
  const headers = new Headers(init.headers);
  const contentType = made.headers.get('content-type');
  if (contentType !== null && !headers.has('content-type'))
    headers.set('content-type', contentType);
  const body = sent === null ? Buffer.alloc(0) : Buffer.from(await made.arrayBuffer());
  return {
    method: method.toUpperCase(),
    host: url.hostname,
    path: url.pathname,
    query: url.searchParams,
    href: url.href,
    headers: Object.fromEntries(headers),
    body,
    hints: new Set(),
  };
}

function asResponse(answer: Sent, redirect: RequestRedirect): Response {
  const { status, isTruncated } = answer;
  const isRedirect = status >= 300 && status < 400 && status !== 304;
  if (isRedirect && redirect === 'error') throw failed('A redirect');
  const headers = new Headers();
  for (const [name, value] of Object.entries(answer.headers ?? {})) {
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one);
  }
  if ([101, 204, 205, 304].includes(status)) return new Response(null, { status, headers });
  // Node takes one as a body, the types of browsers do not know it.
  if (answer.stream !== undefined)
    return new Response(answer.stream as unknown as BodyInit, { status, headers });
  const body = Buffer.from(answer.body ?? '');
  return new Response(isTruncated ? halfOf(body) : body, { status, headers });
}

function halfOf(body: Buffer): ReadableStream<Uint8Array> {
  return new ReadableStream({
    start: (controller) => {
      controller.enqueue(new Uint8Array(body.subarray(0, Math.floor(body.length / 2))));
      controller.error(new TypeError('terminated'));
    },
  });
}
