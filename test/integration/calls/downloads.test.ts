/* Files of Atlassian's cloud, whose gateway redirects to the media service. */
import { beforeEach, describe, expect, test } from 'vitest';
import { ACME_CLOUD_ID } from '../../standin/facts/sites.ts';
import type { LogEntry } from '../../standin/http/traffic-log.ts';
import { rejection } from '../../support/faults.ts';
import { connect } from '../../support/harness.ts';
import { apiCalls, fetchAll, sitesAt, tokenRequests } from '../../support/page-calls.ts';
import { harness, standin, useSession } from '../use-session.ts';

const media = 'api.media.atlassian.com';
const foreign = 'evil.example';
const requestsTo = (host: string): LogEntry[] => standin.log.requests({ host });
const methodsAt = (host: string): string[] => requestsTo(host).map(({ method }) => method);

/** The headers of a request that a page or Threelo set; the others are the platform's own. */
const ownHeaders = (request: LogEntry | undefined): string[] =>
  Object.keys(request?.headers ?? {}).filter(
    (name) =>
      !/^(?:host|connection|user-agent|accept-encoding|accept-language|sec-fetch-mode|cache-control|pragma)$/u.test(
        name,
      ),
  );

/** What a page gets for a call in which nothing of a file may be. */
const refusal = async (input: string, method = 'GET'): Promise<unknown> => {
  const { code, subject } = await rejection(fetchAll(harness.page(), { input, method }));
  return subject === undefined ? code : { code, subject };
};

useSession({
  standin: { transport: 'tls' },
  scopes: ['offline_access', 'read:jira-work', 'read:attachment:confluence'],
});

const attachment = () =>
  standin.content.attachments.find(({ cloudId }) => cloudId === ACME_CLOUD_ID)!;
const pageFile = () => standin.content.pageFiles.find(({ cloudId }) => cloudId === ACME_CLOUD_ID)!;
const content = (): string => `/rest/api/3/attachment/content/${attachment().id}`;

const downloads: readonly (readonly [string, () => readonly [string, Buffer]])[] = [
  ['an attachment of Jira', () => [content(), attachment().bytes]],
  [
    'an attachment of Confluence by its REST API',
    () => {
      const { id, pageId, bytes } = pageFile();
      return [`/wiki/rest/api/content/${pageId}/child/attachment/${id}/download`, bytes];
    },
  ],
  [
    'an attachment of Confluence by its link',
    () => {
      const { filename, pageId, bytes } = pageFile();
      const name = encodeURIComponent(filename);
      return [`/wiki/download/attachments/${pageId}/${name}?version=1&api=v2`, bytes];
    },
  ],
  [
    'a thumbnail of Confluence',
    () => {
      const { id, bytes } = pageFile();
      return [`/wiki/api/v2/attachments/${id}/thumbnail/download`, bytes];
    },
  ],
];

test.each(downloads)('%s arrives byte for byte, and its address stays secret', async (_, of) => {
  const [input, bytes] = of();
  const reply = await fetchAll(harness.page(), { input });
  expect(reply).toMatchObject({ status: 200, url: `https://acme.atlassian.net${input}` });
  expect(reply.bytes.equals(bytes)).toBe(true);
  const { query } = requestsTo(media)[0]!;
  const { bytes: _bytes, chunk: _chunk, ...told } = reply;
  expect(JSON.stringify(told)).not.toContain(query.get('token'));
  expect(JSON.stringify(told)).not.toContain(media);
  expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [], crossings: [] });
});

test('the media service gets no credentials, and of the headers only those that say what is read', async () => {
  const headers: [string, string][] = [
    ['Accept', 'application/pdf'],
    ['Range', 'bytes=10-19'],
    ['If-None-Match', '"1"'],
    ['If-Modified-Since', 'Wed, 21 Oct 2015 07:28:00 GMT'],
    ['Accept-Language', 'tlh'],
    ['X-Atlassian-Token', 'no-check'],
    ['X-ExperimentalApi', 'opt-in'],
    ['If-Match', '"2"'],
    ['Content-Type', 'text/plain'],
  ];
  const reply = await fetchAll(harness.page(), { input: content(), headers });
  expect(reply.status).toBe(206);
  expect(reply.bytes.equals(attachment().bytes.subarray(10, 20))).toBe(true);
  const names = ['accept', 'if-modified-since', 'if-none-match', 'range'];
  expect(ownHeaders(requestsTo(media)[0]).toSorted()).toEqual(names);
  expect(ownHeaders(apiCalls(standin)[0]).toSorted()).toEqual([
    'accept',
    'authorization',
    ...names.slice(1),
  ]);
  expect(JSON.stringify(requestsTo(media)[0]?.headers)).not.toContain('tlh');
});

