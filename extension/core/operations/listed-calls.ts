import { isCloudMethod, type CloudCall } from './operation-table.ts';

/** How many lines are read. */
export const maxListedCalls = 500;
/** Longer lines are no calls. */
const maxLineLength = 2048;

/** A list of calls as a person wrote it. */
export interface ListedCalls {
  /** Each with its line. */
  readonly calls: readonly (CloudCall & { readonly line: string })[];
  /** The lines that are no call, and those after {@link maxListedCalls}. */
  readonly unread: readonly string[];
}

/**
 * Reads calls, one a line: `GET /rest/api/3/search/jql`. Without a method it is `GET`. The path may have parameters in braces
 * (`/rest/api/3/issue/{key}`), a query, which is ignored, and be the end of a URL, of a site or of the gateway
 * (`https://api.atlassian.com/ex/jira/{cloudId}/…`). Empty lines and lines that begin with `#` are left out.
 */
export function readListedCalls(text: string): ListedCalls {
  const lines = text
    .split('\n')
    .map((line) => line.trim())
    .filter((line) => line !== '' && !line.startsWith('#'));
  const distinct = [...new Set(lines)];
  const read = distinct.map((line, at) => ({
    line,
    call: at < maxListedCalls ? readCall(line) : undefined,
  }));
  return {
    calls: read.flatMap(({ line, call }) => (call === undefined ? [] : [{ line, ...call }])),
    unread: read.flatMap(({ line, call }) => (call === undefined ? [line] : [])),
  };
}

function readCall(line: string): CloudCall | undefined {
  if (line.length > maxLineLength) return undefined;
  const [first = '', second, ...more] = line.split(/\s+/u);
  if (more.length > 0) return undefined;
  const method = second === undefined ? 'GET' : first.toUpperCase();
  const path = pathOf(second ?? first);
  if (path === undefined || !isCloudMethod(method)) return undefined;
  return { method, ...path };
}

const gatewayPath = /^\/ex\/(jira|confluence)\/[^/]+(\/.*)$/u;

function pathOf(input: string): Pick<CloudCall, 'product' | 'pathname'> | undefined {
  const [address = ''] = input.split(/[?#]/u, 1);
  const path = address.replace(/^https?:\/\/[^/]+/u, '');
  const [, product, rest] = gatewayPath.exec(path) ?? [];
  if (rest !== undefined) {
    return { product: product === 'jira' ? 'jira' : 'confluence', pathname: rest };
  }
  if (!/^\/[^/]/u.test(path)) return undefined;
  return { product: path.startsWith('/wiki/') ? 'confluence' : 'jira', pathname: path };
}
