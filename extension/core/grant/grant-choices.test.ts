import { expect, test } from 'vitest';
import { grantChoices, type GrantChoice } from './grant-choices.ts';
import type { ChosenSites, GrantedSite } from './page-grant.ts';

const site = (cloudId: string, sessionId: string, product = 'jira'): GrantedSite =>
  ({ cloudId, product, sessionId }) as unknown as GrantedSite;
const text = ({ cloudId, sessionId }: GrantedSite): string => `${cloudId} ${sessionId}`;
const shown = (choices: readonly GrantChoice[]) =>
  choices.map(({ key, chosen, candidates }) => ({
    key,
    candidates: candidates.map(text),
    ...(chosen === undefined ? {} : { chosen: text(chosen) }),
  }));

test('one site of each product leaves nothing to choose', () => {
  expect(grantChoices([site('a', 'S'), site('a', 'S', 'confluence')], {})).toEqual([]);
});

test('several sites are a choice, and the accounts of a site are another one', () => {
  const sites = [site('a', 'S'), site('a', 'T'), site('b', 'T'), site('a', 'S', 'confluence')];
  expect(shown(grantChoices(sites, {}))).toEqual([
    { key: 'jira', candidates: ['a S', 'a T', 'b T'] },
    { key: 'jira:a', candidates: ['a S', 'a T'] },
  ]);
});

test.each<[string, ChosenSites, string | undefined]>([
  ['with its account', { jira: site('a', 'T') }, 'a T'],
  [
    'without an account, where one account has it',
    { jira: { ...site('b', ''), sessionId: undefined } as never },
    'b T',
  ],
  [
    'without an account, where two have it',
    { jira: { ...site('a', ''), sessionId: undefined } as never },
    undefined,
  ],
  ['that is not granted any more', { jira: site('c', 'T') }, undefined],
  ['of an account that is not granted any more', { jira: site('b', 'S') }, undefined],
])('a stored choice %s', (_, chosen, expected) => {
  const sites = [site('a', 'S'), site('a', 'T'), site('b', 'T')];
  const [choice] = shown(grantChoices(sites, chosen));
  expect(choice?.chosen).toBe(expected);
});

test('a choice between the sites of one account is shown once it is made', () => {
  const sites = [site('a', 'S'), site('b', 'S'), site('b', 'T')];
  const keys = (chosen: ChosenSites) => grantChoices(sites, chosen).map(({ key }) => key);
  expect(keys({})).toEqual(['jira', 'jira:b']);
  expect(keys({ 'jira@S': site('b', 'S') })).toEqual(['jira', 'jira@S', 'jira:b']);
});
