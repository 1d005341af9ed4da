import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { BrokerError } from '#core/values/fault.ts';
import type { Origin } from '#core/values/origin.ts';
import { faultOf, rejection } from '../../test/support/faults.ts';
import { streamOf } from '../../test/support/stream-of.ts';
import type { PageCaller } from '../messages/caller.ts';
import { createCallsInFlight, maxTimedOut, type CallsInFlight } from './calls-in-flight.ts';

const mebibyte = 1_048_576;
const caller: PageCaller = {
  kind: 'page',
  origin: 'https://a.example' as Origin,
  tabId: 1,
  documentId: 'one',
};
const other: PageCaller = { ...caller, documentId: 'two' };
const small = { callId: 'a', input: '/', headers: [], body: null, writtenBytes: 0 };
let calls: CallsInFlight;
const after = (ms: number, act: () => void) => {
  const timer = setTimeout(act, ms);
  return () => {
    clearTimeout(timer);
  };
};
beforeEach(() => {
  vi.useFakeTimers();
  calls = createCallsInFlight({ after, withKeepAlive: (work) => work() });
});
afterEach(() => vi.useRealTimers());

const piece = (offsetBytes: number, bytes: readonly number[]) => ({
  callId: 'a',
  offsetBytes,
  chunk: Uint8Array.from(bytes).buffer,
});
describe('a request body uploaded in pieces', () => {
  test('is joined in order', () => {
    calls.write(caller, piece(0, [1, 2]));
    calls.write(caller, piece(2, [3]));
    expect([...(calls.open(caller, { ...small, writtenBytes: 3 }).body ?? [])]).toEqual([1, 2, 3]);
  });
  test('is used once', () => {
    calls.write(caller, piece(0, [1]));
    calls.open(caller, { ...small, writtenBytes: 1 }).end();
    expect(faultOf(() => calls.open(caller, { ...small, writtenBytes: 1 })).code).toBe(
      'unavailable',
    );
  });
  test.each([1, 3])(
    'is refused when its length differs from the given %i bytes',
    (writtenBytes) => {
      calls.write(caller, piece(0, [1, 2]));
      expect(faultOf(() => calls.open(caller, { ...small, writtenBytes })).code).toBe(
        'unavailable',
      );
    },
  );
  test('is removed after a minute', () => {
    calls.write(caller, piece(0, [1]));
    vi.advanceTimersByTime(60_000);
    expect(faultOf(() => calls.write(caller, piece(1, [2]))).code).toBe('unavailable');
  });
  test('has a full minute after an earlier piece was refused', () => {
    expect(faultOf(() => calls.write(caller, piece(5, [1]))).code).toBe('unavailable');
    vi.advanceTimersByTime(30_000);
    calls.write(caller, piece(0, [1]));
    vi.advanceTimersByTime(30_000);
    expect(calls.open(caller, { ...small, writtenBytes: 1 }).body).toHaveLength(1);
  });
  test('is removed when the origin is disconnected', () => {
    calls.write(caller, piece(0, [1]));
    calls.abortOrigin(caller.origin);
    expect(faultOf(() => calls.open(caller, { ...small, writtenBytes: 1 })).code).toBe(
      'unavailable',
    );
  });
});

describe('a call that is not permitted any more', () => {
  const refusal = new BrokerError('not_allowed', { subject: 'site' });
  const refuse = () => {
    throw refusal;
  };

  test('delivers no first piece', async () => {
    const call = calls.open(caller, small);
    call.checkWith(refuse);
    const fault = await rejection(call.deliver(streamOf(Buffer.from('secret')), []));
    expect(fault).toEqual(refusal.fault);
    expect(call.signal.reason).toBe(refusal);
  });
  test('delivers no further piece, without any notice of the change', async () => {
    const call = calls.open(caller, small);
    await call.deliver(streamOf(new Uint8Array(2 * mebibyte)), []);
    call.checkWith(refuse);
    expect(await rejection(calls.read(caller, 'a'))).toEqual(refusal.fault);
    expect(call.signal.aborted).toBe(true);
    expect((await rejection(calls.read(caller, 'a'))).code).toBe('unavailable');
  });
  test('is aborted with the reason when a grant or a session changes; others go on', () => {
    const [mine, theirs] = [calls.open(caller, small), calls.open(other, small)];
    mine.checkWith(refuse);
    theirs.checkWith(() => undefined);
    calls.abortForbidden();
    expect(mine.signal.reason).toBe(refusal);
    expect(theirs.signal.aborted).toBe(false);
  });
  test('may have taken effect if it is a write that was sent', () => {
    const [sent, unsent] = [calls.open(caller, small), calls.open(other, small)];
    sent.checkWith(refuse);
    unsent.checkWith(refuse);
    sent.markWriteSent();
    calls.abortForbidden();
    expect(sent.signal.reason).toMatchObject({ fault: { code: 'outcome_unknown' } });
    expect(unsent.signal.reason).toBe(refusal);
  });
  test('is aborted as well when the check fails for another reason', () => {
    const call = calls.open(caller, small);
    call.checkWith(() => {
      throw new TypeError('canary');
    });
    const fault = faultOf(() => {
      call.requirePermitted();
    });
    expect(fault.code).toBe('internal');
  });
});

