import { expect, test } from 'vitest';
import { isFaultCode } from '../../../extension/core/values/fault.ts';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { settingNames } from '../../../extension/core/values/settings.ts';
import { diagnosticsText } from '../../../options/about/diagnostics.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { fetchAll } from '../../support/page-calls.ts';
import { systemCase, systemDraft } from '../../support/samples/systems.ts';
import { harness, revive, session, standin, useSession } from '../use-session.ts';

useSession({ scopes: ['read:jira-work', 'read:me', 'offline_access'] });

const build = { version: '1.2.3', browser: 'Browser/1' };

/** Every text that is stored, in pieces as a person would recognize them. */
function storedTexts(value: unknown): string[] {
  if (typeof value === 'string') return [value, ...value.split(/[\s/:@.]+/u)];
  if (typeof value !== 'object' || value === null) return [];
  return Object.values(value).flatMap(storedTexts);
}

test('the diagnostics of a rich store name nothing that is stored', async () => {
  const { world } = harness;
  await connect(harness, session, { origin: 'https://second.example' as Origin });
  const draft = systemDraft(systemCase('Data Center, jira'), standin);
  const intranet = new URL(draft.baseUrl ?? '').origin;
  const named = { name: 'Codename Aurora', description: 'Of the Zurich office' };
  await harness.ui('client.create', { client: { ...draft, ...named } });
  world.hosts.add(`${intranet}/*`);
  await harness.ui('settings.update', {
    changes: { clockSkewSeconds: 90, defaultAccess: 'write' },
  });
  const call = { input: '/rest/api/3/issue/SECRET-1', method: 'DELETE' } as const;
  await rejection(fetchAll(harness.page(), call));
  world.elapse(2000);
  world.local.entries.set('session:damaged', { account: { email: 'eve@hidden.example' } });
  world.local.entries.set('name-of-a-later-version:eve@hidden.example', { text: 'anything' });
  await revive();
  const about = await harness.ui('about.get', {});
  const text = diagnosticsText(about, build);

  expect(about.hostPatterns).toContain(`${intranet}/*`);
  const kinds = Object.values(about.amounts).flatMap((one) => one.map(({ kind }) => kind));
  const own = new Set([
    ...kinds,
    ...settingNames,
    ...about.clients.map(({ of }) => of),
    ...about.sessions.map(({ of }) => of),
    ...'write data center cloud atlassian oauth storage other schema client session connection settings sites'.split(
      ' ',
    ),
  ]);
  const areas = [world.local, world.session, world.mirror].map(({ entries }) =>
    [...entries].map(([key, value]) => [key, value]),
  );
  const texts = [...areas.flatMap(storedTexts), ...about.hostPatterns, dashboard].filter(
    (one) => one.length > 3 && !own.has(one) && !isFaultCode(one) && !/^\d+$/u.test(one),
  );
  for (const known of [
    'Codename Aurora',
    'Zurich',
    'eve@hidden.example',
    'SECRET-1',
    intranet,
    'dashboard',
  ])
    expect(
      texts.some((one) => one.includes(known)),
      known,
    ).toBe(true);
  expect(texts.filter((one) => text.includes(one))).toEqual([]);
  expect(text).toContain('settings: defaultAccess=write, clockSkewSeconds=90');
  expect(text).toContain('storage faults: storage_damaged session 1');
  expect(text).toContain('recent faults: not_allowed 1');
});
