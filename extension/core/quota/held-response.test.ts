import { expect, test } from 'vitest';
import { heldResponse } from './held-response.ts';

test('a held response says how long to wait, and has the rate limit headers of the provider', () => {
  const fields = [
    ['ratelimit-reason', 'jira-burst-based'],
    ['retry-after', '60'],
    ['beta-retry-after', '60'],
  ] as const;
  const { headers, body } = heldResponse('burst', 1001, fields);
  expect(Object.fromEntries(headers)).toEqual({
    'ratelimit-reason': 'jira-burst-based',
    'retry-after': '2',
    'beta-retry-after': '60',
    'content-type': 'application/json',
    'x-threelo-held': '1',
  });
  expect(JSON.parse(body)).toEqual({
    code: 429,
    message:
      'Threelo did not send this request: the site gets too many requests of this kind at the moment. Try again in 2 s.',
  });
});

test('a held response asks for a second at least', () => {
  expect(heldResponse('app', 0, []).headers).toContainEqual(['retry-after', '1']);
});
