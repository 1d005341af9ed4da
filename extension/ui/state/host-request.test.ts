import { expect, test } from 'vitest';
import type { Send } from '../../wire/send.ts';
import { createHostRequest } from './host-request.ts';

const patterns = ['https://one.example/*'];
function asking(answer: Promise<unknown>) {
  const sent: string[] = [];
  const send = ((name: string) => {
    sent.push(name);
    return answer;
  }) as Send;
  const request = createHostRequest(send, async (asked, prepared) => {
    await prepared;
    sent.push(...asked);
    return true;
  });
  return { sent, request };
}

test('a sign-in that waits for hosts ends before others are asked for', async () => {
  const { sent, request } = asking(Promise.resolve(null));
  expect(await request(patterns)).toBe(true);
  expect(sent).toEqual(['flow.unprepare', ...patterns]);
});

test('a worker that does not answer keeps nobody from being asked', async () => {
  const { sent, request } = asking(Promise.reject(new Error('no worker')));
  expect(await request(patterns)).toBe(true);
  expect(sent).toEqual(['flow.unprepare', ...patterns]);
});

test('what is prepared for the answer is left alone', async () => {
  const { sent, request } = asking(Promise.resolve(null));
  await request(patterns, Promise.resolve());
  expect(sent).toEqual(patterns);
});
