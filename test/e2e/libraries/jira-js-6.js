import { createCloudClient } from 'jira.js-6';
import { route } from 'threelo';

globalThis.fetch = route(globalThis.fetch);

export const jira = createCloudClient({ host: 'https://acme.atlassian.net' });

// How the test calls it.
const issueIdOrKey = 'ROC-1';
export const calls = {
  read: async () => (await jira.myself.getCurrentUser()).displayName,
  write: async (fields) => (await jira.issues.createIssue({ fields })).key,
  miss: () => jira.issues.getIssue({ issueIdOrKey: 'NOPE-1' }),
  upload: async (file) => {
    const attachments = { filename: file.name, content: file };
    return (await jira.issueAttachments.addAttachment({ issueIdOrKey, attachments }))[0].id;
  },
  download: (id) => jira.issueAttachments.getAttachmentContent({ id, redirect: false }),
  call: () => jira.serverInfo.getServerInfo(),
};
