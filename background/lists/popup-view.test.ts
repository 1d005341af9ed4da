import { expect, test } from 'vitest';
import { nameOrder } from '#core/values/name-order.ts';
import { aStoredSession, listSource } from '../../test/support/samples/stored-sessions.ts';
import { popupView } from './popup-view.ts';

type Dependencies = Parameters<typeof popupView>[1];

/** Whom the popup lists as recent, of sessions that were all last used at the same time. */
async function recentOf(names: readonly string[], language: string): Promise<unknown[]> {
  const source = listSource(
    names.map((name, at) => aStoredSession(at, { account: { accountId: name, name } })),
  );
  const dependencies = {
    ...source,
    clients: { ...source.clients, list: () => [] },
    grants: { list: () => [], missingPolicyPatterns: () => [], prepared: { outcome: () => {} } },
    flow: () => Promise.resolve(undefined),
    denials: () => [],
    storageFaults: () => [],
    world: { compareNames: nameOrder(() => language), permissions: { all: () => [] } },
  } as unknown as Dependencies;
  const { recent } = await popupView(undefined, dependencies, { connection: () => expect.fail() });
  return recent.map(({ account: { name } }) => name);
}

test.each([
  ['en', ['Åsa', 'Bo', 'Cy', 'Dan', 'Eve']],
  ['sv', ['Bo', 'Cy', 'Dan', 'Eve', 'Zoë']],
])(
  'of sessions with the same last use, the first by name in the language %s are recent',
  async (language, recent) => {
    const names = ['Zoë', 'Åsa', 'Eve', 'Dan', 'Cy', 'Bo'];
    expect(await recentOf(names, language)).toEqual(recent);
  },
);
