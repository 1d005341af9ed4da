/** What is refused, and what the person allows: the same over the double of `threelo/testing` and over the real background. */
import { describe, expect, test, vi } from 'vitest';
import { until } from '../../support/until.ts';
import { behind } from '../page-subjects.ts';
import {
  acme,
  all,
  call,
  describeSubjects,
  endOf,
  issue,
  jiraOnly,
  myself,
  own,
  post,
  subject,
  type FetchArguments,
} from '../page-suite.ts';

describeSubjects(() => {
  describe('is refused before it is sent', () => {
    const big = new Uint8Array(25 * 2 ** 20 + 1);
    test.each<[string, string, FetchArguments]>([
      ['a write', 'not_allowed', [issue, { method: 'POST', body: '{}' }]],
      ['DELETE', 'not_allowed', [`${issue}/ROC-1`, { method: 'DELETE' }]],
      ['a method that is not supported', 'invalid_request', [myself, { method: 'OPTIONS' }]],
      ['a method that fetch refuses', 'invalid_request', [myself, { method: 'TRACE' }]],
      [
        'a header that is not allowed',
        'invalid_request',
        [myself, { headers: { authorization: 'Bearer x' } }],
      ],
      [
        'a header with a value that is too long',
        'invalid_request',
        [myself, { headers: { accept: 'x'.repeat(1025) } }],
      ],
      [
        'too many headers',
        'invalid_request',
        [
          myself,
          { headers: Object.fromEntries(Array.from({ length: 65 }, (_, at) => [`x-${at}`, ''])) },
        ],
      ],
      ['a path that leaves the API', 'invalid_request', ['/browse/ROC-1']],
      ['a dot segment', 'invalid_request', ['/rest/api/../x']],
      ['an encoded dot segment', 'invalid_request', ['/rest/api/%2e%2e/x']],
      ['an encoded slash', 'invalid_request', ['/rest/api/3/a%2Fb']],
      ['a fragment', 'invalid_request', [`${myself}#x`]],
      ['a query that overrides the method', 'invalid_request', [`${myself}?_method=DELETE`]],
      [
        'a path that makes credentials',
        'not_allowed',
        ['/rest/api/3/webhook', { method: 'POST', body: '{}' }],
      ],
      ['no URL', 'invalid_request', ['rest/api/3/myself']],
      ['plain http', 'invalid_request', ['http://acme.atlassian.net/rest/api/3/myself']],
      ['a URL with a user', 'invalid_request', ['https://x@acme.atlassian.net/rest/api/3/myself']],
      ['GET with a body', 'invalid_request', [myself, { method: 'GET', body: 'x' }]],
      [
        'a body of more than 25 MiB',
        'too_large',
        ['/rest/api/3/search/jql', { method: 'POST', body: big }],
      ],
    ])('%s: %s', async (title, code, given) => {
      const end = await call(...given);
      expect(end).toMatchObject({ name: 'ThreeloError', code });
      // `can` looks at no body, and is rejected for what cannot be asked.
      const refused = { code, message: String(end['message']).replace('api.request', 'page.can') };
      const asked = await subject.threelo.can(...given).catch((thrown: unknown) => thrown);
      expect(asked).toMatchObject(title.includes('body') ? { ok: true } : refused);
      expect(behind.sent).toEqual([]);
    });

    test('with write access too, where it makes credentials', async () => {
      await subject.grant({ ...jiraOnly, access: 'write' });
      expect(await post('/rest/api/3/webhook', { body: '{}' })).toMatchObject({
        code: 'not_allowed',
      });
    });

    test('outside the paths that were granted', async () => {
      await subject.grant({ ...all, access: 'write', paths: [issue, '/rest/api/2/issue/'] });
      expect(await call(myself)).toMatchObject({ code: 'not_allowed' });
      expect(await call(`${issue}type`, { site: acme })).toMatchObject({ code: 'not_allowed' });
      expect(await post(issue, { body: '{}', site: acme })).toMatchObject({ status: 200 });
      expect(await call(`${own}/rest/api/2/issue`)).toMatchObject({ code: 'not_allowed' });
      expect(await call(`${own}/rest/api/2/issue/1`)).toMatchObject({ status: 200 });
    });
  });

  describe('requestAccess', () => {
    const request = (...given: Parameters<typeof subject.threelo.requestAccess>) =>
      endOf(
        subject.threelo
          .requestAccess(...given)
          .then((sites) => sites.map(({ url, access }) => [url, access])),
      );

    test('gives what the person allows, tells the page, and calls go by it', async () => {
      behind.decide = () => true;
      const changed = vi.fn();
      subject.threelo.addEventListener('change', changed);
      expect(await request({ access: 'write' })).toEqual({ value: [[acme, 'write']] });
      expect(changed).toHaveBeenCalledTimes(1);
      subject.threelo.removeEventListener('change', changed);
      expect(behind.asked).toEqual([{ kind: 'access', access: 'write' }]);
      expect(await post(issue, { body: '{}' })).toMatchObject({ status: 200 });
      // A connection with write access keeps it.
      expect(await request()).toEqual({ value: [[acme, 'write']] });
    });

    test('is `not_allowed` when the person denies, and the same question is not asked again', async () => {
      expect(await request({ access: 'write' })).toMatchObject({ code: 'not_allowed' });
      expect(await request({ access: 'write' })).toMatchObject({ code: 'not_allowed' });
      expect(behind.asked).toHaveLength(1);
      await request();
      await request({ products: ['jira'] });
      await request({ products: ['confluence'] });
      // After three denials none is asked.
      expect(behind.asked).toHaveLength(3);
      await subject.grant(jiraOnly);
      await request({ access: 'write' });
      expect(behind.asked).toHaveLength(4);
    });

    test('asks the same question of several callers once', async () => {
      behind.decide = () => true;
      await Promise.all([request({ access: 'write' }), request({ access: 'write' })]);
      expect(behind.asked).toHaveLength(1);
    });

    test('adds paths to those that are allowed already', async () => {
      behind.decide = () => true;
      await subject.grant({ ...jiraOnly, paths: [issue] });
      expect(await call(myself)).toMatchObject({ code: 'not_allowed' });
      await request({ paths: [myself] });
      expect([await call(myself), await call(issue)]).toMatchObject([
        { status: 200 },
        { status: 200 },
      ]);
      expect(await call('/rest/api/3/serverInfo')).toMatchObject({ code: 'not_allowed' });
    });

    test.each<[string, object]>([
      ['an access that does not exist', { access: 'all' }],
      ['a product that does not exist', { products: ['trello'] }],
      ['a path with a query', { paths: ['/rest/?x'] }],
      ['no paths', { paths: [] }],
      ['a function', { access: () => 'write' }],
    ])('refuses %s', async (_, wanted) => {
      expect(await request(wanted)).toMatchObject({ code: 'invalid_request' });
      expect(behind.asked).toEqual([]);
    });
  });

  describe('the end of a connection', () => {
    const held = async (...given: FetchArguments): Promise<Promise<Record<string, unknown>>[]> => {
      behind.answer = () => new Promise(() => undefined);
      const end = call(...given);
      await until(() => behind.sent.length === 1);
      return [end];
    };

    test('by the page', async () => {
      const changed = vi.fn();
      subject.threelo.addEventListener('change', changed);
      await subject.threelo.disconnect();
      subject.threelo.removeEventListener('change', changed);
      expect(changed).toHaveBeenCalledTimes(1);
      await subject.threelo.disconnect();
      const refused = { name: 'ThreeloError', code: 'not_connected' };
      expect(await endOf(subject.threelo.sites())).toMatchObject(refused);
      expect(await call(myself)).toMatchObject(refused);
      expect(await call('https://elsewhere.example/')).toMatchObject(refused);
      expect(await endOf(subject.threelo.requestAccess())).toMatchObject(refused);
    });

    test('by the person ends calls and questions with `not_connected`', async () => {
      const [end] = await held(myself);
      await subject.disconnect();
      expect(await end).toMatchObject({ code: 'not_connected' });
      await subject.grant({ sites: ['acmeJira', 'globexJira'] });
      behind.decide = () => {
        void subject.disconnect();
        return false;
      };
      expect(await call(myself)).toMatchObject({ code: 'not_connected' });
    });

    test('for one site ends its calls with `not_allowed`', async () => {
      const [end] = await held(myself);
      await subject.grant({ sites: ['globexJira'] });
      expect(await end).toMatchObject({ code: 'not_allowed' });
    });

    test('for writes ends one that was sent as `outcome_unknown`', async () => {
      await subject.grant({ ...jiraOnly, access: 'write' });
      const [end] = await held(issue, { method: 'POST', body: '{}' });
      await subject.grant(jiraOnly);
      expect(await end).toMatchObject({ code: 'outcome_unknown' });
    });

    test('by the person ends a write that was sent with `not_connected` too', async () => {
      await subject.grant({ ...jiraOnly, access: 'write' });
      const [end] = await held(issue, { method: 'POST', body: '{}' });
      await subject.disconnect();
      expect(await end).toMatchObject({ code: 'not_connected' });
    });

    test('in the middle of a body', async () => {
      behind.answer = () =>
        new Response(
          new ReadableStream({
            start: (one) => {
              one.enqueue(new Uint8Array(9));
            },
          }),
        );
      const response = await subject.threelo.fetch(myself);
      const end = endOf(response.text());
      await subject.disconnect();
      expect(await end).toMatchObject({ code: 'not_connected' });
    });
  });
});