describe('a call', () => {
  test('has an id that is unique in its document; another document may use the same id', () => {
    calls.open(caller, small);
    expect(faultOf(() => calls.open(caller, small))).toMatchObject({
      code: 'invalid_request',
      subject: 'callId',
    });
    expect(calls.open(other, small).signal.aborted).toBe(false);
  });
  test('that ended releases its id', () => {
    calls.open(caller, small).end();
    expect(calls.open(caller, small).signal.aborted).toBe(false);
  });
  test('is aborted by its own document only', () => {
    const { signal } = calls.open(caller, small);
    calls.abort(other, 'a');
    expect(signal.aborted).toBe(false);
    calls.abort(caller, 'a');
    expect(signal.aborted).toBe(true);
  });
  test('of a document that ends is aborted; calls of others continue', () => {
    const [mine, theirs] = [calls.open(caller, small), calls.open(other, small)];
    calls.abortDocument(caller);
    expect([mine.signal.aborted, theirs.signal.aborted]).toEqual([true, false]);
  });
  test('of a disconnected origin is aborted with `not_connected`', () => {
    const otherOrigin = { ...caller, origin: 'https://b.example' as Origin, documentId: 'three' };
    const [mine, second, theirs] = [caller, other, otherOrigin].map(
      (who) => calls.open(who, small).signal,
    );
    calls.abortOrigin(caller.origin);
    expect([mine?.reason, second?.reason]).toMatchObject([
      { fault: { code: 'not_connected' } },
      { fault: { code: 'not_connected' } },
    ]);
    expect(theirs?.aborted).toBe(false);
  });
  test('that does not exist can be aborted', () => {
    expect(() => {
      calls.abort(caller, 'never');
    }).not.toThrow();
  });
});

describe('a call that timed out', () => {
  /** Delivers the first piece of a response, whose rest is not read. Its check needs the request, as the real one does. */
  async function unread(callId: string, bytes: number): Promise<WeakRef<ArrayBuffer>> {
    const request = { ...small, callId, body: new ArrayBuffer(bytes) };
    const call = calls.open(caller, request);
    call.checkWith(() => {
      expect(request.body.byteLength).toBe(bytes);
    });
    await call.deliver(streamOf(new Uint8Array(3 * mebibyte)), []);
    return new WeakRef(request.body);
  }
  const codeOfRead = async (callId: string): Promise<string> =>
    (await rejection(calls.read(caller, callId))).code;

  test('holds no request body, also after the grants have changed, and tells why it ended', async () => {
    setFlagsFromString('--expose-gc');
    const collect = runInNewContext('gc') as () => void;
    const bodies = [];
    for (let at = 0; at < 3; at += 1) bodies.push(await unread(String(at), 20 * mebibyte));
    await vi.advanceTimersByTimeAsync(300_000);
    calls.abortForbidden();
    collect();
    expect(bodies.map((body) => body.deref()?.byteLength)).toEqual([
      undefined,
      undefined,
      undefined,
    ]);
    for (const callId of ['0', '1', '2'])
      expect([await codeOfRead(callId), await codeOfRead(callId)]).toEqual([
        'timeout',
        'unavailable',
      ]);
  });
  test('is forgotten when a hundred others of its document have timed out', async () => {
    for (let at = 0; at <= maxTimedOut; at += 1) {
      await unread(String(at), 1);
      await vi.advanceTimersByTimeAsync(300_000);
    }
    expect([await codeOfRead('0'), await codeOfRead('1')]).toEqual(['unavailable', 'timeout']);
  });
});
