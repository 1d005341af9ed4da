import * as undici from 'undici';
import { describe, expect, test, vi } from 'vitest';
import { chunkBytes, type ApiRequest } from '#wire/api-call.ts';
import { call, failure, pageFetch, usePageWorker, worker } from '../../test/support/page-worker.ts';
import { ThreeloError } from './threelo-error.ts';

const PlatformRequest = Request;
/** What a page may put in the place of a class of the platform. */
const PageClass = vi.fn();
usePageWorker();
const textOf = (body: ArrayBuffer | null): string | null =>
  body === null ? null : new TextDecoder().decode(body);

describe('what is passed as the input is read as fetch reads it', () => {
  test.each([
    ['a path', '/rest/api/3/myself', '/rest/api/3/myself'],
    ['a URL', new URL('https://acme.atlassian.net/x'), 'https://acme.atlassian.net/x'],
    ['undefined', undefined, 'undefined'],
    ['null', null, 'null'],
    ['a number', 7, '7'],
    ['a String object', Object('/rest/x'), '/rest/x'],
    ['an object with toString', { toString: () => '/rest/x' }, '/rest/x'],
    ['an object with a url alone', { url: '/rest/x', toString: () => '/y' }, '/y'],
    ['an empty object', {}, '[object Object]'],
  ])('%s', async (_, input, expected) => {
    expect((await call(input)).input).toBe(expected);
  });

  test.each([
    ['without toString', Object.create(null)],
    [
      'whose toString throws',
      {
        toString: () => {
          throw new RangeError('no text');
        },
      },
    ],
  ])('an object %s is an invalid request', async (_, input) => {
    const thrown = await failure(input);
    expect(thrown).toBeInstanceOf(ThreeloError);
    expect(thrown).toMatchObject({ code: 'invalid_request', cause: expect.any(Error) as Error });
    expect(worker.commands).toEqual([]);
  });
});

test('the site and the account that a call names are passed on', async () => {
  const request = await call('/rest/x', { site: 'Acme', account: 'one' });
  expect(request).toMatchObject({ site: 'Acme', account: 'one' });
});

describe('a Request', () => {
  const init = {
    method: 'PUT',
    headers: { 'content-type': 'application/json', 'if-match': '"1"' },
    body: '{"a":1}',
  };
  const expected = {
    method: 'PUT',
    input: '/rest/api/3/issue/ROC-1?x=1',
    headers: [
      ['content-type', 'application/json'],
      ['if-match', '"1"'],
    ],
    body: '{"a":1}',
  };
  const url = 'https://page.example/rest/api/3/issue/ROC-1?x=1';
  const seen = ({ method, input, headers, body }: ApiRequest) => ({
    method,
    input,
    headers,
    body: textOf(body),
  });

  test('of this page', async () => {
    expect(seen(await call(new Request(url, init)))).toEqual(expected);
  });
  test('of another realm', async () => {
    const foreign = new undici.Request(url, init);
    expect(foreign).not.toBeInstanceOf(Request);
    expect(seen(await call(foreign))).toEqual(expected);
  });
  test('that was made before the page replaced window.Request', async () => {
    const early = new Request(url, init);
    vi.stubGlobal('Request', PageClass);
    expect(seen(await call(early))).toEqual(expected);
  });
  test('of a class that replaced window.Request', async () => {
    class PageRequest extends PlatformRequest {}
    vi.stubGlobal('Request', PageRequest);
    expect(seen(await call(new PageRequest(url, init)))).toEqual(expected);
  });
  test('of a removed frame, whose own methods never end', async () => {
    const orphan = new Request(url, init);
    Object.defineProperties(orphan, {
      body: { value: undefined }, // as in Firefox
      arrayBuffer: { value: () => new Promise(() => {}) },
    });
    expect(seen(await call(orphan))).toEqual(expected);
  });
  test('passed as init', async () => {
    const request = new Request('https://page.example/other', init);
    expect(seen(await call('/rest/api/3/issue/ROC-1?x=1', request))).toEqual(expected);
  });
  test('with an init that replaces its members', async () => {
    const request = await call(new Request(url, init), {
      method: 'POST',
      headers: { accept: 'text/plain' },
      body: new URLSearchParams({ b: '2' }),
    });
    expect(seen(request)).toMatchObject({ method: 'POST', body: 'b=2' });
    expect(Object.fromEntries(request.headers)).toEqual({
      accept: 'text/plain',
      'content-type': 'application/x-www-form-urlencoded;charset=UTF-8',
    });
  });
  test('without a body sends none', async () => {
    expect((await call(new Request(url))).body).toBeNull();
    expect((await call(new Request(url, { method: 'POST' }))).body).toBeNull();
  });
  test('whose body was read before is an invalid request', async () => {
    const used = new Request(url, init);
    await used.text();
    expect(await failure(used)).toMatchObject({ name: 'ThreeloError', code: 'invalid_request' });
    expect(worker.commands).toEqual([]);
  });
  test('whose signal is aborted rejects with its reason', async () => {
    const reason = new Error('left');
    expect(await failure(new Request(url, { signal: AbortSignal.abort(reason) }))).toBe(reason);
  });
});

