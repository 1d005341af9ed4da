import { found, type Answer } from '../http/answer.ts';
import type { Page } from '../state/content.ts';
import { confluenceV2Error } from '../state/gateway-errors.ts';
import { boundedNumber, type Call, type Route } from '../state/route.ts';
import { CONFLUENCE_FILE_ROUTES } from './confluence-files.ts';
import { confluenceSearch } from './confluence-search.ts';
import { CONFLUENCE_WRITES } from './confluence-writes.ts';
import { picture } from './identity-api.ts';

/** Confluence REST, v1 and v2. */
export const CONFLUENCE_ROUTES: readonly Route[] = [
  { method: 'GET', path: /^\/wiki\/api\/v2\/spaces$/, handle: spaces },
  { method: 'GET', path: /^\/wiki\/api\/v2\/pages$/, handle: pages },
  {
    method: 'GET',
    path: /^\/wiki\/api\/v2\/pages\/([^/]+)$/,

    handle: onePage,
  },
  {
    method: 'GET',
    path: /^(?:\/wiki)?\/rest\/api\/search$/,
    handle: confluenceSearch,
  },
  {
    method: 'GET',
    path: /^(?:\/wiki)?\/rest\/api\/user\/current$/,
    handle: currentUser,
  },
  ...CONFLUENCE_FILE_ROUTES,
  ...CONFLUENCE_WRITES,
];

function spaces(call: Call): Answer {
  const { world, site } = call;
  const all = world.content.spaces
    .filter(({ cloudId }) => cloudId === site.cloudId)
    .map(({ id, key, name }) => ({
      id,
      key,
      name,
      type: 'global',
      status: 'current',
      _links: { webui: `/spaces/${key}` },
    }));
  return cursorPage(call, '/wiki/api/v2/spaces', all);
}

function pages(call: Call): Answer {
  const { world, site, incoming } = call;
  const spaceIds = incoming.query.getAll('space-id').flatMap((list) => list.split(','));
  const all = world.content.pages.filter(
    ({ cloudId, spaceId }) =>
      cloudId === site.cloudId && (spaceIds.length === 0 || spaceIds.includes(spaceId)),
  );
  return cursorPage(
    call,
    '/wiki/api/v2/pages',
    all.map((page) => pageView(call, page)),
  );
}

function onePage(call: Call): Answer {
  const page = call.world.content.pages.find(
    ({ cloudId, id }) => cloudId === call.site.cloudId && id === call.parameters[0],
  );
  if (page === undefined) return confluenceV2Error(404, 'NOT_FOUND', 'Not Found');
  return found(1, { ...pageView(call, page), _links: links(call, page) });
}

/** A page of a list: `limit` and an opaque `cursor`; the next one in `_links.next` and in Link (RFC 8288). */
function cursorPage(call: Call, path: string, all: readonly unknown[]): Answer {
  const { query } = call.incoming;
  const limit = Math.max(1, boundedNumber(query.get('limit'), 25, 250));
  const startAt = readCursor(query.get('cursor'));
  if (startAt === undefined) return confluenceV2Error(400, 'INVALID_REQUEST', 'Invalid cursor');
  const results = all.slice(startAt, startAt + limit);
  const endAt = startAt + results.length;
  const base = `${call.site.url}/wiki`;
  const { length } = results;
  if (endAt >= all.length) return found(length, { results, _links: { base } });
  const nextQuery = new URLSearchParams(query);
  nextQuery.set('cursor', Buffer.from(`after:${endAt}`).toString('base64url'));
  nextQuery.set('limit', String(limit));
  const next = `${path}?${nextQuery}`;
  return found(length, { results, _links: { next, base } }, { link: `<${next}>; rel="next"` });
}

function readCursor(cursor: string | null): number | undefined {
  if (cursor === null) return 0;
  const [, startAt] = /^after:(\d+)$/.exec(Buffer.from(cursor, 'base64url').toString('utf8')) ?? [];
  return startAt === undefined ? undefined : Number(startAt);
}

function pageView(call: Call, page: Page): Record<string, unknown> {
  const { id, title, spaceId, createdAtMs, text } = page;
  const hasStorage = call.incoming.query.get('body-format') === 'storage';
  return {
    id,
    status: 'current',
    title,
    spaceId,
    parentType: 'page',
    createdAt: new Date(createdAtMs).toISOString(),
    version: { number: 1, createdAt: new Date(createdAtMs).toISOString() },
    body: hasStorage ? { storage: { representation: 'storage', value: `<p>${text}</p>` } } : {},
    _links: links(call, page),
  };
}

function links({ site }: Call, { id, spaceKey }: Page): Record<string, string> {
  return { webui: `/spaces/${spaceKey}/pages/${id}`, base: `${site.url}/wiki` };
}

function currentUser({ site, account }: Call): Answer {
  const { accountId, name, email } = account;
  return found(1, {
    type: 'known',
    accountId,
    accountType: 'atlassian',
    email,
    publicName: name,
    displayName: name,
    profilePicture: { path: picture(account), width: 48, height: 48, isDefault: false },
    isExternalCollaborator: false,
    _links: { base: `${site.url}/wiki`, context: '/wiki' },
  });
}
