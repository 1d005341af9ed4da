import { expect, test } from 'vitest';
import type { Send } from '#wire/send.ts';
import { createHostPermissionRequest } from './host-permission-request.ts';

const patterns = ['https://one.example/*'];
function requestWith(answer: Promise<unknown>) {
  const sent: string[] = [];
  const send = ((name: string) => {
    sent.push(name);
    return answer;
  }) as Send;
  const request = createHostPermissionRequest(send, async (asked, prepared) => {
    await prepared;
    sent.push(...asked);
    return true;
  });
  return { sent, request };
}

test('a sign-in that waits for hosts is cancelled before other hosts are requested', async () => {
  const { sent, request } = requestWith(Promise.resolve(null));
  expect(await request(patterns)).toBe(true);
  expect(sent).toEqual(['flow.unprepare', ...patterns]);
});

test('the prompt opens even if the worker does not respond', async () => {
  const { sent, request } = requestWith(Promise.reject(new Error('no worker')));
  expect(await request(patterns)).toBe(true);
  expect(sent).toEqual(['flow.unprepare', ...patterns]);
});

test('a prepared request is not cancelled', async () => {
  const { sent, request } = requestWith(Promise.resolve(null));
  await request(patterns, Promise.resolve());
  expect(sent).toEqual(patterns);
});