test.each([201, 202])('the location of a %i of the media service stays secret', async (status) => {
  for (const location of ['/file/uuid/binary?token=KEY', '/rest/api/3/file?token=KEY']) {
    const headers = { location };
    standin.faults.add({ kind: 'status', status, headers, match: { path: /^\/file\// } });
    const {
      bytes: _bytes,
      chunk: _chunk,
      ...told
    } = await fetchAll(harness.page(), {
      input: content(),
    });
    expect(told.status).toBe(status);
    expect(JSON.stringify(told)).not.toContain('KEY');
  }
});

test('a HEAD gets the headers of the file', async () => {
  const reply = await fetchAll(harness.page(), { input: content(), method: 'HEAD' });
  expect([reply.status, reply.bytes.length]).toEqual([200, 0]);
  expect(Object.fromEntries(reply.headers)).toHaveProperty('content-disposition');
  expect(methodsAt(media)).toEqual(['HEAD']);
});

test('no redirect is needed for a file that the product sends itself', async () => {
  const reply = await fetchAll(harness.page(), { input: `${content()}?redirect=false` });
  expect(reply.bytes.equals(attachment().bytes)).toBe(true);
  expect(requestsTo(media)).toEqual([]);
  // A file of any type is wanted, not JSON as elsewhere.
  expect(apiCalls(standin)[0]?.headers['accept']).toBe('*/*');
});

test.each([301, 302, 303, 307, 308])(
  'a %i to another host is refused by the name of that host, which gets no credentials',
  async (status) => {
    standin.pages.set(foreign, '/x', { body: 'a body' });
    const location = `https://${foreign}/x?token=secret`;
    standin.faults.add({ kind: 'redirect', status, location, match: { path: /content/u } });
    expect(await refusal(content())).toEqual({ code: 'redirect_refused', subject: foreign });
    expect(requestsTo(foreign).flatMap(ownHeaders)).toEqual(['accept']);
    expect(methodsAt(foreign)).toEqual(['GET']);
    expect(standin.auditor).toMatchObject({ cookieHeaders: [], strayBearers: [] });
  },
);

test('a redirect that only passes through another host gives it no credentials', async () => {
  standin.pages.set(foreign, '/x', {
    status: 302,
    headers: { location: `https://api.atlassian.com/ex/jira/${ACME_CLOUD_ID}${content()}` },
    body: '',
  });
  const location = `https://${foreign}/x`;
  standin.faults.add({ kind: 'redirect', status: 302, location, match: { path: /content/u } });
  // The gateway gets no token a second time either, and says so.
  expect(
    (await fetchAll(harness.page(), { input: content() })).bytes.equals(attachment().bytes),
  ).toBe(true);
  expect(requestsTo(foreign).map(({ headers }) => headers['authorization'])).toEqual([undefined]);
  expect(apiCalls(standin).map(({ status }) => status)).toEqual([302, 401, 303]);
});

test.each(['/rest/api/3/myself', '/rest/api/3/attachment/30000', '/wiki/download/export/a.pdf'])(
  'the redirect of %s, which is no download, is not followed',
  async (input) => {
    const location = `https://${media}/file/1/binary`;
    standin.faults.add({ kind: 'redirect', status: 302, location, match: { path: /^\/ex\// } });
    expect(await refusal(input)).toBe('redirect_refused');
    expect(requestsTo(media)).toEqual([]);
  },
);

test.each(['POST', 'PUT', 'PATCH', 'DELETE'])(
  'a redirect of %s is not followed',
  async (method) => {
    const sessions = await harness.ui('session.list', {});
    await connect(harness, sessions[0]!, { access: 'write' });
    const location = `https://${media}/file/1/binary`;
    standin.faults.add({ kind: 'redirect', status: 307, location, match: { path: /content/u } });
    await refusal(`https://acme.atlassian.net${content()}`, method);
    expect(requestsTo(media)).toEqual([]);
  },
);

test('another file of the site is refused, unless the connection covers its path', async () => {
  const sessions = await harness.ui('session.list', {});
  const other = content().replace('/api/3/', '/api/2/');
  const location = `https://api.atlassian.com/ex/jira/${ACME_CLOUD_ID}${other}?redirect=false`;
  const match = { path: /api\/3\/.*content/u };
  standin.faults.add({ kind: 'redirect', status: 302, location, match, times: Infinity });
  const connectTo = (...paths: string[]): Promise<void> =>
    connect(harness, sessions[0]!, { sites: sitesAt(sessions[0]!, 'acme'), paths });
  await connectTo(content());
  expect(await refusal(content())).toEqual({ code: 'not_allowed', subject: 'paths' });
  expect(await refusal(content(), 'HEAD')).toEqual({ code: 'not_allowed', subject: 'paths' });
  await connectTo(content(), other);
  const reply = await fetchAll(harness.page(), { input: content() });
  expect(reply.bytes.equals(attachment().bytes)).toBe(true);
});

test('another path of the gateway is what a 401 is: one refresh, then consent_required', async () => {
  standin.pages.set('api.atlassian.com', '/login', { body: 'a sign-in page' });
  const location = 'https://api.atlassian.com/login';
  const match = { path: /content/u };
  standin.faults.add({ kind: 'redirect', status: 302, location, match, times: Infinity });
  const before = tokenRequests(standin, 'refresh_token').length;
  expect(await refusal(content())).toBe('consent_required');
  expect(tokenRequests(standin, 'refresh_token').length).toBe(before + 1);
  // The cooldown of such a refusal: the same call does not refresh again.
  expect(await refusal(content())).toBe('consent_required');
  expect(tokenRequests(standin, 'refresh_token').length).toBe(before + 1);
});

test.each([200, 404, 429, 500, 503])('a sign-in page with %i is not delivered', async (status) => {
  standin.pages.set('api.atlassian.com', '/login', { status, body: 'a sign-in page' });
  const location = '/login';
  const match = { path: /content/u };
  standin.faults.add({ kind: 'redirect', status: 302, location, match, times: Infinity });
  expect(await refusal(content())).toBe('consent_required');
});

test('a file is delivered after the refresh that a sign-in page caused', async () => {
  const match = { path: /content/u };
  standin.faults.add({ kind: 'redirect', status: 302, location: '/login', match });
  const reply = await fetchAll(harness.page(), { input: content() });
  expect(reply.bytes.equals(attachment().bytes)).toBe(true);
});

test('an error page of the media service is a response, and a passing one is retried', async () => {
  const fault = standin.faults.add({
    kind: 'status',
    status: 503,
    match: { host: media },
    times: 2,
  });
  expect((await fetchAll(harness.page(), { input: content() })).status).toBe(200);
  expect(fault.hits()).toBe(2);
  standin.faults.add({ kind: 'status', status: 404, body: 'gone', match: { host: media } });
  const gone = await fetchAll(harness.page(), { input: content() });
  expect([gone.status, gone.bytes.toString()]).toEqual([404, 'gone']);
});

test('a media service that cannot be reached is `offline`, not a refused redirect', async () => {
  standin.faults.add({ kind: 'drop-before', match: { host: media }, times: Infinity });
  expect(await refusal(content())).toBe('offline');
});

test('a file that breaks off is `offline`', async () => {
  const match = { host: media, path: /binary/u };
  standin.faults.add({ kind: 'truncate', match, times: Infinity });
  expect(await refusal(content())).toBe('offline');
});

describe('a redirect to a host whose responses the browser hides', () => {
  /** As a browser: a followed request to a host without permission fails as if there were no connection. */
  beforeEach(() => {
    const { fetch } = harness.world;
    Object.assign(harness.world, {
      fetch: async (url: string, init: RequestInit) => {
        const response = await fetch(url, init);
        if (init.redirect === 'follow' && response.url.includes(foreign))
          throw new TypeError('Failed to fetch');
        return response;
      },
    });
    const location = `https://${foreign}/x`;
    const match = { path: /content/u };
    standin.faults.add({ kind: 'redirect', status: 302, location, match, times: Infinity });
  });

  test('is refused, without the name of the host', async () => {
    expect(await refusal(content())).toBe('redirect_refused');
  });

  test('is not looked for after the connection of the page has ended', async () => {
    const work = rejection(fetchAll(harness.page(), { input: content() }));
    await standin.log.waitFor(({ host }) => host === foreign);
    await harness.ui('grant.remove', { origin: 'https://dashboard.example' as never });
    expect((await work).code).toBe('not_connected');
    expect(apiCalls(standin)).toHaveLength(1);
  });
});
