/* Bodies of requests and responses, and the streams that responses are. */
import { createHash } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { seededBytes } from '../../standin/facts/seeded-bytes.ts';
import type { Fault } from '../../standin/http/faults.ts';
import { pollUntil, withDeadline } from '../machine/deadline.ts';
import { goBackInPage } from '../page/go-back.ts';
import {
  beginInPage,
  downloadInPage,
  endingsInPage,
  openInPage,
  prepareToLeaveInPage,
  readAllInPage,
  readInPage,
  uploadInPage,
  waitForBytesInPage,
} from '../page/stream-calls.ts';
import { digest } from '../steps/download.ts';
import { browserName, callThreelo, dashboard, waitForApi } from '../steps/steps.ts';
import { page, setting, useConnectedTab } from './setting.ts';

useConnectedTab();

test('FormData goes up as multipart, and the attachment comes back byte for byte', async () => {
  const seen = await page.evaluate(async () => {
    const bytes = Uint8Array.from({ length: 70_000 }, (_, at) => (at * 31 + (at >> 8)) % 256);
    const form = new FormData();
    form.append('file', new Blob([bytes], { type: 'application/octet-stream' }), 'würfel.bin');
    const up = await window.threelo.fetch('/rest/api/3/issue/ROC-1/attachments', {
      method: 'POST',
      headers: { 'X-Atlassian-Token': 'no-check' },
      body: form,
    });
    const [attachment] = (await up.json()) as { id: string; filename: string }[];
    const down = await window.threelo.fetch(
      `/rest/api/3/attachment/content/${attachment?.id ?? ''}?redirect=false`,
    );
    const back = new Uint8Array(await down.arrayBuffer());
    return {
      name: attachment?.filename,
      same: back.length === bytes.length && back.every((b, at) => b === bytes[at]),
    };
  });
  expect(seen).toEqual({ name: 'würfel.bin', same: true });
});

test('a stream and a Blob go up too', async () => {
  const texts = await page.evaluate(async () => {
    const post = async (body: BodyInit): Promise<string> => {
      const init = { method: 'POST', headers: { 'Content-Type': 'text/plain' }, body };
      return (await window.threelo.fetch('/rest/api/3/echo', init)).text();
    };
    return [
      await post(new Blob(['a blob'])),
      await post(new Response('a stream').body as ReadableStream),
    ];
  });
  expect(texts).toEqual(['a blob', 'a stream']);
});

test('a body past 25 MiB is refused before anything is sent', async () => {
  const sent = setting.standin.log.requests({ path: /echo$/u }).length;
  const codes = await page.evaluate(async (size) => {
    const post = (body: BodyInit): Promise<string | undefined> =>
      window.threelo.fetch('/rest/api/3/echo', { method: 'POST', body }).then(
        () => 'sent',
        (thrown: { code?: string }) => thrown.code,
      );
    const bytes = new Uint8Array(size);
    return [
      await post(bytes),
      await post(new Blob([bytes])),
      await post(new Response(bytes).body as ReadableStream),
    ];
  }, 26_214_401);
  expect(codes).toEqual(['too_large', 'too_large', 'too_large']);
  expect(setting.standin.log.requests({ path: /echo$/u })).toHaveLength(sent);
});

test('every kind of body goes up as fetch itself would send it', async () => {
  const different = await page.evaluate(async () => {
    const cyclic: Record<string, unknown> = {};
    cyclic['self'] = cyclic;
    const numbers = Uint16Array.from([1, 2, 3, 65_535, 5]);
    const form = new FormData();
    form.append('text', 'würfel');
    const bodies: Record<string, unknown> = {
      bigint: 10n,
      nan: NaN,
      cyclic,
      map: new Map([['a', 1]]),
      date: new Date(0),
      'lone surrogate': 'a\uD800b',
      'typed array': numbers.subarray(1, 4),
      'data view': new DataView(numbers.buffer, 2, 3),
      'array buffer': numbers.buffer,
      blob: new Blob(['a', numbers], { type: 'image/png' }),
      'url parameters': new URLSearchParams({ a: 'ä &' }),
    };
    const hex = (bytes: ArrayBuffer): string => new Uint8Array(bytes).join();
    const wrong: string[] = [];
    for (const [name, body] of Object.entries(bodies)) {
      const init = { method: 'POST', body: body as BodyInit };
      const request = new Request('https://page.example/', init);
      const response = await window.threelo.fetch('/rest/api/3/echo', init);
      const isSame = hex(await response.arrayBuffer()) === hex(await request.clone().arrayBuffer());
      const type = response.headers.get('content-type');
      const expected = request.headers.get('content-type');
      if (!isSame || (expected !== null && type !== expected)) wrong.push(`${name} ${type ?? ''}`);
    }
    const init = { method: 'POST', body: form };
    const back = await (await window.threelo.fetch('/rest/api/3/echo', init)).formData();
    return { wrong, text: back.get('text') };
  });
  expect(different).toEqual({ wrong: [], text: 'würfel' });
});

