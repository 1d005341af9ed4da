import { pageFault } from '#core/values/page-fault.ts';
import { maxBodyBytes } from '#wire/api-call.ts';
import { ThreeloError } from './threelo-error.ts';

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
  readonly signal: AbortSignal;
}

/** Base URL for constructing a `Request` from a path of a site, which is not a path of this page. */
const placeholderBase = 'https://threelo.invalid';

/**
 * Reads the arguments of `fetch` by constructing a `Request`: this sets the content type of a `FormData` body, drops
 * the headers that `fetch` ignores and throws where `fetch` throws.
 * @throws ThreeloError `invalid_request`, `too_large`
 */
export async function readPageRequest(
  input: string | URL | Request,
  init: ThreeloRequestInit,
): Promise<PageRequest> {
  const originalInput = inputText(input);
  const { body: initBody, ...rest } = init;
  const bytes = initBody instanceof ReadableStream ? await drain(initBody) : initBody;
  const withBody = bytes === undefined ? rest : { ...rest, body: bytes };
  const request = toRequest(
    input instanceof Request ? input : new URL('/', placeholderBase).href,
    withBody,
  );
  const body = request.body === null && request.method === 'GET' ? null : await readBody(request);
  return {
    method: request.method,
    input: originalInput,
    headers: [...request.headers],
    body: body === null || (body.byteLength === 0 && bytes == null) ? null : body,
    signal: request.signal,
  };
}

/** A `Request` for a path was resolved against this page when it was constructed: the path is what was meant. */
function inputText(input: string | URL | Request): string {
  if (typeof input === 'string') return input;
  const url = new URL(input instanceof Request ? input.url : input.href);
  const isOfThisPage = input instanceof Request && url.origin === location.origin;
  return isOfThisPage ? `${url.pathname}${url.search}` : url.href;
}

function toRequest(input: string | Request, init: RequestInit): Request {
  try {
    return new Request(input, init);
  } catch (thrown) {
    const error = new ThreeloError(pageFault('invalid_request'));
    error.cause = thrown;
    throw error;
  }
}

async function readBody(request: Request): Promise<ArrayBuffer> {
  const body = await request.arrayBuffer();
  if (body.byteLength > maxBodyBytes) throw new ThreeloError(pageFault('too_large'));
  return body;
}

/** Reads a stream to its end or to the size limit. */
async function drain(stream: ReadableStream<unknown>): Promise<Blob> {
  const reader = stream.getReader();
  const pieces: BlobPart[] = [];
  let bytes = 0;
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return new Blob(pieces);
    if (!(value instanceof Uint8Array))
      throw new ThreeloError(pageFault('invalid_request', 'stream'));
    bytes += value.byteLength;
    if (bytes > maxBodyBytes) {
      await reader.cancel();
      throw new ThreeloError(pageFault('too_large'));
    }
    pieces.push(value as Uint8Array<ArrayBuffer>);
  }
}
