import { expect, test } from 'vitest';
import type { SessionId } from '../../extension/core/session/session.ts';
import type { CloudId, Site } from '../../extension/core/session/site.ts';
import type { StoredSession } from '../../extension/storage/schema.ts';
import { sameGrant } from './match-session.ts';

const site = (cloudId: string): Site => ({
  ...{ cloudId: cloudId as CloudId, product: 'jira', url: `https://${cloudId}.atlassian.net` },
  ...{ name: cloudId, scopes: [] },
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
const pending = session('pending', undefined, ['acme'], { isIdentified: false });

test.each<[string, StoredSession[], string | undefined, string[], string | undefined, string?]>([
  ['the same account', [ada, bo], 'b', ['other'], undefined, 'bo'],
  ['the same account, whichever session was meant', [ada, bo], 'b', ['acme'], 'ada', 'bo'],
  ['no other account', [ada, bo], 'c', ['acme'], 'ada'],
  ['the nameless session that was meant', [one], 'c', ['acme'], 'one', 'one'],
  ['no nameless session that was not meant', [one], 'c', ['acme'], undefined],
  ['no nameless session of other sites', [one], 'c', ['other'], 'one'],
  ['without a name, the sites decide', [ada, one], undefined, ['acme'], undefined, 'one'],
  ['without a name, the session that was meant', [one, two], undefined, ['acme'], 'two', 'two'],
  ['without a name, also sites that were lost', [lost], undefined, ['globex'], undefined, 'lost'],
  ['without a name or a site, nobody', [one], undefined, [], 'one'],
  ['never one that is pending itself', [pending], undefined, ['acme'], 'pending'],
])('%s', (_, others, accountId, sites, renews, expected) => {
  const account = accountId === undefined ? {} : { accountId };
  const found = sameGrant(others, account, sites.map(site), renews as SessionId | undefined);
  expect(found?.id).toBe(expected);
});

test.each<[string, string, string | undefined, string | undefined]>([
  ['a user who was renamed', 'ada.married', 'K1', 'renamed'],
  ['no other user who got the name', 'ada', 'K2', undefined],
  ['by name where there is no key', 'ada', undefined, 'renamed'],
  ['by name where there was no key', 'bo', 'K3', 'bo'],
])('with a key: %s', (_, accountId, key, expected) => {
  const renamed = session('renamed', 'ada', [], { account: { accountId: 'ada', key: 'K1' } });
  const account = { accountId, ...(key && { key }) };
  expect(sameGrant([session('bo', 'bo', []), renamed], account, [], undefined)?.id).toBe(expected);
});
