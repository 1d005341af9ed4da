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
  products.map((product) => [product, readingPosts[product].map((path) => patternOf(path))]),
);

/** By default an id consists of letters, digits, `_` and `-`: with another character a server might read another path. */
function patternOf(template: string, id = String.raw`[\w-]+`): RegExp {
  const source = template.replaceAll(/\{([^}]*)\}/gu, (_, words: string) =>
    words.includes(',') ? `(?:${words.replaceAll('.', String.raw`\.`).replaceAll(',', '|')})` : id,
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

/**
 * The writes that Jira Cloud runs as a task and answers with a 303, whose `Location` is the task.
 * @see https://developer.atlassian.com/cloud/jira/platform/rest/v3/ (v2 has the same operations)
 */
export const taskWrites: readonly (readonly [method: HttpMethod, path: string])[] = [
  // api-group-issue-fields
  ['DELETE', 'field/{id}'],
  // api-group-issue-custom-field-options
  ['DELETE', 'field/{fieldId}/context/{contextId}/option/{optionId}/issue'],
  // api-group-issue-custom-field-options--apps-
  ['DELETE', 'field/{fieldKey}/option/{optionId}/issue'],
  // api-group-issue-properties
  ['POST', 'issue/properties'],
  ['POST', 'issue/properties/multi'],
  ['PUT', 'issue/properties/{propertyKey}'],
  ['DELETE', 'issue/properties/{propertyKey}'],
  // api-group-issue-security-schemes
  ['PUT', 'issuesecurityschemes/project'],
  ['DELETE', 'issuesecurityschemes/{schemeId}/level/{levelId}'],
  // api-group-issue-priorities
  ['DELETE', 'priority/{id}'],
  // api-group-issue-resolutions
  ['DELETE', 'resolution/{id}'],
  // api-group-projects
  ['POST', 'project/{projectIdOrKey}/delete'],
  // api-group-workflow-schemes
  ['POST', 'workflowscheme/update'],
  // api-group-workflow-scheme-drafts
  ['POST', 'workflowscheme/{id}/draft/publish'],
];

const taskWritePatterns = taskWrites.map(
  ([method, path]) => [method, patternOf(`/rest/api/{2,3,latest}/${path}`, '[^/]+')] as const,
);

/** Whether a call is one of {@link taskWrites}, of Jira Cloud. */
export function startsTask(method: HttpMethod, pathname: string): boolean {
  return taskWritePatterns.some(
    ([ofMethod, pattern]) => ofMethod === method && pattern.test(pathname),
  );
}
