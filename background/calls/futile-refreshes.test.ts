import { expect, test } from 'vitest';
import { createFutileRefreshes, type AttemptedCall } from './futile-refreshes.ts';

const expiresAtMs = 1_000_000;
const attempt = (part: object = {}): AttemptedCall =>
  ({
    plan: {
      method: 'GET',
      path: { pathname: '/rest/x', search: '' },
      target: new URL('https://acme.example/rest/x'),
      site: { sessionId: 'one', gateway: undefined, url: 'https://jira.example.test' },
    },
    token: { generation: 2, expiresAtMs },
    retries: ['refresh-and-retry'],
    ...part,
  }) as unknown as AttemptedCall;

test('a refresh is futile until the token expires', () => {
  let nowMs = expiresAtMs - 1;
  const refreshes = createFutileRefreshes({ nowMs: () => nowMs });
  refreshes.recordRejected(attempt());
  expect(refreshes.isFutile(attempt())).toBe(true);
  nowMs += 1;
  expect(refreshes.isFutile(attempt())).toBe(false);
});

test('a rejection without a refresh before it does not make a refresh futile', () => {
  const refreshes = createFutileRefreshes({ nowMs: () => 0 });
  refreshes.recordRejected(attempt({ retries: ['retry-read'] }));
  expect(refreshes.isFutile(attempt())).toBe(false);
});
