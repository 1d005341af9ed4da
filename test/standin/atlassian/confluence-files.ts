import type { Answer } from '../http/answer.ts';
import type { PageFile } from '../state/content.ts';
import { confluenceError } from '../state/gateway-errors.ts';
import type { Call, Route, ScopeRule } from '../state/route.ts';
import { redirectToMedia } from './media.ts';

const READ_FILES: ScopeRule = [
  ['readonly:content.attachment:confluence'],
  ['read:attachment:confluence'],
];

/** Downloads of files at pages: each redirects, and none has a parameter that prevents it. */
export const CONFLUENCE_FILE_ROUTES: readonly Route[] = [
  {
    method: 'GET',
    path: /^\/wiki\/rest\/api\/content\/(\d+)\/child\/attachment\/([^/]+)\/download$/,
    handle: (call) =>
      download(
        call,
        ({ id, pageId }) => pageId === call.parameters[0] && id === call.parameters[1],
      ),
  },
  {
    method: 'GET',
    path: /^\/wiki\/download\/(?:attachments|thumbnails)\/(\d+)\/([^/]+)$/,
    scopes: READ_FILES,
    handle: (call) =>
      download(
        call,
        ({ filename, pageId }) =>
          pageId === call.parameters[0] &&
          filename === decodeURIComponent(call.parameters[1] ?? ''),
      ),
  },
  {
    method: 'GET',
    path: /^\/wiki\/api\/v2\/attachments\/([^/]+)\/thumbnail\/download$/,
    handle: (call) => download(call, ({ id }) => id === call.parameters[0]),
  },
];

function download({ world, site }: Call, isMeant: (file: PageFile) => boolean): Answer {
  const found = world.content.pageFiles.find(
    (file) => file.cloudId === site.cloudId && isMeant(file),
  );
  return found === undefined
    ? confluenceError(404, 'No attachment found')
    : redirectToMedia(world, 302, found);
}
