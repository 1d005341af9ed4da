import { bytes, json, text, type Answer } from '../http/answer.ts';
import type { Attachment } from '../state/content.ts';
import { jiraError, xsrfFailed } from '../state/gateway-errors.ts';
import type { Call, Route } from '../state/route.ts';
import { redirectToMedia } from './media.ts';

/** Upload and download of files at an issue. */
export const ATTACHMENT_ROUTES: readonly Route[] = [
  {
    method: 'POST',
    path: /^\/rest\/api\/[23]\/issue\/([^/]+)\/attachments$/,
    handle: upload,
  },
  {
    method: 'GET',
    path: /^\/rest\/api\/[23]\/attachment\/content\/(\d+)$/,
    handle: download,
  },
];

async function upload({ world, site, incoming, parameters, account }: Call): Promise<Answer> {
  if (!/^no-?check$/.test(incoming.headers['x-atlassian-token'] ?? '')) return xsrfFailed();
  const contentType = incoming.headers['content-type'] ?? '';
  if (!contentType.startsWith('multipart/form-data')) return text(415, 'Unsupported Media Type');
  const [named = ''] = parameters;
  const issue = world.content.issues.find(
    ({ cloudId, key, id }) => cloudId === site.cloudId && (key === named || id === named),
  );
  if (issue === undefined) {
    return jiraError(404, ['Issue does not exist or you do not have permission to see it.']);
  }
  const files = await readFiles(incoming.body, contentType);
  if (files.length === 0) return jiraError(400, ['No file was sent.']);
  const { attachments } = world.content;
  const created = files.map((file, index): Attachment => {
    const id = String(50000 + attachments.length + index);
    return { ...file, id, cloudId: site.cloudId, issueKey: issue.key };
  });
  attachments.push(...created);
  const now = new Date(world.clock.nowMs()).toISOString().replace('Z', '+0000');
  const author = { accountId: account.accountId, displayName: account.name };
  return json(
    200,
    created.map(({ id, filename, mimeType, bytes: { length } }) => ({
      self: `${site.url}/rest/api/3/attachment/${id}`,
      id,
      filename,
      author,
      created: now,
      size: length,
      mimeType,
      content: `${site.url}/rest/api/3/attachment/content/${id}`,
    })),
  );
}

/** The files of a multipart body. */
export async function readFiles(
  body: Buffer,
  contentType: string,
): Promise<Pick<Attachment, 'filename' | 'mimeType' | 'bytes'>[]> {
  const request = new Response(new Uint8Array(body), { headers: { 'content-type': contentType } });
  // A body that is no multipart after all holds no file.
  const form = await request.formData().catch(() => new FormData());
  const files = form.getAll('file').filter((entry) => entry instanceof File);
  return Promise.all(
    files.map(async (file) => ({
      filename: file.name,
      mimeType: file.type || 'application/octet-stream',
      bytes: Buffer.from(await file.arrayBuffer()),
    })),
  );
}

function download({ world, site, incoming, parameters }: Call): Answer {
  const found = world.content.attachments.find(
    ({ id, cloudId }) => id === parameters[0] && cloudId === site.cloudId,
  );
  if (found === undefined) {
    return jiraError(404, [`The attachment with id '${parameters[0]}' does not exist`]);
  }
  if (incoming.query.get('redirect') === 'false') return bytes(200, found.bytes, found.mimeType);
  return redirectToMedia(world, 303, found);
}
