import { describe, expect, test } from 'vitest';
import { maxLoad } from '../../../background/calls/origin-loads.ts';
import { rejection } from '../../support/faults.ts';
import { connect } from '../../support/harness.ts';
import {
  aCall,
  codeOf,
  countsOf,
  fetchAll,
  holdResponses,
  sendMany,
  settled,
  sitesAt,
  whileTimePasses,
} from '../../support/page-calls.ts';
import { harness, session, standin, useSession } from '../use-session.ts';

const mebibyte = 1_048_576;
useSession({ access: 'write' });
const echo = { method: 'POST', input: '/rest/api/3/echo' } as const;

describe('request bodies', () => {
  const accepted = maxLoad.bodyBytes / mebibyte;
  const write = (callId: string, offsetBytes: number): Promise<null> => {
    const chunk = new ArrayBuffer(mebibyte);
    return harness.page()('api.write', { callId, offsetBytes, chunk });
  };
  /** Uploads as much as one origin may hold. */
  const fill = async (name: string): Promise<void> => {
    for (let at = 0; at < accepted; at += 1)
      await write(`${name} ${String(at >> 3)}`, (at % 8) * mebibyte);
  };
  const released = (): Promise<void> => fill('afterwards');
  test('of 400 calls of 1 MiB: 64 are accepted, and all bytes are released afterwards', async () => {
    const release = holdResponses(standin);
    const body = new ArrayBuffer(mebibyte);
    const calls = sendMany(harness.page(), 400, { ...echo, body });
    await settled();
    release();
    expect(await countsOf(calls)).toEqual({ 200: accepted, rate_limited: 400 - accepted });
    await released();
  });
  test('of 40 calls of 8 MiB, uploaded in pieces: 8 are accepted, and all bytes are released afterwards', async () => {
    const release = holdResponses(standin);
    const page = harness.page();
    const upload = async (): Promise<{ readonly status: number }> => {
      const call = aCall({ ...echo, writtenBytes: 8 * mebibyte });
      const { callId } = call;
      for (let offsetBytes = 0; offsetBytes < call.writtenBytes; offsetBytes += mebibyte)
        await write(callId, offsetBytes);
      return fetchAll(page, call);
    };
    const calls: Promise<number | string>[] = [];
    for (let at = 0; at < 40; at += 1) {
      calls.push(codeOf(upload()));
      await settled();
    }
    release();
    expect(await countsOf(calls)).toEqual({ 200: 8, rate_limited: 32 });
    await released();
  });
  test.each<[string, (callId: string) => Promise<unknown>]>([
    ['an abort', (callId) => harness.page()('api.abort', { callId })],
    ['the end of its document', () => harness.leave()],
    [
      'its lifetime',
      () => {
        harness.world.elapse(60_000);
        return Promise.resolve();
      },
    ],
    [
      'a refused piece',
      (callId) => {
        const chunk = new ArrayBuffer(1);
        const piece = { callId, offsetBytes: 0, chunk };
        return harness
          .page()('api.write', piece)
          .catch(() => undefined);
      },
    ],
  ])('of uploads without a call are released by %s', async (_, act) => {
    await fill('upload');
    expect((await rejection(write('more', 0))).code).toBe('rate_limited');
    for (let at = 0; at < accepted >> 3; at += 1) await act(`upload ${String(at)}`);
    await released();
  });
  test('of a call that waits for a question are released when it is aborted', async () => {
    await connect(harness, session, { access: 'write' });
    const body = new ArrayBuffer(mebibyte);
    const calls = Array.from({ length: accepted }, () => aCall({ ...echo, body }));
    const waiting = calls.map((call) => codeOf(harness.page()('api.request', call)));
    await settled();
    expect(await countsOf(sendMany(harness.page(), 1, { ...echo, body }))).toEqual({
      rate_limited: 1,
    });
    for (const { callId } of calls) await harness.page()('api.abort', { callId });
    await Promise.all(waiting);
    await connect(harness, session, { sites: sitesAt(session, 'acme'), access: 'write' });
    await released();
  });
  test('uploads count as calls', async () => {
    const chunk = new ArrayBuffer(1);
    const uploads = Array.from({ length: maxLoad.calls }, (_, at) =>
      harness.page()('api.write', { callId: String(at), offsetBytes: 0, chunk }),
    );
    await Promise.all(uploads);
    expect(await countsOf(sendMany(harness.page(), 1))).toEqual({ rate_limited: 1 });
  });
});

test('addresses and headers that wait are limited like bodies', async () => {
  const release = holdResponses(standin);
  const headers = Array.from({ length: 64 }, (): [string, string] => ['accept', 'x'.repeat(1_000)]);
  const each = 2 * (64 * (6 + 1_000) + aCall().input.length);
  const accepted = Math.floor(maxLoad.headBytes / each);
  const calls = sendMany(harness.page(), accepted + 100, { headers });
  await settled();
  release();
  const counts = await whileTimePasses(harness.world, countsOf(calls));
  expect(counts).toEqual({ 200: accepted, rate_limited: 100 });
});
