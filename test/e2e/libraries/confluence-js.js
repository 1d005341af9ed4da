import { createV1Client, createV2Client } from 'confluence.js';
import { route } from 'threelo';

globalThis.fetch = route(globalThis.fetch);

const host = 'https://acme.atlassian.net';
export const confluence = { v1: createV1Client({ host }), v2: createV2Client({ host }) };

// How the test calls it.
export const calls = {
  read: async () => {
    const { results } = await confluence.v2.page.getPages({ spaceId: [65537], limit: 1 });
    return results[0].title;
  },
  write: async ({ summary: title }) =>
    (await confluence.v2.page.createPage({ body: { spaceId: '65537', title } })).id,
  miss: () => confluence.v2.page.getPageById({ id: 1 }),
  upload: async (file) => {
    const attachments = { filename: file.name, content: file };
    const { createAttachment } = confluence.v1.contentAttachments;
    return (await createAttachment({ id: '131073', attachments })).results[0].id;
  },
  download: (attachmentId) =>
    confluence.v1.contentAttachments.downloadAttatchment({ id: '131073', attachmentId }),
  call: () => confluence.v2.space.getSpaces(),
};
