import type { ApiReply } from '#wire/api-call.ts';

/** Null body statuses: a `Response` with one of these cannot have a body. */
const nullBodyStatuses = new Set([204, 205, 304]);

/** Whether the body of a response is ignored, as `fetch` ignores it. */
export function hasNullBody({ status }: Pick<ApiReply, 'status'>): boolean {
  return nullBodyStatuses.has(status);
}

/** The browser's class. A page may replace `window.Response` later. */
const PlatformResponse = Response;

/** The statuses that a `Response` can be constructed with. A server may send others. */
const minStatus = 200;
const maxStatus = 599;
const reasonPhrase = /^[\t\x20-\x7E\x80-\xFF]*$/u;

/** A body that is still arriving. */
export interface ArrivingBody {
  readonly stream: ReadableStream<Uint8Array<ArrayBuffer>>;
  /** Why it broke off; undefined while it did not. */
  readonly failure: () => unknown;
}

/**
 * A `Response` whose `url` is the requested URL of the site, also after `clone()`.
 * @param rest the body when it is not complete in the reply
 */
export function toResponse(reply: ApiReply, rest?: ArrivingBody): Response {
  const { status, statusText, url } = reply;
  const body = hasNullBody(reply) ? null : (rest?.stream ?? reply.chunk);
  const isConstructible = status >= minStatus && status <= maxStatus;
  const response = new PlatformResponse(body, {
    status: isConstructible ? status : maxStatus,
    statusText: reasonPhrase.test(statusText) ? statusText : '',
    headers: reply.headers.map(([name, value]): [string, string] => [name, value]),
  });
  return withMembers(response, isConstructible ? { url } : { url, status }, rest?.failure);
}

const bodyReaders = ['arrayBuffer', 'blob', 'bytes', 'formData', 'json', 'text'] as const;

/** Defines members that a constructed `Response` cannot have, on it and on its clones. */
function withMembers(
  response: Response,
  members: Pick<ApiReply, 'url'> | Pick<ApiReply, 'url' | 'status'>,
  failure?: ArrivingBody['failure'],
): Response {
  const clone = response.clone.bind(response);
  for (const [name, value] of Object.entries(members))
    Object.defineProperty(response, name, { value, configurable: true, enumerable: true });
  if (failure !== undefined) reportFailure(response, failure);
  return Object.defineProperty(response, 'clone', {
    value: () => withMembers(clone(), members, failure),
    configurable: true,
    writable: true,
  });
}

/** Browsers reject `text()` and the like with an error of their own when the stream of the body broke off. */
function reportFailure(response: Response, failure: ArrivingBody['failure']): void {
  for (const name of bodyReaders) {
    const read = response[name].bind(response) as () => Promise<unknown>;
    const value = (): Promise<unknown> =>
      read().catch((thrown: unknown) => {
        throw failure() ?? thrown;
      });
    Object.defineProperty(response, name, { value, configurable: true, writable: true });
  }
}
