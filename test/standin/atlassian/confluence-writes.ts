import { json, text, type Answer } from '../http/answer.ts';
import { parseJson } from '../http/incoming.ts';
import type { Page } from '../state/content.ts';
import { confluenceError, confluenceV2Error, xsrfFailed } from '../state/gateway-errors.ts';
import type { Call, Route } from '../state/route.ts';
import { readFiles } from './jira-attachments.ts';

/** What changes Confluence: a new page (REST v2), and files at a page (REST v1). */
export const CONFLUENCE_WRITES: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/wiki\/api\/v2\/pages$/,
    handle: createPage,
  },
  {
    method: 'POST',
    path: /^\/wiki\/rest\/api\/content\/([^/]+)\/child\/attachment$/,
    handle: attach,
  },
];

function createPage({ world, site, incoming }: Call): Answer {
  const { spaceId, title } = (parseJson(incoming.body.toString('utf8')) ?? {}) as Partial<Page>;
  const space = world.content.spaces.find(
    ({ id, cloudId }) => id === spaceId && cloudId === site.cloudId,
  );
  if (space === undefined || typeof title !== 'string')
    return confluenceV2Error(400, 'INVALID_REQUEST_PARAMETER', 'spaceId and title are needed');
  const createdAtMs = world.clock.nowMs();
  const id = String(900_001 + world.content.pages.length);
  const { cloudId } = site;
  const made = {
    id,
    title,
    spaceId: space.id,
    spaceKey: space.key,
    cloudId,
    createdAtMs,
    text: '',
  };
  world.content.pages.push(made);
  const createdAt = new Date(createdAtMs).toISOString();
  const links = { webui: `/spaces/${space.key}/pages/${id}`, base: `${site.url}/wiki` };
  return json(200, { id, status: 'current', title, spaceId: space.id, createdAt, _links: links });
}

async function attach({ world, site, incoming, parameters }: Call): Promise<Answer> {
  if (!/^no-?check$/.test(incoming.headers['x-atlassian-token'] ?? '')) return xsrfFailed();
  const contentType = incoming.headers['content-type'] ?? '';
  if (!contentType.startsWith('multipart/form-data')) return text(415, 'Unsupported Media Type');
  const page = world.content.pages.find(
    ({ id, cloudId }) => id === parameters[0] && cloudId === site.cloudId,
  );
  if (page === undefined) return confluenceError(404, 'No content found');
  const files = await readFiles(incoming.body, contentType);
  if (files.length === 0) return confluenceError(400, 'At least one file is needed');
  const { pageFiles } = world.content;
  const made = files.map((file, index) => {
    const id = `att${900_001 + pageFiles.length + index}`;
    return { ...file, id, pageId: page.id, cloudId: page.cloudId };
  });
  pageFiles.push(...made);
  const results = made.map(({ id, filename, mimeType, bytes: { length } }) => ({
    id,
    type: 'attachment',
    status: 'current',
    title: filename,
    extensions: { mediaType: mimeType, fileSize: length },
  }));
  return json(200, { results, size: results.length, _links: { base: `${site.url}/wiki` } });
}
