/** What is sent, and what the page gets: the same over the double of `threelo/testing` and over the real background. */
import { beforeEach, describe, expect, test } from 'vitest';
import { until } from '../../support/until.ts';
import { behind } from '../page-subjects.ts';
import {
  acme,
  call,
  describeSubjects,
  issue,
  jiraOnly,
  myself,
  post,
  subject,
} from '../page-suite.ts';

describeSubjects(() => {
  describe('is sent', () => {
    const sent = () => behind.sent.at(-1);
    beforeEach(() => subject.grant({ ...jiraOnly, access: 'write' }));

    test('a POST that only reads, with read access', async () => {
      await subject.grant(jiraOnly);
      expect(await post('/rest/api/3/search/jql', { body: '{}' })).toMatchObject({ status: 200 });
    });

    test.each(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'])(
      '%s, in any letter case',
      async (method) => {
        await call(myself, { method });
        await call(myself, { method: method.toLowerCase() });
        expect(behind.sent.map((one) => one.method)).toEqual([method, method]);
      },
    );

    test('with the default headers, and without those that are ignored', async () => {
      await call(myself, {
        headers: { pragma: 'no-cache', 'sec-x': '1', traceparent: '00', cookie: 'a=b' },
      });
      expect(sent()?.headers).toEqual({ accept: 'application/json' });
      await call(myself, { method: 'DELETE' });
      expect(sent()?.headers).toEqual({
        accept: 'application/json',
        'x-atlassian-token': 'no-check',
      });
      const headers = { Accept: 'text/plain', 'X-Atlassian-Token': 'nocheck', 'If-Match': '"1"' };
      await call(myself, { method: 'DELETE', headers });
      expect(sent()?.headers).toEqual({
        accept: 'text/plain',
        'x-atlassian-token': 'nocheck',
        'if-match': '"1"',
      });
    });

    test.each<[string, BodyInit, string, string | undefined]>([
      ['a string', 'ä', 'ä', 'text/plain;charset=UTF-8'],
      [
        'parameters',
        new URLSearchParams({ a: '1 2' }),
        'a=1+2',
        'application/x-www-form-urlencoded;charset=UTF-8',
      ],
      ['a Blob', new Blob(['x'], { type: 'image/png' }), 'x', 'image/png'],
      ['bytes', new TextEncoder().encode('bytes'), 'bytes', undefined],
      ['a stream', new Blob(['of a stream']).stream(), 'of a stream', undefined],
      ['3 MiB', 'x'.repeat(3 * 2 ** 20), 'x'.repeat(3 * 2 ** 20), 'text/plain;charset=UTF-8'],
    ])('with a body: %s', async (_, body, text, type) => {
      const copy = body instanceof ReadableStream ? new Blob([text]).stream() : body;
      await post(issue, { body: copy, duplex: 'half' } as RequestInit);
      expect(sent()?.body).toBe(text);
      expect(sent()?.headers['content-type']).toBe(type);
    });

    test('with a form', async () => {
      const form = new FormData();
      form.set('file', new Blob(['dice']), 'würfel.txt');
      await post(`${issue}/ROC-1/attachments`, { body: form });
      expect(sent()?.headers['content-type']).toMatch(/^multipart\/form-data; boundary=/u);
      expect(sent()?.body).toMatch(/filename="würfel.txt"[\s\S]*dice/u);
    });

    test('with the body of a Request', async () => {
      await call(
        new Request(acme + issue, {
          method: 'POST',
          body: '{"a":1}',
          headers: { 'content-type': 'application/json' },
        }),
      );
      expect(sent()).toMatchObject({
        body: '{"a":1}',
        headers: { 'content-type': 'application/json' },
      });
    });
  });

  describe('its response', () => {
    test('has status, visible headers, body and the URL at the site', async () => {
      const headers = {
        'content-type': 'text/plain',
        etag: '"1"',
        'set-cookie': 'a=b',
        'x-internal': '1',
        'ratelimit-reason': 'x',
        'x-arequestid': 'y',
      };
      behind.answer = () => new Response('denied', { status: 418, statusText: 'Teapot', headers });
      expect(await call(`${myself}?expand=groups`)).toMatchObject({
        status: 418,
        statusText: 'Teapot',
        url: `${acme}${myself}?expand=groups`,
        text: 'denied',
        headers: [
          ['content-type', 'text/plain'],
          ['etag', '"1"'],
          ['ratelimit-reason', 'x'],
          ['x-arequestid', 'y'],
        ],
      });
    });

    test.each([204, 304, 404])('has the status %i', async (status) => {
      behind.answer = () => new Response(null, { status });
      expect(await call(myself)).toMatchObject({ status, text: '' });
    });

    test('has the address of what was created, when it is at the site', async () => {
      await subject.grant({ ...jiraOnly, access: 'write' });
      const create = (location: string) => {
        behind.answer = () => new Response(null, { status: 201, headers: { location } });
        return post(issue, { body: '{}' });
      };
      expect((await create(`${acme}${issue}/ROC-2`))['headers']).toEqual([
        ['location', `${acme}${issue}/ROC-2`],
      ]);
      expect((await create('https://elsewhere.example/'))['headers']).toEqual([]);
    });

    test('has no address that is outside the paths of the connection', async () => {
      await subject.grant({ ...jiraOnly, access: 'write', paths: ['/rest/api/3/issue'] });
      behind.answer = () =>
        new Response(null, { status: 201, headers: { location: `${acme}/rest/api/3/myself` } });
      expect((await post('/rest/api/3/issue', { body: '{}' }))['headers']).toEqual([]);
    });

    test('is there with its head, and its body is a stream', async () => {
      const more = Promise.withResolvers<undefined>();
      behind.answer = () =>
        new Response(
          new ReadableStream({
            start: async (controller) => {
              controller.enqueue(new TextEncoder().encode('first '));
              await more.promise;
              controller.enqueue(new TextEncoder().encode('second'));
              controller.close();
            },
          }),
        );
      const response = await subject.threelo.fetch(myself);
      const copy = response.clone();
      more.resolve(undefined);
      expect(await response.text()).toBe('first second');
      expect([copy.url, await copy.text()]).toEqual([acme + myself, 'first second']);
    });

    test('of 3 MB arrives complete', async () => {
      const bytes = Uint8Array.from({ length: 3_000_000 }, (_, at) => at % 251);
      behind.answer = () => new Response(bytes);
      const response = await subject.threelo.fetch(myself);
      expect(Buffer.from(await response.arrayBuffer()).equals(Buffer.from(bytes))).toBe(true);
    });

    test('is refused when it is a redirect', async () => {
      await subject.grant({ ...jiraOnly, access: 'write' });
      behind.answer = () => new Response(null, { status: 302, headers: { location: '/login' } });
      expect(await call(myself)).toMatchObject({ code: 'redirect_refused' });
      expect(await call(`${issue}/ROC-1`, { method: 'PUT', body: '{}' })).toMatchObject({
        code: 'outcome_unknown',
      });
      expect(await call('/rest/api/3/priority/1', { method: 'DELETE' })).toMatchObject({
        status: 303,
        headers: [],
      });
    });
  });

  describe('an abort', () => {
    const held = () => {
      const seen: { signal?: AbortSignal } = {};
      behind.answer = ({ signal }) => {
        seen.signal = signal;
        return new Promise(() => undefined);
      };
      return seen;
    };

    test('before the call sends nothing', async () => {
      expect(await call(myself, { signal: AbortSignal.abort('early') })).toEqual({
        thrown: 'early',
      });
      expect(behind.sent).toEqual([]);
    });

    test('during the call rejects with its reason, and cancels the request', async () => {
      const seen = held();
      const controller = new AbortController();
      const end = call(myself, { signal: controller.signal });
      await until(() => seen.signal !== undefined);
      controller.abort('late');
      expect(await end).toEqual({ thrown: 'late' });
      await until(() => seen.signal?.aborted === true);
    });

    test('during the body errors the stream with its reason', async () => {
      behind.answer = () =>
        new Response(
          new ReadableStream({
            start: (one) => {
              one.enqueue(new Uint8Array(9));
            },
          }),
        );
      const controller = new AbortController();
      const response = await subject.threelo.fetch(myself, { signal: controller.signal });
      const text = response.text().catch((thrown: unknown) => thrown);
      controller.abort('late');
      expect(await text).toBe('late');
    });
  });
});
