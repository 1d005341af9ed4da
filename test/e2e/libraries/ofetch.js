import { createFetch } from 'ofetch';

export const jira = createFetch({
  fetch: (input, init) => threelo.fetch(input, init),
  defaults: { baseURL: 'https://acme.atlassian.net', retry: 0 },
});

// How the test calls it.
export const calls = {
  read: async () => (await jira('/rest/api/3/myself')).displayName,
  write: async (fields) => {
    return (await jira('/rest/api/3/issue', { method: 'POST', body: { fields } })).key;
  },
  miss: () => jira('/rest/api/3/issue/NOPE-1'),
  upload: async (file) => {
    const body = new FormData();
    body.append('file', file);
    return (await jira('/rest/api/3/issue/ROC-1/attachments', { method: 'POST', body }))[0].id;
  },
  download: (id) => {
    const options = { query: { redirect: false }, responseType: 'arrayBuffer' };
    return jira(`/rest/api/3/attachment/content/${id}`, options);
  },
  call: (signal) => jira('/rest/api/3/serverInfo', { signal }),
};
