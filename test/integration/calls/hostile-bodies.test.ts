import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { gzipSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { rejection } from '../../support/faults.ts';
import { aCall, fetchAll } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, standin, useSession } from '../use-session.ts';

const mebibyte = 1_048_576;
useSession({ standin: { transport: 'tls' } });

test('a gzip bomb passes in pieces, and the worker holds no more of it than a few', async () => {
  // 256 MiB in 260 kB: a bomb of 1 GiB goes the same way, but takes longer than a test should.
  const member = gzipSync(new Uint8Array(16 * mebibyte));
  const body = Buffer.concat(Array.from({ length: 16 }, () => member));
  expect(body.length).toBeLessThan(mebibyte / 2);
  const headers = { 'content-encoding': 'gzip' };
  standin.faults.add({ kind: 'status', status: 200, body, headers, match: { path: /myself/u } });
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as () => void;
  const heldBytes = async (): Promise<number> => {
    // What the first collection makes unreachable is freed by the second one.
    collect();
    await new Promise((resolve) => setImmediate(resolve));
    collect();
    const { arrayBuffers, heapUsed } = process.memoryUsage();
    return arrayBuffers + heapUsed;
  };
  const page = harness.page();
  const call = aCall();
  const beforeBytes = await heldBytes();
  let { isComplete, chunk } = await page('api.request', call);
  let total = 0;
  let mostBytes = 0;
  for (let pieces = 1; ; pieces += 1) {
    expect(chunk.byteLength).toBeLessThanOrEqual(mebibyte);
    total += chunk.byteLength;
    if (pieces % 16 === 0) mostBytes = Math.max(mostBytes, await heldBytes());
    if (isComplete) break;
    ({ isComplete, chunk } = await page('api.read', { callId: call.callId }));
  }
  expect(total).toBe(256 * mebibyte);
  expect(mostBytes - beforeBytes).toBeLessThan(16 * mebibyte);
}, 60_000);

test.each([
  ['invalid UTF-8', Buffer.from([0x22, 0xc3, 0x28, 0xff, 0xfe, 0x00, 0xed, 0xa0, 0x80, 0x22])],
  ['a byte order mark', Buffer.from('\uFEFF{"a":1}')],
  ['a UTF-16 byte order mark', Buffer.from('\uFEFF{"a":1}', 'utf16le')],
  ['JSON with duplicate keys', Buffer.from('{"a":1,"a":2,"__proto__":{"b":3}}')],
])('%s passes unchanged', async (_, body) => {
  const contentType = 'application/json;charset=UTF-8';
  for (const status of [200, 403]) {
    standin.faults.add({ kind: 'status', status, body, contentType, match: { path: /myself/u } });
    const reply = await fetchAll(harness.page());
    expect([reply.status, reply.bytes.equals(body)]).toEqual([status, true]);
  }
});

const head = 'HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n';

test('a Content-Length that is too short ends the body there', async () => {
  const text = `${head}Content-Length: 5\r\n\r\n{"a":1,"b":2}`;
  standin.faults.add({ kind: 'raw', text, match: { path: /myself/u } });
  expect((await fetchAll(harness.page())).bytes.toString()).toBe('{"a":');
});

test.each([
  ['a Content-Length that is too long', 'Content-Length: 100\r\n\r\n{"a":1}'],
  ['a chunk that is cut off', 'Transfer-Encoding: chunked\r\n\r\n64\r\n{"a":1}'],
  ['chunks without the last one', 'Transfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n'],
  ['a chunk without a size', 'Transfer-Encoding: chunked\r\n\r\nzz\r\n{"a":1}\r\n0\r\n\r\n'],
  ['a gzip body that is none', 'Content-Encoding: gzip\r\nContent-Length: 7\r\n\r\n{"a":1}'],
])('%s is no response: `offline`', async (_, rest) => {
  const match = { path: /myself/u };
  standin.faults.add({ kind: 'raw', text: `${head}${rest}`, match, times: Infinity });
  expect((await rejection(fetchAll(harness.page()))).code).toBe('offline');
});

test('a body that stops in the middle is a `timeout`', async () => {
  const text = `${head}Transfer-Encoding: chunked\r\n\r\n7\r\n{"a":1}\r\n`;
  const match = { path: /myself/u };
  const fault = standin.faults.add({ kind: 'raw', text, staysOpen: true, match });
  const work = rejection(fetchAll(harness.page()));
  await fault.arrived;
  let elapsedMs = 0;
  const ended = work.finally(() => (elapsedMs = -elapsedMs));
  await until(() => {
    if (elapsedMs >= 0) elapsedMs += 1000;
    harness.world.elapse(1000);
    return elapsedMs < 0;
  });
  expect((await ended).code).toBe('timeout');
  // Less than a page may leave a response unread.
  expect(-elapsedMs).toBeLessThan(60_000);
  await fault.clientGone;
});
