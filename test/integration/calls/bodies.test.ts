import { expect, test } from 'vitest';
import type { BrokerError } from '../../../extension/core/values/fault.ts';
import { seededBytes } from '../../standin/facts/seeded-bytes.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { aCall, apiCalls, fetchAll, sitesAt } from '../../support/page-calls.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

const mebibyte = 1_048_576;
useSession({ standin: { transport: 'tls' }, access: 'write' }, 'once');

const exact = (bytes: Buffer): ArrayBuffer => Uint8Array.from(bytes).buffer;
async function write(callId: string, bytes: Buffer): Promise<void> {
  for (let offsetBytes = 0; offsetBytes < bytes.length; offsetBytes += mebibyte) {
    const chunk = exact(bytes.subarray(offsetBytes, offsetBytes + mebibyte));
    await harness.page()('api.write', { callId, offsetBytes, chunk });
  }
}
const echo = { method: 'POST', input: '/rest/api/3/echo' } as const;

test.each([1, mebibyte])(
  '%i seeded bytes in one message come back byte for byte',
  async (length) => {
    const bytes = seededBytes(length, 'one message');
    const reply = await fetchAll(harness.page(), { ...echo, body: exact(bytes) });
    expect(reply.bytes.equals(bytes), 'seed "one message"').toBe(true);
  },
);

test.each([mebibyte + 1, 3 * mebibyte + 17, 25 * mebibyte])(
  '%i seeded bytes in pieces come back byte for byte',
  async (length) => {
    const bytes = seededBytes(length, 'pieces');
    const callId = crypto.randomUUID();
    await write(callId, bytes);
    const reply = await fetchAll(harness.page(), { ...echo, callId, writtenBytes: length });
    expect(reply.status).toBe(200);
    expect(reply.bytes.equals(bytes), 'seed "pieces"').toBe(true);
  },
);

test('an empty body is sent as one', async () => {
  const reply = await fetchAll(harness.page(), { ...echo, body: new ArrayBuffer(0) });
  expect([reply.status, reply.bytes.length]).toEqual([200, 0]);
});

test('26 MiB come down byte for byte, in pieces of at most 1 MiB', async () => {
  const input = `/rest/api/3/bytes/${String(26 * mebibyte)}?seed=down`;
  const reply = await fetchAll(harness.page(), { input });
  expect(reply.chunk.byteLength).toBeLessThanOrEqual(mebibyte);
  expect(reply.bytes.equals(seededBytes(26 * mebibyte, 'down'))).toBe(true);
});

test('one byte more is too large on the way up, and nothing is sent', async () => {
  standin.log.clear();
  const callId = crypto.randomUUID();
  await write(callId, Buffer.alloc(25 * mebibyte));
  const more = harness.page()('api.write', {
    callId,
    offsetBytes: 25 * mebibyte,
    chunk: new ArrayBuffer(1),
  });
  expect((await rejection(more)).code).toBe('too_large');
  expect(apiCalls(standin)).toEqual([]);
});

test.each([
  ['a piece is missing', [mebibyte], 'unavailable'],
  ['a piece comes twice', [0, 0], 'unavailable'],
  ['a piece comes after a smaller one', [0, 1], 'invalid_request'],
])('a body of which %s is not sent', async (_, offsets, code) => {
  const callId = crypto.randomUUID();
  const page = harness.page();
  const codes: string[] = [];
  for (const offsetBytes of offsets) {
    const chunk = new ArrayBuffer(1);
    await page('api.write', { callId, offsetBytes, chunk }).catch((thrown: unknown) => {
      codes.push((thrown as BrokerError).fault.code);
    });
  }
  expect(codes).toEqual([code]);
  const request = aCall({ callId, ...echo, writtenBytes: 2 });
  expect((await rejection(page('api.request', request))).code).toBe('unavailable');
  expect(apiCalls(standin)).toEqual([]);
});

test('a piece that is empty or may grow is refused', async () => {
  const growing = Reflect.construct(ArrayBuffer, [
    1,
    { maxByteLength: 1_073_741_824 },
  ]) as ArrayBuffer;
  for (const chunk of [new ArrayBuffer(0), growing]) {
    const work = harness.page()('api.write', { callId: 'a', offsetBytes: 0, chunk });
    expect((await rejection(work)).code).toBe('invalid_request');
  }
});

test('a body that another document wrote is not taken', async () => {
  const callId = crypto.randomUUID();
  await write(callId, Buffer.from('secret'));
  const other = harness.page(dashboard, { documentId: 'document-2' });
  expect((await rejection(fetchAll(other, { ...echo, callId, writtenBytes: 6 }))).code).toBe(
    'unavailable',
  );
});

test('a page that is not connected cannot fill the memory', async () => {
  const piece = { callId: 'a', offsetBytes: 0, chunk: new ArrayBuffer(1) };
  expect((await rejection(harness.page('https://other.example')('api.write', piece))).code).toBe(
    'not_connected',
  );
});

test('one origin may stage 64 MiB, and no more', async () => {
  const origin = 'https://greedy.example' as typeof dashboard;
  await connect(harness, session, { origin, sites: sitesAt(session, 'acme') });
  const page = harness.page(origin);
  const chunk = new ArrayBuffer(mebibyte);
  for (let at = 0; at < 64; at += 1) {
    await page('api.write', {
      callId: `call-${String(at >> 3)}`,
      offsetBytes: (at % 8) * mebibyte,
      chunk,
    });
  }
  expect((await rejection(page('api.write', { callId: 'more', offsetBytes: 0, chunk }))).code).toBe(
    'rate_limited',
  );
  await page('api.abort', { callId: 'call-0' });
  expect(await page('api.write', { callId: 'more', offsetBytes: 0, chunk })).toBeNull();
});
