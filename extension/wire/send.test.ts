import { expect, test } from 'vitest';
import { BrokerError, fault } from '#core/values/fault.ts';
import { rejection } from '../../test/support/faults.ts';
import { createSend } from './send.ts';

test('a command is sent in an envelope, and resolves to the value of its reply', async () => {
  const sent: unknown[] = [];
  const send = createSend((message) => {
    sent.push(message);
    return Promise.resolve({ ok: true, value: [] });
  });
  expect(await send('ask.list', {})).toEqual([]);
  expect(sent).toEqual([{ v: 1, name: 'ask.list', body: {} }]);
});

test('the fault of a reply is thrown', async () => {
  const told = fault('rate_limited', { retryAfterMs: 7, subject: 'x' });
  const send = createSend(() => Promise.resolve({ ok: false, fault: told }));
  expect(await rejection(send('ask.list', {}))).toEqual(told);
});

test.each([
  [undefined],
  [null],
  [true],
  [{}],
  [{ ok: 1 }],
  [{ ok: false }],
  [{ ok: false, fault: null }],
  [{ ok: false, fault: { code: 'toString' } }],
])('an answer of another shape is none: %j', async (reply) => {
  const send = createSend(() => Promise.resolve(reply));
  expect((await rejection(send('ask.list', {}))).code).toBe('unavailable');
});

test('a worker that cannot be reached is `unavailable`, without the error message', async () => {
  const send = createSend(() => Promise.reject(new Error('Receiving end does not exist: canary')));
  const fault = await rejection(send('ask.list', {}));
  expect(fault.code).toBe('unavailable');
  expect(JSON.stringify(fault)).not.toContain('canary');
  await expect(send('ask.list', {})).rejects.toBeInstanceOf(BrokerError);
});
