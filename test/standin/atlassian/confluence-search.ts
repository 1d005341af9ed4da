import { found, type Answer } from '../http/answer.ts';
import type { Page, Space } from '../state/content.ts';
import { confluenceError } from '../state/gateway-errors.ts';
import { boundedNumber, type Call } from '../state/route.ts';

/** GET rest/api/search: CQL clauses `type`, `space`, `text` and `title` joined by `and`. */
export function confluenceSearch(call: Call): Answer {
  const { world, site, incoming } = call;
  const cql = incoming.query.get('cql') ?? '';
  const test = readCql(cql);
  if (test === undefined) return confluenceError(400, `Could not parse cql : ${cql}`);
  const start = boundedNumber(incoming.query.get('start'), 0, 1_000_000);
  const limit = Math.max(1, boundedNumber(incoming.query.get('limit'), 25, 250));
  const all = world.content.pages.filter((page) => page.cloudId === site.cloudId && test(page));
  const shown = all.slice(start, start + limit);
  const nextQuery = new URLSearchParams({
    cql,
    start: String(start + limit),
    limit: String(limit),
  });
  const hasNext = start + shown.length < all.length;
  return found(shown.length, {
    results: shown.map((page) => result(page, world.content.spaces)),
    start,
    limit,
    size: shown.length,
    totalSize: all.length,
    cqlQuery: cql,
    searchDuration: 1,
    _links: {
      base: `${site.url}/wiki`,
      context: '/wiki',
      ...(hasNext ? { next: `/rest/api/search?${nextQuery}` } : {}),
    },
  });
}

type PageTest = (page: Page) => boolean;

function readCql(cql: string): PageTest | undefined {
  const [clauses = ''] = cql.split(/\border\s+by\b/i);
  const tests = clauses.split(/\band\b/i).map(readClause);
  return tests.every((test) => test !== undefined)
    ? (page) => tests.every((test) => test(page))
    : undefined;
}

function readClause(clause: string): PageTest | undefined {
  const [, field = '', operator = '', quoted = ''] =
    /^\s*(type|space|text|title)\s*(=|~)\s*("[^"]*"|'[^']*'|[^\s"']+)\s*$/i.exec(clause) ?? [];
  const value = quoted.replace(/^["']|["']$/g, '');
  const key = `${field.toLowerCase()}${operator}`;
  switch (key) {
    case 'type=':
      return () => value === 'page';
    case 'space=':
      return (page) => page.spaceKey === value;
    case 'title=':
      return (page) => page.title === value;
    case 'title~':
      return (page) => holds(page.title, value);
    case 'text~':
      return (page) => holds(`${page.title} ${page.text}`, value);
    default:
      return undefined;
  }
}

function holds(haystack: string, words: string): boolean {
  const text = haystack.toLowerCase();
  return words
    .toLowerCase()
    .split(/\s+/)
    .every((word) => text.includes(word.replace(/\*$/, '')));
}

function result(page: Page, spaces: readonly Space[]): Record<string, unknown> {
  const { id, title, text, spaceKey, createdAtMs } = page;
  const webui = `/spaces/${spaceKey}/pages/${id}`;
  return {
    content: { id, type: 'page', status: 'current', title, _links: { webui } },
    title,
    excerpt: text,
    url: webui,
    resultGlobalContainer: {
      title: spaces.find((space) => space.key === spaceKey)?.name ?? spaceKey,
      displayUrl: `/spaces/${spaceKey}`,
    },
    entityType: 'content',
    iconCssClass: 'aui-icon content-type-page',
    lastModified: new Date(createdAtMs).toISOString(),
  };
}
