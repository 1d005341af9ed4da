import { beforeEach, expect, test } from 'vitest';
import { ACME_CLOUD_ID, GLOBEX_CLOUD_ID } from '../../standin/facts/sites.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { fetchAll, sitesAt } from '../../support/page-calls.ts';
import { harness, revive, session, useSession } from '../use-session.ts';
import { connections } from '../../support/connections.ts';

useSession({ sites: () => [] }, 'once');
beforeEach(() => connect(harness, session));

const choices = async () => (await connections(harness.ui))[0]!.choices;
const jiraOf = (cloudId: string) => {
  const site = session.sites.find((one) => one.cloudId === cloudId && one.product === 'jira');
  return { cloudId: site!.cloudId, product: 'jira' as const, sessionId: session.id };
};
const choose = (cloudId: string): Promise<null> =>
  harness.ui('grant.choose', { origin: dashboard, key: 'jira', site: jiraOf(cloudId) });

test('the person chooses between several sites, changes it, and takes it back', async () => {
  const candidates = [ACME_CLOUD_ID, GLOBEX_CLOUD_ID].map(jiraOf);
  expect(await choices()).toMatchObject([{ key: 'jira', product: 'jira' }, { key: 'confluence' }]);
  expect((await choices())[0]!.candidates).toEqual(expect.arrayContaining(candidates));
  for (const [cloudId, name] of [
    [ACME_CLOUD_ID, 'acme'],
    [GLOBEX_CLOUD_ID, 'globex'],
  ] as const) {
    await choose(cloudId);
    expect((await choices())[0]).toMatchObject({ chosen: jiraOf(cloudId) });
    expect((await fetchAll(harness.page())).url).toContain(name);
    await revive();
  }
  await harness.ui('grant.choose', { origin: dashboard, key: 'jira' });
  expect((await choices())[0]).not.toHaveProperty('chosen');
  expect(harness.world.told.at(-1)).toEqual({ origin: dashboard, event: 'grant.changed' });
});

test('a site that is not one of the candidates is refused, and nothing changes', async () => {
  await connect(harness, session, { sites: sitesAt(session, 'acme') });
  expect(await choices()).toEqual([]);
  expect((await rejection(choose(GLOBEX_CLOUD_ID))).code).toBe('not_found');
  await connect(harness, session);
  const other = { ...jiraOf(ACME_CLOUD_ID), sessionId: crypto.randomUUID() as never };
  const wrong = [
    { key: 'confluence', site: jiraOf(ACME_CLOUD_ID) },
    { key: 'jira', site: other },
  ];
  for (const one of wrong) {
    const work = harness.ui('grant.choose', { origin: dashboard, ...one });
    expect((await rejection(work)).code).toBe('not_found');
  }
  await harness.ui('grant.remove', { origin: dashboard });
  expect((await rejection(choose(ACME_CLOUD_ID))).code).toBe('not_connected');
});
