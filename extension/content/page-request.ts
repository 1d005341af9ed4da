import { pageFault } from '#core/values/page-fault.ts';
import { maxBodyBytes } from '#wire/api-call.ts';
import { ThreeloError, toThreeloError } from './threelo-error.ts';

/** What `threelo.fetch` takes as its second argument. */
export type ThreeloRequestInit = RequestInit & {
  /** The id of a site from `sites()`, for when a path could belong to several sites. */
  readonly site?: string;
};

/** A request in the form in which it is sent to the worker. */
export interface PageRequest {
  readonly method: string;
  /** The path or absolute URL as the page wrote it. */
  readonly input: string;
  readonly headers: [string, string][];
  readonly body: ArrayBuffer | null;
}

/** A request whose arguments were read, except for its body. */
export interface OpenedRequest {
  readonly signal: AbortSignal;
  readonly site: string | undefined;
  /** @throws ThreeloError `invalid_request`, `too_large` */
  readonly read: () => Promise<PageRequest>;
}

/** URL for constructing a `Request` for a path of a site, which is not a path of this page. */
const placeholderUrl = 'https://threelo.invalid/';

/** The browser's class. A page may replace `window.Request` later. */
const PlatformRequest = Request;

/**
 * Reads the arguments of `fetch`. Method, headers, signal and body are read by constructing a `Request`: this sets the
 * content type of a `FormData` body, drops the headers that `fetch` ignores and throws where `fetch` throws.
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
    const { site, body } = init ?? {};
    const { method = source?.method, headers = source?.headers } = init ?? {};
    const { signal = source?.signal } = init ?? {};
    const head = new PlatformRequest(placeholderUrl, { method, headers, signal } as RequestInit);
    return {
      signal: head.signal,
      site,
      read: async () => {
        try {
          return {
            input: text,
            ...(await withBody(head, await bodyOf(body, source, head.signal))),
          };
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
  const url = new URL(request.url, location.href);
  return url.origin === location.origin ? `${url.pathname}${url.search}` : url.href;
}

async function bodyOf(
  body: BodyInit | null | undefined,
  source: Request | undefined,
  signal: AbortSignal,
): Promise<BodyInit | undefined> {
  if (isA<ReadableStream<unknown>>('ReadableStream', body)) return drain(body, signal);
  if (body !== undefined && body !== null) return body;
  const bytes = await source?.arrayBuffer();
  return bytes?.byteLength === 0 ? undefined : bytes;
}

async function withBody(
  head: Request,
  body: BodyInit | undefined,
): Promise<Omit<PageRequest, 'input'>> {
  const request = body === undefined ? head : new PlatformRequest(head, { body });
  const bytes = body === undefined ? null : await request.arrayBuffer();
  if (bytes !== null && bytes.byteLength > maxBodyBytes)
    throw new ThreeloError(pageFault('too_large'));
  return { method: request.method, headers: [...request.headers], body: bytes };
}

/** Reads a stream to its end, to the size limit, or until the page aborts the call. */
async function drain(stream: ReadableStream<unknown>, signal: AbortSignal): Promise<Blob> {
  const reader = stream.getReader();
  const cancel = (): void => void reader.cancel(signal.reason).catch(() => undefined);
  signal.addEventListener('abort', cancel, { once: true });
  const pieces: BlobPart[] = [];
  let bytes = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return new Blob(pieces);
    if (!isA<Uint8Array<ArrayBuffer>>('Uint8Array', value)) {
      cancel();
      throw new ThreeloError(pageFault('invalid_request', 'stream'));
    }
    bytes += value.byteLength;
    if (bytes > maxBodyBytes) {
      cancel();
      throw new ThreeloError(pageFault('too_large'));
    }
    pieces.push(value);
  }
}

/** Whether a value is an object of a class of the platform, of whichever frame. */
function isA<T>(className: string, value: unknown): value is T {
  return Object.prototype.toString.call(value) === `[object ${className}]`;
}
