import { Version3Client } from 'jira.js-5';

export const jira = new Version3Client({
  host: 'https://acme.atlassian.net',
  baseRequestConfig: {
    adapter: 'fetch',
    env: { fetch: (input, init) => threelo.fetch(input, init), Request, Response },
  },
});

// How the test calls it.
const issueIdOrKey = 'ROC-1';
export const calls = {
  read: async () => (await jira.myself.getCurrentUser()).displayName,
  write: async (fields) => (await jira.issues.createIssue({ fields })).key,
  miss: () => jira.issues.getIssue({ issueIdOrKey: 'NOPE-1' }),
  upload: async (file) => {
    const attachment = { filename: file.name, file, mimeType: file.type };
    return (await jira.issueAttachments.addAttachment({ issueIdOrKey, attachment }))[0].id;
  },
  download: (id) => jira.issueAttachments.getAttachmentContent({ id, redirect: false }),
  call: (signal) => jira.sendRequest({ method: 'GET', url: '/rest/api/3/serverInfo', signal }),
};
