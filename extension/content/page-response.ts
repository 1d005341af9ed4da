import type { ApiReply } from '#wire/api-call.ts';

/** Null body statuses: a `Response` with one of these cannot have a body. */
const nullBodyStatuses = new Set([204, 205, 304]);

/** The browser's class. A page may replace `window.Response` later. */
const PlatformResponse = Response;

/** The statuses that a `Response` can be constructed with. A server may send others. */
const minStatus = 200;
const maxStatus = 599;
const reasonPhrase = /^[\t\x20-\x7E\x80-\xFF]*$/u;

/** A `Response` whose `url` is the requested URL of the site, also after `clone()`. */
export function toResponse(reply: ApiReply, pieces: readonly ArrayBuffer[]): Response {
  const { status, statusText, url } = reply;
  const body = nullBodyStatuses.has(status) ? null : new Blob([...pieces]).stream();
  const isConstructible = status >= minStatus && status <= maxStatus;
  const response = new PlatformResponse(body, {
    status: isConstructible ? status : maxStatus,
    statusText: reasonPhrase.test(statusText) ? statusText : '',
    headers: reply.headers.map(([name, value]): [string, string] => [name, value]),
  });
  return withMembers(response, isConstructible ? { url } : { url, status });
}

/** Defines members that a constructed `Response` cannot have, on it and on its clones. */
function withMembers(
  response: Response,
  members: Pick<ApiReply, 'url'> | Pick<ApiReply, 'url' | 'status'>,
): Response {
  const clone = response.clone.bind(response);
  for (const [name, value] of Object.entries(members))
    Object.defineProperty(response, name, { value, configurable: true, enumerable: true });
  return Object.defineProperty(response, 'clone', {
    value: () => withMembers(clone(), members),
    configurable: true,
    writable: true,
  });
}
