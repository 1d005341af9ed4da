import { expect, test } from 'vitest';
import { pageFault } from '#core/values/own-page-fault.ts';
import type { ApiChunk, ApiReply } from '#wire/api-call.ts';
import { arrivingBody } from './page-body.ts';
import { toResponse } from './page-response.ts';
import { ThreeloError } from './threelo-error.ts';

const bytesOf = (text: string) => new TextEncoder().encode(text).buffer;
const reply = (text: string): ApiReply => ({
  status: 200,
  statusText: 'OK',
  headers: [],
  url: 'https://acme.atlassian.net/rest/x',
  chunk: bytesOf(text),
  isComplete: false,
});

/** A response whose pieces a test delivers. */
function arriving(first = 'a') {
  const pieces: PromiseWithResolvers<ApiChunk>[] = [];
  const controller = new AbortController();
  const ended = { count: 0 };
  const head = reply(first);
  const body = arrivingBody(head.chunk, {
    readNext: () => {
      const piece = Promise.withResolvers<ApiChunk>();
      pieces.push(piece);
      return piece.promise;
    },
    end: () => (ended.count += 1),
    signal: controller.signal,
  });
  const deliver = (at: number, text: string, isComplete = false): void =>
    pieces[at]?.resolve({ chunk: bytesOf(text), isComplete });
  return { response: toResponse(head, body), pieces, deliver, controller, ended };
}
const turn = () => new Promise((resolve) => setTimeout(resolve));
const offline = () => new ThreeloError(pageFault('unavailable'));

test('what has arrived is read before the rest is there', async () => {
  const { response, pieces } = arriving('first');
  const reader = response.body?.getReader();
  expect(new TextDecoder().decode((await reader?.read())?.value)).toBe('first');
  expect(pieces).toHaveLength(4);
});

test('4 MiB are requested also when nobody reads, so that the worker is done with the response', async () => {
  const { pieces } = arriving('');
  await turn();
  expect(pieces).toHaveLength(4);
});

test('the pieces make up the body in order, also empty ones', async () => {
  const { response, deliver, pieces } = arriving('a');
  const text = response.text();
  await turn();
  expect(pieces).toHaveLength(4);
  deliver(1, 'c');
  deliver(0, '');
  deliver(2, '');
  deliver(3, 'd', true);
  expect(await text).toBe('acd');
});

test('at most 4 MiB are requested ahead of what is read', async () => {
  const { response, deliver, pieces } = arriving('');
  const reader = response.body?.getReader();
  void reader?.read();
  await turn();
  expect(pieces).toHaveLength(4);
  for (const at of [0, 1, 2, 3]) deliver(at, 'x');
  await turn();
  expect(pieces).toHaveLength(4);
  await reader?.read();
  await turn();
  expect(pieces).toHaveLength(5);
});

test.each(['arrayBuffer', 'blob', 'json', 'text', 'bytes'] as const)(
  'a body that breaks off is a ThreeloError of %s(), also of a clone',
  async (name) => {
    const { response, pieces } = arriving();
    const clone = response.clone();
    const read = Promise.allSettled([response[name](), clone[name]()]);
    await turn();
    const error = offline();
    pieces[0]?.reject(error);
    for (const one of await read) expect(one).toEqual({ status: 'rejected', reason: error });
  },
);

test('an abort errors the stream with its reason, and ends the call', async () => {
  const { response, controller, ended } = arriving();
  const text = response.text();
  await turn();
  const reason = new Error('left');
  controller.abort(reason);
  await expect(text).rejects.toBe(reason);
  expect(ended.count).toBe(1);
});

test('an abort after the last piece changes nothing', async () => {
  const { response, deliver, controller, ended } = arriving('a');
  const text = response.text();
  await turn();
  deliver(0, 'b', true);
  expect(await text).toBe('ab');
  controller.abort();
  expect(ended.count).toBe(0);
});

test('a page that cancels the stream ends the call', async () => {
  const { response, ended } = arriving();
  await response.body?.cancel();
  expect(ended.count).toBe(1);
});
