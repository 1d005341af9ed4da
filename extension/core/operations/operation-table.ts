import type { Product } from '../session/site.ts';

/** What Atlassian publishes of one operation of its cloud's REST APIs. */
export interface Operation {
  /**
   * The scopes with which OAuth 2.0 (3LO) apps may call it: all of one of the lists, the classic ones first. A list without
   * scopes: any session may. No list: 3LO apps may not call it at all.
   */
  readonly alternatives: readonly (readonly string[])[];
}

/** A call to a site in Atlassian's cloud. */
export interface CloudCall {
  readonly product: Product;
  readonly method: OperationMethod | 'HEAD';
  /** Serialized path below the site's URL. */
  readonly pathname: string;
}

/** The published operations of Jira, Jira Service Management and Confluence in Atlassian's cloud. */
export interface OperationTable {
  /**
   * The operation of a call; undefined when the table does not contain it. Where several templates fit the path, that one
   * which has a literal segment where the others have a parameter, the leftmost difference first.
   */
  find(call: CloudCall): Operation | undefined;
}

/** The first line of a table; the number changes with the format. */
export const tableHeader = 'threelo-operations 1';

/** The methods in a table; `HEAD` is looked up as `GET`. */
export const methodLetters = { GET: 'G', POST: 'P', PUT: 'U', PATCH: 'A', DELETE: 'D' } as const;
export type OperationMethod = keyof typeof methodLetters;

/** Whether the table may contain operations with a method. */
export function isCloudMethod(method: string): method is CloudCall['method'] {
  return method === 'HEAD' || Object.hasOwn(methodLetters, method);
}

/** In a table: in the place of a path parameter, and of the scopes of an operation that is closed to 3LO apps. */
export const parameterSign = '*';
export const closedSign = '-';

/** All templates that begin with the same segments. */
interface Branch {
  readonly literals: Map<string, Branch>;
  parameter?: Branch;
  /** By the letter of the method. */
  readonly operations: Map<string, Operation>;
}

/**
 * Parses a table of operations. Its lines:
 * 1. {@link tableHeader}.
 * 2. All scopes, separated by spaces. The other lines name them by their index, in base 36.
 * 3. One line for each path template, in words that are separated by spaces: how many leading segments it shares with the
 *    line before (in base 36); its other segments, joined by `/`, a parameter as `*`; then one word for each method.
 *
 * A method's word is its letter and the alternatives of {@link Operation}, separated by `|`, the scopes of each by `+`:
 * `G0|1k+2` is a `GET` that needs the first scope, or the two others. `P` alone needs none; `D-` is closed to 3LO apps.
 * @throws Error when a line does not have this form
 */
export function parseOperationTable(text: string): OperationTable {
  const { scopeLine, templates } = tableLines(text);
  const scopes = scopeLine.split(' ');
  const root = newBranch();
  const known = new Map<string, Operation>();
  for (const { segments, words } of templates) {
    const branch = branchOf(root, segments);
    for (const word of words) {
      const rule = word.slice(1);
      const operation = known.get(rule) ?? parseOperation(rule, scopes);
      known.set(rule, operation);
      branch.operations.set(word.charAt(0), operation);
    }
  }
  return { find: (call) => find(root, call) };
}

/** One path template of a table. */
interface TableLine {
  /** A parameter is {@link parameterSign}. */
  readonly segments: readonly string[];
  /** One for each method; its letter comes first. */
  readonly words: readonly string[];
}

/** The lines of a table, see {@link parseOperationTable}, whose templates are read one by one. @throws Error */
export function tableLines(text: string): {
  readonly scopeLine: string;
  readonly templates: Iterable<TableLine>;
} {
  const [header, scopeLine = '', ...lines] = text.trimEnd().split('\n');
  if (header !== tableHeader) throw malformed(header);
  return { scopeLine, templates: templatesOf(lines) };
}

function* templatesOf(lines: readonly string[]): Generator<TableLine> {
  let segments: readonly string[] = [];
  for (const line of lines) {
    const [shared = '', path = '', ...words] = line.split(' ');
    const kept = Number.parseInt(shared, 36);
    if (!(kept <= segments.length) || path === '' || words.length === 0) throw malformed(line);
    segments = [...segments.slice(0, kept), ...path.split('/')];
    yield { segments, words };
  }
}

function parseOperation(rule: string, scopes: readonly string[]): Operation {
  if (rule === closedSign) return { alternatives: [] };
  const scopeAt = (index: string): string => {
    const scope = scopes[Number.parseInt(index, 36)];
    if (scope === undefined) throw malformed(rule);
    return scope;
  };
  const alternatives = rule
    .split('|')
    .map((list) => (list === '' ? [] : list.split('+').map(scopeAt)));
  return { alternatives };
}

function newBranch(): Branch {
  return { literals: new Map(), operations: new Map() };
}

function branchOf(root: Branch, segments: readonly string[]): Branch {
  let branch = root;
  for (const segment of segments) {
    const next =
      (segment === parameterSign ? branch.parameter : branch.literals.get(segment)) ?? newBranch();
    if (segment === parameterSign) branch.parameter = next;
    else branch.literals.set(segment, next);
    branch = next;
  }
  return branch;
}

function find(root: Branch, { product, method, pathname }: CloudCall): Operation | undefined {
  const segments = publishedSegments(product, pathname);
  const letter = methodLetters[method === 'HEAD' ? 'GET' : method];
  return segments && search(root, segments, 0, letter);
}

function search(
  branch: Branch,
  segments: readonly string[],
  at: number,
  letter: string,
): Operation | undefined {
  const segment = segments[at];
  if (segment === undefined) return branch.operations.get(letter);
  const literal = branch.literals.get(segment);
  const found = literal && search(literal, segments, at + 1, letter);
  if (found !== undefined || branch.parameter === undefined || segment === '') return found;
  return search(branch.parameter, segments, at + 1, letter);
}

/**
 * The segments of a path as the published documents have them: those of Jira describe version 3 (`2` has the same operations,
 * `latest` is 3), those of Confluence begin with `/wiki`.
 */
function publishedSegments(product: Product, pathname: string): string[] | undefined {
  const segments = pathname.slice(1).split('/');
  if (pathname.includes('%')) {
    for (const [at, segment] of segments.entries()) segments[at] = decode(segment);
  }
  const [first, second, version] = segments;
  const isWiki = first === 'wiki';
  if (product === 'confluence') return isWiki ? segments : ['wiki', ...segments];
  if (product !== 'jira' || isWiki) return undefined;
  const isJiraApi = first === 'rest' && second === 'api';
  if (isJiraApi && (version === '2' || version === 'latest')) segments[2] = '3';
  return segments;
}

function decode(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
}

function malformed(line: string | undefined): Error {
  return new Error(`not a table of operations: ${line ?? ''}`);
}
