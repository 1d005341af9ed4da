import createClient from 'openapi-fetch';

export const jira = createClient({
  baseUrl: 'https://acme.atlassian.net',
  fetch: (request) => threelo.fetch(request),
});

// How the test calls it.
export const calls = {
  read: async () => (await jira.GET('/rest/api/3/myself')).data.displayName,
  write: async (fields) => (await jira.POST('/rest/api/3/issue', { body: { fields } })).data.key,
  miss: async () => {
    const { data, error, response } = await jira.GET('/rest/api/3/issue/NOPE-1');
    return { data, hasError: error !== undefined, status: response.status };
  },
  upload: async (file) => {
    const body = new FormData();
    body.append('file', file);
    return (await jira.POST('/rest/api/3/issue/ROC-1/attachments', { body })).data[0].id;
  },
  download: async (id) => {
    const params = { path: { id }, query: { redirect: false } };
    const options = { params, parseAs: 'arrayBuffer' };
    return (await jira.GET('/rest/api/3/attachment/content/{id}', options)).data;
  },
  call: (signal) => jira.GET('/rest/api/3/serverInfo', { signal }),
};