describe('an invalid request is a ThreeloError', () => {
  test.each([
    ['a method that is no token', { method: 'a b' }],
    ['a header that is no field', { headers: { 'a b': 'c' } }],
    ['a body in a GET', { body: 'x' }],
    ['a signal that is none', { signal: {} }],
    ['a stream that breaks', { method: 'POST', body: brokenStream() }],
    ['a stream of something else than bytes', { method: 'POST', body: textStream() }],
    [
      'a getter that throws',
      {
        get method() {
          throw new RangeError('no method');
        },
      },
    ],
  ])('%s', async (_, init) => {
    const thrown = await failure('/rest/x', init);
    expect(thrown).toBeInstanceOf(ThreeloError);
    expect(thrown).toMatchObject({ code: 'invalid_request' });
    expect(worker.commands).toEqual([]);
  });
});

test.each([null, undefined, {}])('init %j is a GET without a body', async (init) => {
  expect(await call('/rest/x', init)).toMatchObject({ method: 'GET', headers: [], body: null });
});

test('an abort while the body is read rejects at once with its reason, and nothing is sent', async () => {
  let isCancelled = false;
  const endless = new ReadableStream<Uint8Array>({
    cancel: () => {
      isCancelled = true;
    },
  });
  const controller = new AbortController();
  const { signal } = controller;
  const ended = failure('/rest/x', { method: 'POST', body: endless, signal });
  const reason = new Error('left');
  controller.abort(reason);
  expect(await ended).toBe(reason);
  await new Promise((resolve) => setTimeout(resolve));
  expect({ isCancelled, commands: worker.commands }).toEqual({ isCancelled: true, commands: [] });
});

describe('when the worker stops', () => {
  test.each(['GET', 'HEAD'])('a %s is sent once more, as another call', async (method) => {
    worker.lost = ['api.request'];
    expect((await pageFetch('/rest/x', { method })).status).toBe(200);
    expect(worker.sent.map((one) => one.method)).toEqual([method, method]);
    expect(new Set(worker.sent.map(({ callId }) => callId)).size).toBe(2);
  });
  test('a read that is lost twice is unavailable', async () => {
    worker.lost = ['api.request', 'api.request'];
    expect(await failure('/rest/x')).toMatchObject({ code: 'unavailable' });
    expect(worker.sent).toHaveLength(2);
  });
  test.each(['POST', 'PUT', 'DELETE'])('the outcome of a %s is unknown', async (method) => {
    worker.lost = ['api.request'];
    const thrown = await failure('/rest/x', { method });
    expect(thrown).toMatchObject({ name: 'ThreeloError', code: 'outcome_unknown' });
    expect(worker.sent).toHaveLength(1);
  });
  test('while a body is uploaded, the request was not sent', async () => {
    worker.lost = ['api.write'];
    const body = new Uint8Array(chunkBytes + 1);
    const thrown = await failure('/rest/x', { method: 'POST', body });
    expect(thrown).toMatchObject({ name: 'ThreeloError', code: 'unavailable' });
    expect(worker.sent).toHaveLength(0);
  });
});

describe('a response', () => {
  test.each([
    [200, true],
    [404, false],
    [599, false],
    [600, false],
    [999, false],
  ])('of status %i has that status, also after clone()', async (status, ok) => {
    worker.reply = { status, statusText: 'Odd' };
    const response = await pageFetch('/rest/x');
    const clone = response.clone();
    for (const one of [response, clone, clone.clone()]) {
      expect(one).toBeInstanceOf(Response);
      expect(one).toMatchObject({ status, ok, statusText: 'Odd', redirected: false });
      expect(one.url).toBe('https://acme.atlassian.net/rest/api/3/myself');
    }
    expect(await response.json()).toEqual({ ok: true });
  });
  test.each([204, 205, 304])(
    'of status %i ends although its body has not arrived',
    async (status) => {
      worker.reply = { status, isComplete: false };
      expect((await pageFetch('/rest/x')).body).toBeNull();
      expect(worker.commands).toEqual(['api.request', 'api.abort']);
    },
  );
  test.each([204, 205, 304])('of status %i has no body', async (status) => {
    worker.reply = { status };
    const response = await pageFetch('/rest/x');
    expect([response.status, response.body]).toEqual([status, null]);
  });
  test.each(['a\nb', 'Ω', '\u0000'])('with the status text %j has none', async (statusText) => {
    worker.reply = { statusText };
    expect(await pageFetch('/rest/x')).toMatchObject({ status: 200, statusText: '' });
  });
  test('is one of the platform after the page replaced window.Response', async () => {
    const PlatformResponse = Response;
    vi.stubGlobal('Response', PageClass);
    expect(await pageFetch('/rest/x')).toBeInstanceOf(PlatformResponse);
  });
  test('that cannot be represented is a ThreeloError', async () => {
    worker.reply = { headers: [['a b', 'c']] };
    const thrown = await failure('/rest/x');
    expect(thrown).toBeInstanceOf(ThreeloError);
    expect(thrown).toMatchObject({ code: 'unavailable', cause: expect.any(Error) as Error });
  });
});

function brokenStream(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => {
      controller.error(new TypeError('broken'));
    },
  });
}

function textStream(): ReadableStream {
  return new ReadableStream({
    pull: (controller) => {
      controller.enqueue('text');
      controller.close();
    },
  });
}