const mebibyte = 1_048_576;
const streamed = '/rest/api/3/serverInfo';
const isFirefox = browserName() === 'firefox';
const never = new Promise<never>(() => undefined);
/** The least of three readings: buffers are freed a little after the collection that found them unused. */
async function memory(): Promise<number> {
  const readings: number[] = [];
  for (let at = 0; at < 3; at += 1) readings.push(await setting.browser.workerMemoryBytes());
  return Math.min(...readings);
}
/** Has the next calls answered with these pieces. */
const serve = (
  pieces: () => AsyncIterable<Uint8Array>,
  also: { times?: number; contentType?: string } = {},
): Fault =>
  setting.standin.faults.add({ kind: 'stream', pieces, match: { path: /serverInfo$/u }, ...also });
/** How many streamed responses the browser has given up. */
const countAborted = (): number =>
  setting.standin.log.requests({ path: /serverInfo$/u }).filter(({ aborted }) => aborted).length;
const callOther = (of = page): Promise<unknown> => callThreelo(of, '/rest/api/3/myself');

describe('the worker holds little of', () => {
  test('25 MiB up: nothing when they are sent', async () => {
    await callOther();
    const before = await memory();
    setting.standin.faults.add({ kind: 'status', status: 204, match: { path: /echo$/u } });
    const sent = await page.evaluate(uploadInPage, '/rest/api/3/echo', 25 * mebibyte);
    const upstream = setting.standin.log.requests({ path: /echo$/u }).at(-1);
    expect(upstream?.bodyBytes).toBe(25 * mebibyte);
    expect(digest(upstream?.body ?? Buffer.alloc(0))).toBe(sent);
    expect((await memory()) - before).toBeLessThan(20_000_000);
  });

  // Firefox reads a response from the network whether it is read or not: there the server waits for the page.
  test('100 MiB down, at any moment', async () => {
    const before = await memory();
    const hash = createHash('sha256');
    const samples: Promise<number>[] = [];
    serve(async function* () {
      for (let at = 0; at < 100; at += 1) {
        const piece = seededBytes(mebibyte, `piece ${String(at)}`);
        hash.update(piece);
        yield piece;
        if (isFirefox) await page.evaluate(waitForBytesInPage, (at - 7) * mebibyte);
        if (at % 24 === 20) samples.push(memory());
      }
    });
    const seen = await page.evaluate(downloadInPage, streamed);
    expect(seen).toEqual({ length: 100 * mebibyte, digest: hash.digest('hex') });
    for (const sample of [...(await Promise.all(samples)), await memory()])
      expect(sample - before).toBeLessThan(20_000_000);
  });

  test('responses that a page does not read: the server waits, other calls go on, and closing the page ends all', async () => {
    const before = await memory();
    const reader = await setting.browser.openPage(dashboard);
    const offered = isFirefox ? 8 : 200;
    let sentBytes = 0;
    const unread = 3;
    serve(
      async function* () {
        for (let at = 0; at < offered; at += 1) {
          yield seededBytes(mebibyte, 'unread');
          sentBytes += mebibyte;
        }
        await never;
      },
      { times: unread },
    );
    const ended = countAborted();
    await waitForApi(reader);
    await reader.evaluate(beginInPage, streamed, unread);
    // It has stopped when it sends nothing more during further calls.
    for (let last = -1; last !== sentBytes;) {
      last = sentBytes;
      for (let at = 0; at < 10; at += 1)
        expect(await callOther(reader)).toMatchObject({ status: 200 });
    }
    if (!isFirefox) {
      expect(sentBytes).toBeLessThan(unread * 50 * mebibyte);
      expect((await memory()) - before).toBeLessThan(unread * 4 * mebibyte);
    }
    await reader.close();
    await pollUntil(
      () => Promise.resolve(countAborted() === ended + unread || undefined),
      'the server to see its connections closed',
    );
    expect((await memory()) - before).toBeLessThan(4 * mebibyte);
  });
});

