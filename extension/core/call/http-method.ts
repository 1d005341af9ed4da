import { products, type Product } from '../session/site.ts';
import { BrokerError } from '../values/fault.ts';
import { readingPosts } from './reading-posts.ts';

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

const readingPostPatterns = new Map(
  products.map((product) => [product, readingPosts[product].map(patternOf)]),
);

/** An id consists of letters, digits, `_` and `-`: with another character a server might read another path. */
function patternOf(template: string): RegExp {
  const source = template.replaceAll(/\{([^}]*)\}/gu, (_, words: string) =>
    words.includes(',')
      ? `(?:${words.replaceAll('.', String.raw`\.`).replaceAll(',', '|')})`
      : String.raw`[\w-]+`,
  );
  return new RegExp(`^${source}$`, 'u');
}

/** Whether a call only reads. A call that is not known to read counts as a write. */
export function isReading(method: HttpMethod, product: Product, pathname: string): boolean {
  if (method === 'GET' || method === 'HEAD') return true;
  return (
    method === 'POST' &&
    readingPostPatterns.get(product)?.some((pattern) => pattern.test(pathname)) === true
  );
}
