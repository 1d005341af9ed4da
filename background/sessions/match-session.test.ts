import { expect, test } from 'vitest';
import type { SessionId } from '#core/session/session.ts';
import type { CloudId, Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';
import { findRenewedSession } from './match-session.ts';

const site = (cloudId: string): Site => ({
  cloudId: cloudId as CloudId,
  product: 'jira',
  url: `https://${cloudId}.atlassian.net`,
  name: cloudId,
  scopes: [],
});

function session(
  id: string,
  accountId: string | undefined,
  sites: string[],
  part: Partial<StoredSession> = {},
): StoredSession {
  return {
    id: id as SessionId,
    account: accountId === undefined ? {} : { accountId },
    sites: sites.map(site),
    lostSites: [],
    isIdentified: true,
    ...part,
  } as unknown as StoredSession;
}

const ada = session('ada', 'a', ['acme']);
const bo = session('bo', 'b', ['acme']);
const one = session('one', undefined, ['acme', 'globex']);
const two = session('two', undefined, ['acme', 'globex']);
const lost = session('lost', undefined, ['acme'], { lostSites: [site('globex')] });
const unidentified = session('unidentified', undefined, ['acme'], { isIdentified: false });

test.each<[string, StoredSession[], string | undefined, string[], string | undefined, string?]>([
  ['the same account', [ada, bo], 'b', ['other'], undefined, 'bo'],
  ['the same account, even if another session was chosen', [ada, bo], 'b', ['acme'], 'ada', 'bo'],
  ['none of another account', [ada, bo], 'c', ['acme'], 'ada'],
  ['the chosen session, if its account is unknown', [one], 'c', ['acme'], 'one', 'one'],
  ['none whose account is unknown, if it was not chosen', [one], 'c', ['acme'], undefined],
  ['none whose account is unknown, if it reaches other sites', [one], 'c', ['other'], 'one'],
  ['without an account, none that was not chosen', [ada, one], undefined, ['acme'], undefined],
  ['without an account, not the chosen one for other sites', [one], undefined, ['other'], 'one'],
  ['without an account, the chosen session', [one, two], undefined, ['acme'], 'two', 'two'],
  [
    'without an account, also a session that lost the sites',
    [lost],
    undefined,
    ['globex'],
    'lost',
    'lost',
  ],
  ['without an account or a site, none', [one], undefined, [], 'one'],
  ['none that is not identified', [unidentified], undefined, ['acme'], 'unidentified'],
])('a sign-in renews %s', (_, others, accountId, sites, renews, expected) => {
  const account = accountId === undefined ? {} : { accountId };
  const found = findRenewedSession(
    others,
    account,
    sites.map(site),
    renews as SessionId | undefined,
  );
  expect(found?.id).toBe(expected);
});

test.each<[string, string, string | undefined, string | undefined]>([
  ['a renamed user', 'ada.married', 'K1', 'renamed'],
  ['not another user who has the name now', 'ada', 'K2', undefined],
  ['by name without a key', 'ada', undefined, 'renamed'],
  ['by name if the session has no key', 'bo', 'K3', 'bo'],
])('a session with a user key: %s', (_, accountId, key, expected) => {
  const renamed = session('renamed', 'ada', [], { account: { accountId: 'ada', key: 'K1' } });
  const account = { accountId, ...(key && { key }) };
  expect(findRenewedSession([session('bo', 'bo', []), renamed], account, [], undefined)?.id).toBe(
    expected,
  );
});
