import type { ApiReply } from '#wire/api-call.ts';

/** Null body statuses: a `Response` with one of these cannot have a body. */
const nullBodyStatuses = new Set([204, 205, 304]);

/** A `Response` whose `url` is the requested URL of the site, also after `clone()`. */
export function toResponse(reply: ApiReply, pieces: readonly ArrayBuffer[]): Response {
  const body = nullBodyStatuses.has(reply.status) ? null : new Blob([...pieces]).stream();
  const response = new Response(body, {
    status: reply.status,
    statusText: reply.statusText,
    headers: reply.headers.map(([name, value]): [string, string] => [name, value]),
  });
  return withUrl(response, reply.url);
}

function withUrl(response: Response, url: string): Response {
  const clone = response.clone.bind(response);
  return Object.defineProperties(response, {
    url: { value: url, configurable: true, enumerable: true },
    clone: { value: () => withUrl(clone(), url), configurable: true, writable: true },
  });
}
