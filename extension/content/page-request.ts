import { joinBytes } from '#core/values/bytes.ts';
import { pageFault } from '#core/values/own-page-fault.ts';
import { maxBodyBytes } from '#wire/api-call.ts';
import type { ThreeloRequestInit } from '#wire/page-api.ts';
import { ThreeloError, toThreeloError } from './threelo-error.ts';

/** A request in the form in which it is sent to the worker. */
export interface PageRequest {
  readonly method: string;
  /** The path or absolute URL as the page wrote it. */
  readonly input: string;
  readonly headers: [string, string][];
  readonly body: ArrayBuffer | null;
}

/** Where a page wants a call to go. */
export interface NamedTarget {
  readonly site: string | undefined;
  readonly account: string | undefined;
}

/** A request whose arguments were read, except for its body. */
export interface OpenedRequest {
  readonly signal: AbortSignal;
  readonly target: NamedTarget;
  /** The request without what its body adds. */
  readonly head: Omit<PageRequest, 'body'>;
  /** @throws ThreeloError `invalid_request`, `too_large` */
  readonly read: () => Promise<PageRequest>;
}

/** URL for constructing a `Request` for a path of a site, which is not a path of this page. */
const placeholderUrl = 'https://threelo.invalid/';

/** The browser's classes. A page may replace those of `window` later. */
const PlatformRequest = Request;
const PlatformResponse = Response;

/**
 * Reads the arguments of `fetch`. Method, headers and signal are read by constructing a `Request`, the body by
 * constructing a `Response`, which every browser can read as a stream: this sets the content type of a `FormData` body,
 * drops the headers that `fetch` ignores and throws where `fetch` throws.
 * @throws ThreeloError `invalid_request`
 */
export function openPageRequest(
  input: unknown,
  init: ThreeloRequestInit | null | undefined,
): OpenedRequest {
  try {
    const source = isRequest(input) ? input : undefined;
    const text = source === undefined ? String(input) : urlText(source);
    // Read one by one: the members of a `Request` that is passed as `init` are not its own.
    const { site, account, body } = init ?? {};
    const { method = source?.method, headers = source?.headers } = init ?? {};
    const { signal = source?.signal } = init ?? {};
    const head = new PlatformRequest(placeholderUrl, { method, headers, signal } as RequestInit);
    return {
      signal: head.signal,
      target: { site, account },
      head: { method: head.method, input: text, headers: [...head.headers] },
      read: async () => {
        try {
          return { input: text, ...(await withBody(head, body ?? (await bodyOf(source)))) };
        } catch (thrown) {
          throw toThreeloError(thrown, 'invalid_request');
        }
      },
    };
  } catch (thrown) {
    throw toThreeloError(thrown, 'invalid_request');
  }
}

/** Judged by its members: it may be of another frame, or made by a class that replaced `window.Request`. */
function isRequest(input: unknown): input is Request {
  if (typeof input !== 'object' || input === null) return false;
  const { url, method, arrayBuffer } = input as Partial<Request>;
  return typeof url === 'string' && typeof method === 'string' && typeof arrayBuffer === 'function';
}

/** A `Request` for a path was resolved against this page when it was constructed: the path is what was meant. */
function urlText(request: Request): string {
  // In tests of pages that run in Node.
  if (typeof location === 'undefined') return request.url;
  const url = new URL(request.url, location.href);
  return url.origin === location.origin ? `${url.pathname}${url.search}` : url.href;
}

/** The body of a `Request`, as a stream in the browsers that have one; undefined when it is empty. */
async function bodyOf(source: Request | undefined): Promise<BodyInit | undefined> {
  if (source === undefined) return undefined;
  if (source.body) return source.body;
  const bytes = await (isOfPlatform(source) ? new PlatformRequest(source) : source).arrayBuffer();
  return bytes.byteLength === 0 ? undefined : bytes;
}

const platformUrl = Object.getOwnPropertyDescriptor(PlatformRequest.prototype, 'url')?.get;

/**
 * Whether a `Request` is one of the platform, of whichever frame. The platform reads its body even when that frame was
 * removed, whose own promises then never settle in Firefox.
 */
function isOfPlatform(source: Request): boolean {
  try {
    platformUrl?.call(source);
    return true;
  } catch {
    return false;
  }
}

async function withBody(
  head: Request,
  body: BodyInit | undefined,
): Promise<Omit<PageRequest, 'input'>> {
  const { method, headers } = head;
  if (body === undefined) return { method, headers: [...headers], body: null };
  const carrier = new PlatformResponse(body);
  // Throws for GET and HEAD, which cannot have a body.
  const request = new PlatformRequest(head, { body: new Uint8Array(0) });
  const contentType = carrier.headers.get('content-type');
  if (contentType !== null && !headers.has('content-type'))
    request.headers.set('content-type', contentType);
  const bytes = carrier.body ? await drain(carrier.body, head.signal) : new ArrayBuffer(0);
  return { method, headers: [...request.headers], body: bytes };
}

/** Reads a body to its end, to the size limit, or until the page aborts the call. */
async function drain(stream: ReadableStream<unknown>, signal: AbortSignal): Promise<ArrayBuffer> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  const pieces: Uint8Array[] = [];
  let bytes = 0;
  try {
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return joinBytes(pieces).buffer;
      if (!isA<Uint8Array>('Uint8Array', value))
        throw new ThreeloError(pageFault('invalid_request', 'stream'));
      bytes += value.byteLength;
      if (bytes > maxBodyBytes) throw new ThreeloError(pageFault('too_large'));
      pieces.push(value);
    }
  } finally {
    signal.removeEventListener('abort', cancel);
    cancel();
  }
}

/** Whether a value is an object of a class of the platform, of whichever frame. */
function isA<T>(className: string, value: unknown): value is T {
  return Object.prototype.toString.call(value) === `[object ${className}]`;
}
