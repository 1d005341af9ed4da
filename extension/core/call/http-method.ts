import type { Product } from '../session/site.ts';
import { BrokerError } from '../values/fault.ts';

/** The methods that a page may use. */
export const httpMethods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'] as const;
export type HttpMethod = (typeof httpMethods)[number];

/**
 * Parses a method regardless of case. `fetch` sends `patch` in lower case, which servers reject with 400.
 * @throws BrokerError `invalid_request` with subject `method`
 */
export function parseMethod(text: string): HttpMethod {
  const method = httpMethods.find((known) => known.toLowerCase() === text.toLowerCase());
  if (method === undefined) throw new BrokerError('invalid_request', { subject: 'method' });
  return method;
}

/** Atlassian's searches by POST, which change nothing. */
const readingPosts: Readonly<Record<Product, readonly RegExp[]>> = {
  jira: [
    /^\/rest\/api\/(2|3|latest)\/search(\/jql|\/approximate-count)?$/u,
    /^\/rest\/api\/(2|3|latest)\/issue\/bulkfetch$/u,
    /^\/rest\/api\/(2|3|latest)\/(jql\/(parse|match|sanitize|pdcleaner)|jql\/autocompletedata)$/u,
    /^\/rest\/api\/(2|3|latest)\/permissions\/check$/u,
  ],
  confluence: [
    /^\/wiki\/rest\/api\/search\/user$/u,
    /^\/wiki\/api\/v2\/content\/convert-ids-to-types$/u,
  ],
  bitbucket: [],
  bamboo: [],
  generic: [],
};

/** Whether a call only reads. A call that is not known to read counts as a write. */
export function isReading(method: HttpMethod, product: Product, pathname: string): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return method === 'POST' && readingPosts[product].some((pattern) => pattern.test(pathname));
}
