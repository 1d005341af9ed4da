import { describe, expect, test } from 'vitest';
import { call, failure, usePageWorker, worker } from '../../test/support/page-worker.ts';

usePageWorker();

/** An object that no JSON text can hold. */
const cyclic: Record<string, unknown> = {};
cyclic['self'] = cyclic;
const numbers = Uint16Array.from([1, 2, 3, 65_535, 5]);

describe('a body is what fetch itself makes of the value', () => {
  test.each<[string, unknown, string]>([
    ['a string', 'würfel 資料', ''],
    ['a lone surrogate', 'a\uD800b', ''],
    ['an empty string', '', ''],
    ['a BigInt', 10n, ''],
    ['NaN', NaN, ''],
    ['a boolean', false, ''],
    ['a Date', new Date(0), ''],
    ['a Map', new Map([['a', 1]]), ''],
    ['an array', [1, [2]], ''],
    ['a cyclic object', cyclic, ''],
    ['an object with toString', { toString: () => 'text' }, ''],
    ['URL parameters', new URLSearchParams({ a: 'ä &', b: '' }), ''],
    ['an ArrayBuffer', numbers.buffer, ''],
    ['a typed array', Float64Array.from([0.1, -0]), ''],
    ['a part of a typed array', numbers.subarray(1, 3), ''],
    ['a DataView', new DataView(numbers.buffer, 2, 3), ''],
    ['a Blob', new Blob(['a', numbers], { type: 'image/PNG' }), ''],
    ['a Blob without a type', new Blob([numbers]), ''],
    ['a File', new File(['x'], 'würfel.txt', { type: 'text/plain' }), ''],
    ['a value beside a type', '{"a":1}', 'application/json'],
  ])('%s', async (_, body, type) => {
    const init = { method: 'POST', body, headers: type === '' ? {} : { 'content-type': type } };
    const expected = new Request('https://page.example/', init as RequestInit);
    const { method, headers, body: bytes } = await call('/rest/x', init);
    expect({ method, headers }).toEqual({ method: 'POST', headers: [...expected.headers] });
    expect(
      Buffer.from(bytes ?? new ArrayBuffer(0)).equals(Buffer.from(await expected.arrayBuffer())),
    ).toBe(true);
  });
  test.each([null, undefined])('%j is none', async (body) => {
    expect(await call('/rest/x', { method: 'POST', body })).toMatchObject({
      headers: [],
      body: null,
    });
  });
  test('a FormData is multipart, with the boundary that its type names', async () => {
    const form = new FormData();
    form.append('file', new Blob([numbers], { type: 'image/png' }), 'würfel.png');
    form.append('text', 'a\uD800');
    const { headers, body } = await call('/rest/x', { method: 'POST', body: form });
    const back = await new Response(body, { headers }).formData();
    const file = back.get('file') as File;
    expect([file.name, file.type, back.get('text')]).toEqual([
      'würfel.png',
      'image/png',
      'a\uFFFD',
    ]);
    expect(Buffer.from(await file.arrayBuffer())).toEqual(Buffer.from(numbers.buffer));
  });
  test('a stream is read to its end', async () => {
    const { headers, body } = await call('/rest/x', {
      method: 'POST',
      body: streamOf(3),
      duplex: 'half',
    });
    expect([headers, [...new Uint8Array(body ?? [])]]).toEqual([[], [0, 0, 0]]);
  });
  test.each<[string, unknown]>([
    ['a symbol', Symbol('a')],
    ['an object without toString', Object.create(null)],
    ['a stream that is being read', lockedStream()],
  ])('%s is an invalid request', async (_, body) => {
    const thrown = await failure('/rest/x', { method: 'POST', body });
    expect(thrown).toMatchObject({
      code: 'invalid_request',
      cause: expect.any(TypeError) as Error,
    });
    expect(worker.commands).toEqual([]);
  });
});

describe('a body may have 25 MiB', () => {
  const most = 26_214_400;
  const bodies: [string, (size: number) => BodyInit | Request][] = [
    ['a string', (size) => 'x'.repeat(size)],
    ['an ArrayBuffer', (size) => new ArrayBuffer(size)],
    ['a typed array', (size) => new Uint8Array(size)],
    ['a DataView', (size) => new DataView(new ArrayBuffer(size))],
    ['a Blob', (size) => new Blob([new Uint8Array(size)])],
    ['a stream', (size) => streamOf(size)],
    ['URL parameters', (size) => new URLSearchParams({ a: 'x'.repeat(size - 2) })],
  ];
  test.each(bodies)('%s', async (_, bodyOfSize) => {
    const init = { method: 'POST', duplex: 'half' };
    const request = await call('/rest/x', { ...init, body: bodyOfSize(most) });
    expect([request.body, request.writtenBytes]).toEqual([null, most]);
    expect(worker.commands).toEqual([
      ...Array.from({ length: 25 }, () => 'api.write'),
      'api.request',
    ]);
    worker.commands = [];
    const larger = await failure('/rest/x', { ...init, body: bodyOfSize(most + 1) });
    expect(larger).toMatchObject({ name: 'ThreeloError', code: 'too_large' });
    expect(worker.commands).toEqual([]);
  });
  test.each([
    ['passed as the input', (request: Request) => failure(request)],
    ['passed as init', (request: Request) => failure('/rest/x', request)],
  ])('a Request %s with a longer stream is not read further', async (_, send) => {
    let pulled = 0;
    const longer = new ReadableStream<Uint8Array>({
      pull: (controller) => {
        pulled += 1;
        if (pulled > 60) controller.close();
        else controller.enqueue(new Uint8Array(1_048_576));
      },
    });
    const init = { method: 'POST', body: longer, duplex: 'half' };
    const request = new Request('https://page.example/x', init);
    expect(await send(request)).toMatchObject({ code: 'too_large' });
    expect(pulled).toBeLessThan(30);
  });
});

function streamOf(bytes: number): ReadableStream<Uint8Array> {
  let left = bytes;
  return new ReadableStream({
    pull: (controller) => {
      const length = Math.min(left, 1_000_000);
      left -= length;
      if (length === 0) controller.close();
      else controller.enqueue(new Uint8Array(length));
    },
  });
}

function lockedStream(): ReadableStream {
  const stream = streamOf(1);
  stream.getReader();
  return stream;
}
