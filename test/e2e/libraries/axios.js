import axios from 'axios';

export const jira = axios.create({
  adapter: 'fetch',
  baseURL: 'https://acme.atlassian.net',
  env: { fetch: (input, init) => threelo.fetch(input, init), Request, Response },
});

// How the test calls it.
export const calls = {
  read: async () => (await jira.get('/rest/api/3/myself')).data.displayName,
  // A path is one of the page for axios, which then adds what the page's own server asks for.
  readByPath: async () => (await jira.get('/rest/api/3/myself', { baseURL: '' })).data.displayName,
  write: async (fields) => (await jira.post('/rest/api/3/issue', { fields })).data.key,
  miss: () => jira.get('/rest/api/3/issue/NOPE-1'),
  upload: async (file) => {
    const { data } = await jira.postForm('/rest/api/3/issue/ROC-1/attachments', { file });
    return data[0].id;
  },
  download: async (id) => {
    const params = { redirect: false };
    const url = `/rest/api/3/attachment/content/${id}`;
    return (await jira.get(url, { params, responseType: 'arraybuffer' })).data;
  },
  call: (signal) => jira.get('/rest/api/3/serverInfo', { signal }),
};
