import { found, type Answer } from '../http/answer.ts';
import { parseJson } from '../http/incoming.ts';
import type { Issue } from '../state/content.ts';
import { jiraError } from '../state/gateway-errors.ts';
import { boundedNumber, type Call } from '../state/route.ts';

interface Search {
  readonly jql: string;
  readonly fields: readonly string[];
  readonly maxResults: number;
  readonly nextPageToken: string | undefined;
}

const MOST_RESULTS = 100;

/** GET search/jql. */
export function searchGet(call: Call): Answer {
  const { query } = call.incoming;
  return search(call, {
    jql: query.get('jql') ?? '',
    fields: query.getAll('fields').flatMap((list) => list.split(',')),
    maxResults: boundedNumber(query.get('maxResults'), 50, MOST_RESULTS),
    nextPageToken: query.get('nextPageToken') ?? undefined,
  });
}

/** POST search/jql. */
export function searchPost(call: Call): Answer {
  const parsed = parseJson(call.incoming.body.toString('utf8'));
  if (typeof parsed !== 'object' || parsed === null) {
    return jiraError(400, ['There was an error parsing JSON.']);
  }
  const body = parsed as Partial<Search>;
  return search(call, {
    jql: typeof body.jql === 'string' ? body.jql : '',
    fields: Array.isArray(body.fields) ? body.fields.map(String) : [],
    maxResults: boundedNumber(String(body.maxResults ?? 50), 50, MOST_RESULTS),
    nextPageToken: body.nextPageToken,
  });
}

/** `project = KEY`, `project in (…)` and `ORDER BY` are understood, other clauses are ignored. */
function search(call: Call, wanted: Search): Answer {
  const [clauses = '', order = ''] = wanted.jql.split(/\border\s+by\b/i);
  if (clauses.trim() === '') {
    return jiraError(400, [
      'Unbounded JQL queries are not allowed here. Please add a search restriction to your query.',
    ]);
  }
  const keys = projectKeys(clauses);
  const here = call.world.content.issues.filter(({ cloudId }) => cloudId === call.site.cloudId);
  const unknown = keys.find((key) => !here.some((issue) => issue.projectKey === key));
  if (unknown !== undefined) {
    return jiraError(400, [`The value '${unknown}' does not exist for the field 'project'.`]);
  }
  const matching = here.filter((issue) => keys.length === 0 || keys.includes(issue.projectKey));
  const sorted = sortIssues(matching, order);
  const startAt = readPageToken(wanted);
  if (startAt === undefined) return jiraError(400, ['Invalid nextPageToken.']);
  const issues = sorted.slice(startAt, startAt + wanted.maxResults);
  const endAt = startAt + issues.length;
  const isLast = endAt >= sorted.length;
  return found(issues.length, {
    issues: issues.map((issue) => view(call, issue, wanted.fields)),
    ...(isLast ? {} : { nextPageToken: makePageToken(endAt, wanted.jql) }),
    isLast,
  });
}

function projectKeys(clauses: string): string[] {
  const [, one] = /\bproject\s*=\s*["']?(\w+)["']?/i.exec(clauses) ?? [];
  if (one !== undefined) return [one.toUpperCase()];
  const [, many] = /\bproject\s+in\s*\(([^)]*)\)/i.exec(clauses) ?? [];
  return many?.split(',').map((key) => key.replace(/["'\s]/g, '').toUpperCase()) ?? [];
}

function sortIssues(issues: readonly Issue[], order: string): Issue[] {
  const [, field = 'key', direction = 'asc'] = /^\s*(\w+)(?:\s+(asc|desc))?/i.exec(order) ?? [];
  const sign = direction.toLowerCase() === 'desc' ? -1 : 1;
  const rank = (issue: Issue): number => {
    if (/^created/i.test(field)) return issue.createdAtMs;
    return /^updated/i.test(field) ? issue.updatedAtMs : Number(issue.id);
  };
  return [...issues].sort((one, other) => sign * (rank(one) - rank(other) || +one.id - +other.id));
}

/** Only the id unless fields are named, as the search endpoint does. */
function view(
  { world, site }: Call,
  issue: Issue,
  fields: readonly string[],
): Record<string, unknown> {
  const names = fields.filter((name) => name !== '');
  if (names.length === 0) return { id: issue.id };
  const hasAll = names.some((name) => ['*all', '*navigable'].includes(name));
  const shown = Object.entries(issue.fields).filter(([name]) => hasAll || names.includes(name));
  return {
    id: issue.id,
    key: issue.key,
    self: `https://${world.hosts.api}/ex/jira/${site.cloudId}/rest/api/3/issue/${issue.id}`,
    fields: Object.fromEntries(shown),
  };
}

/** A page token is good for the query it came from only. */
function makePageToken(startAt: number, jql: string): string {
  return Buffer.from(JSON.stringify({ startAt, jql })).toString('base64url');
}

function readPageToken({ nextPageToken, jql }: Search): number | undefined {
  if (nextPageToken === undefined) return 0;
  const read = parseJson(Buffer.from(nextPageToken, 'base64url').toString('utf8')) as
    { startAt: number; jql: string } | undefined;
  return read?.jql === jql ? read.startAt : undefined;
}
