import ky from 'ky';

export const jira = ky.create({
  baseUrl: 'https://acme.atlassian.net',
  fetch: (input, init) => threelo.fetch(input, init),
  retry: 0,
  timeout: false,
});

// How the test calls it.
export const calls = {
  read: async () => (await jira.get('/rest/api/3/myself').json()).displayName,
  write: async (fields) => (await jira.post('/rest/api/3/issue', { json: { fields } }).json()).key,
  miss: () => jira.get('/rest/api/3/issue/NOPE-1'),
  upload: async (file) => {
    const body = new FormData();
    body.append('file', file);
    return (await jira.post('/rest/api/3/issue/ROC-1/attachments', { body }).json())[0].id;
  },
  download: (id) => {
    const searchParams = { redirect: false };
    return jira.get(`/rest/api/3/attachment/content/${id}`, { searchParams }).arrayBuffer();
  },
  call: (signal) => jira.get('/rest/api/3/serverInfo', { signal }),
};
