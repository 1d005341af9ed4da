import { PUBLISHED_OPERATIONS, type PublishedOperation } from '../facts/published-operations.ts';
import type { Product } from '../facts/sites.ts';
import { found, json, type Answer } from '../http/answer.ts';

interface Template {
  readonly operation: PublishedOperation;
  readonly pattern: RegExp;
  /** Sorts the template with the more literal segments first, the leftmost counts most. */
  readonly rank: string;
}

/** By method and number of segments. */
const TEMPLATES = new Map<string, Template[]>();
for (const template of PUBLISHED_OPERATIONS.map(templateOf)) {
  const { method, path } = template.operation;
  const key = keyOf(method, path);
  TEMPLATES.set(key, [...(TEMPLATES.get(key) ?? []), template]);
}
for (const templates of TEMPLATES.values())
  templates.sort((one, other) => (one.rank < other.rank ? -1 : 1));

function templateOf(operation: PublishedOperation): Template {
  const segments = operation.path.split('/');
  const source = segments.map((segment) =>
    segment.startsWith('{') ? '[^/]+' : segment.replaceAll('.', String.raw`\.`),
  );
  const rank = segments.map((segment) => (segment.startsWith('{') ? '1' : '0')).join('');
  return { operation, pattern: new RegExp(`^${source.join('/')}$`), rank };
}

function keyOf(method: string, path: string): string {
  return `${method} ${path.split('/').length}`;
}

/** The operation of a request below `/ex/{product}/{cloudId}`, if it is published. */
export function operationOf(
  product: Product,
  method: string,
  path: string,
): PublishedOperation | undefined {
  const published = publishedPath(product, path);
  if (published === undefined) return undefined;
  const templates = TEMPLATES.get(keyOf(method, published));
  return templates?.find(({ pattern }) => pattern.test(published))?.operation;
}

/** Jira's documents describe version 3, which has the operations of version 2; Confluence takes its v1 paths without `/wiki` too. */
function publishedPath(product: Product, path: string): string | undefined {
  if (product === 'confluence') return path.startsWith('/rest/api/') ? `/wiki${path}` : path;
  return path.startsWith('/wiki/')
    ? undefined
    : path.replace(/^\/rest\/api\/(?:2|latest)\//, '/rest/api/3/');
}

/** What an operation answers that has no state here. */
export function plausibleAnswer({ api, method, path }: PublishedOperation): Answer {
  const isOne = path.endsWith('}');
  switch (method) {
    case 'GET':
      if (isOne) return found(1, { id: '10001' });
      return found(0, api.startsWith('confluence') ? EMPTY_RESULTS : EMPTY_VALUES);
    case 'POST':
      return json(201, { id: '10001' });
    case 'PUT':
      return json(200, { id: '10001' });
    default:
      return { status: 204 };
  }
}

const EMPTY_VALUES = { startAt: 0, maxResults: 50, total: 0, isLast: true, values: [] };
const EMPTY_RESULTS = { results: [], _links: {} };
