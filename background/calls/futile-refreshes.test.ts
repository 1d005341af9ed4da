import { expect, test } from 'vitest';
import { createVainRefreshes, type RefusableSending } from './futile-refreshes.ts';

const expiresAtMs = 1_000_000;
const sending = (part: object = {}): RefusableSending =>
  ({
    plan: {
      ...{ method: 'GET', path: { pathname: '/rest/x', search: '' } },
      site: { sessionId: 'one', gateway: undefined, url: 'https://jira.example.test' },
    },
    token: { generation: 2, expiresAtMs },
    retries: ['refresh-and-retry'],
    ...part,
  }) as unknown as RefusableSending;

test('a refresh is in vain until the token ends by its expiry', () => {
  let nowMs = expiresAtMs - 1;
  const vain = createVainRefreshes({ nowMs: () => nowMs });
  vain.noteRefused(sending());
  expect(vain.isVain(sending())).toBe(true);
  nowMs += 1;
  expect(vain.isVain(sending())).toBe(false);
});

test('a refusal before any refresh tells nothing of one', () => {
  const vain = createVainRefreshes({ nowMs: () => 0 });
  vain.noteRefused(sending({ retries: ['retry-read'] }));
  expect(vain.isVain(sending())).toBe(false);
});
