import { html, type Answer } from './http/answer.ts';

/** A page a test puts on a host. */
export interface TestPage {
  readonly status?: number;
  readonly headers?: Readonly<Record<string, string | string[]>>;
  readonly body: string | Uint8Array;
}

/** Pages of arbitrary hosts. */
export interface TestPages {
  /** HTML unless the headers say otherwise. `path` is without the query. */
  set(host: string, path: string, page: TestPage): void;
  find(host: string, path: string): Answer | undefined;
  clear(): void;
}

/** No pages yet. */
export function openPages(): TestPages {
  const pages = new Map<string, Answer>();
  return {
    set: (host, path, { status = 200, headers = {}, body }) => {
      const type = { 'content-type': 'text/html;charset=UTF-8' };
      pages.set(`${host} ${path}`, { status, headers: { ...type, ...lowerCased(headers) }, body });
    },
    find: (host, path) => pages.get(`${host} ${path}`),
    clear: () => pages.clear(),
  };
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
