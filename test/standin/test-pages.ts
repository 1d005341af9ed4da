import { html, type Answer } from './http/answer.ts';
import type { Incoming } from './http/incoming.ts';

/** A page a test puts on a host. */
export interface TestPage {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body: string | Uint8Array;
}

/** Pages of arbitrary hosts. */
export interface TestPages {
  /** HTML unless the headers say otherwise. `path` is without the query. A function chooses the page for each request. */
  set(host: string, path: string, page: TestPage | ((request: Incoming) => TestPage)): void;
  find(request: Incoming): Answer | undefined;
  clear(): void;
}

/** No pages yet. */
export function openPages(): TestPages {
  const pages = new Map<string, (request: Incoming) => Answer>();
  return {
    set: (host, path, page) => {
      const key = `${host} ${path}`;
      if (typeof page === 'function') pages.set(key, (request) => answerOf(page(request)));
      else {
        const answer = answerOf(page);
        pages.set(key, () => answer);
      }
    },
    find: (request) => pages.get(`${request.host} ${request.path}`)?.(request),
    clear: () => pages.clear(),
  };
}

function answerOf({ status = 200, headers = {}, body }: TestPage): Answer {
  const type = { 'content-type': 'text/html;charset=UTF-8' };
  return { status, headers: { ...type, ...lowerCased(headers) }, body };
}

/** What a host answers for a path it does not have. */
export function notFound(): Answer {
  return html(404, '<!doctype html><title>Not found</title><h1>Not found</h1>');
}

function lowerCased(headers: NonNullable<TestPage['headers']>): Record<string, string | string[]> {
  return Object.fromEntries(
    Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]),
  );
}