describe('a response is a stream', () => {
  test('its first byte is there before the server sends the second MiB', async () => {
    const isRead = Promise.withResolvers<undefined>();
    serve(async function* () {
      yield Buffer.from('first');
      yield Buffer.alloc(mebibyte - 5, '.');
      await isRead.promise;
      yield Buffer.from('second');
    });
    await page.evaluate(openInPage, streamed);
    expect(await page.evaluate(readInPage)).toMatch(/^first/u);
    isRead.resolve(undefined);
  });

  test('events arrive one by one, and an abort ends them and the connection', async () => {
    const wanted = [1, 2].map(() => Promise.withResolvers<undefined>());
    const event = (at: number): string => `data: ${String(at)}\n\n`;
    async function* events(): AsyncGenerator<Uint8Array> {
      // Firefox passes the head of a response on with the first byte of its body.
      yield Buffer.from(event(0));
      for (const [at, { promise }] of wanted.entries()) {
        await promise;
        yield Buffer.from(event(at + 1));
      }
      await never;
    }
    const open = serve(events, { contentType: 'text/event-stream' });
    await page.evaluate(openInPage, streamed);
    expect(await page.evaluate(readInPage)).toBe(event(0));
    for (const [at, { resolve }] of wanted.entries()) {
      resolve(undefined);
      expect(await page.evaluate(readInPage)).toBe(event(at + 1));
    }
    await page.evaluate(() => {
      window.left.abort();
    });
    expect(await page.evaluate(readInPage)).toBe('AbortError 20');
    await withDeadline(open.clientGone, 'the connection to be closed');
  });

  test('one that breaks off is a ThreeloError of whatever reads it, also of a clone', async () => {
    const haveBegun = Promise.withResolvers<undefined>();
    const methods = ['text', 'json', 'arrayBuffer', 'blob', 'bytes'];
    serve(
      async function* () {
        yield Buffer.from('[');
        await haveBegun.promise;
        throw new Error('broken off');
      },
      { times: methods.length },
    );
    await page.evaluate(readAllInPage, streamed, methods);
    haveBegun.resolve(undefined);
    expect(new Set(await page.evaluate(endingsInPage))).toEqual(new Set(['ThreeloError offline']));
  });

  test('also of one that a stopped worker carried; a new call starts the next', async () => {
    serve(begunOnly);
    await page.evaluate(openInPage, streamed);
    expect(await page.evaluate(readInPage)).toBe('begun');
    const [rest] = await Promise.all([page.evaluate(readInPage), setting.browser.killWorker()]);
    expect(rest).toBe('ThreeloError unavailable');
    expect(await callOther()).toMatchObject({ status: 200 });
  });

  test('also of a page that comes back from the back-forward cache; a read that was upstream is sent again', async () => {
    setting.standin.pages.set('dashboard.example', '/away', { body: '<title>Away</title>Away' });
    const left = serve(begunOnly);
    const held = setting.standin.faults.add({ kind: 'hang', match: { path: /myself$/u } });
    await page.evaluate(prepareToLeaveInPage, streamed, '/rest/api/3/myself');
    await held.arrived;
    await page.goto(`${dashboard}away`);
    await withDeadline(left.clientGone, 'the connection to be closed');
    await page.evaluate(goBackInPage);
    await page.waitForUrl(/example\/$/u);
    const endings = ['ThreeloError unavailable', 'read', 'was cached'];
    expect(await page.evaluate(endingsInPage)).toEqual(endings);
    expect(await callOther()).toMatchObject({ status: 200 });
  });
});

async function* begunOnly(): AsyncGenerator<Uint8Array> {
  yield Buffer.from('begun');
  await never;
}
