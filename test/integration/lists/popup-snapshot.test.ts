import { expect, test, vi } from 'vitest';
import type { PopupSnapshot, SessionRow } from '../../../extension/wire/list-views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard, runFlow } from '../../support/harness.ts';
import { fetchAll, settled } from '../../support/page-calls.ts';
import { leaks } from '../../support/samples/leak-search.ts';
import { client, harness, revive, session, standin, useSession } from '../use-session.ts';

useSession({ sites: () => [] });

const written = async (): Promise<void> => {
  harness.world.elapse(250);
  for (let turn = 0; turn < 3; turn += 1) await settled();
};
const anything = expect.anything() as unknown;
const snapshot = () => harness.world.session.entries.get('popup') as PopupSnapshot;

test('what the popup shows is stored after a change, and again at the next start', async () => {
  await connect(harness, session);
  await written();
  const read = await harness.ui('popup.view', { origin: dashboard });
  const { page, denials, connectOutcome, ...view } = read;
  expect(connectOutcome).toBeDefined();
  expect(snapshot()).toEqual({ view, denials, pages: { [dashboard]: anything } });
  const choosable = [anything];
  const kept = { siteCount: page?.siteCount, access: 'read', hasHostPermission: true };
  expect(page?.choices.map(({ candidates }) => candidates.length)).toEqual([2, 2]);
  const [choice] = page!.choices;
  const site = choice?.candidates[0];
  await harness.ui('grant.choose', { origin: dashboard, key: choice!.key, site: site! });
  await written();
  expect(snapshot().pages[dashboard]).toMatchObject({ ...kept, choosable });
  // The worker ends between the change and the write.
  await harness.ui('session.sign-out', { id: session.id });
  expect(snapshot().view.sessionCount).toBe(1);
  await revive();
  await written();
  expect(snapshot()).toMatchObject({ view: { sessionCount: 0, clients: [{}] }, pages: {} });
  await harness.ui('client.delete', { id: client.id });
  await written();
  expect(snapshot().view.clients).toEqual([]);
});

test('a sign-in that ends is in it; a call of a page writes nothing', async () => {
  await connect(harness, session);
  await written();
  expect(snapshot().view.flow?.state).toBe('succeeded');
  await harness.ui('flow.dismiss', {});
  await written();
  expect(snapshot().view).not.toHaveProperty('flow');
  const write = vi.spyOn(harness.world.session, 'write');
  for (let call = 0; call < 5; call += 1) {
    const input = `${session.sites[0]!.url}/rest/api/3/myself`;
    await fetchAll(harness.page(), { input });
    await written();
  }
  expect(write.mock.calls.filter(([entries]) => 'popup' in entries)).toEqual([]);
});

test('it has no secret', async () => {
  await connect(harness, session);
  await written();
  const secrets = standin.issued.map(({ kind, value }) => ({ name: kind, value }));
  const secret = { name: 'client secret', value: 'team-secret-0123456789abcdef0123456789' };
  expect(secrets.length).toBeGreaterThan(1);
  expect(leaks(snapshot(), [...secrets, secret])).toEqual([]);
});

test('its sessions are those of the reply in the same order, by name, whatever pages called since, and in every worker', async () => {
  harness.world.person = async (address) => ({
    redirectedTo: await standin.consent(address.href, { account: 'bo' }),
  });
  const bo = (await runFlow(harness, client)).sessionId!;
  await harness.ui('session.rename', { id: session.id, label: 'Zoë' });
  await harness.ui('session.rename', { id: bo, label: 'Åsa' });
  await connect(harness, session);
  const shown = async (list: (view: PopupSnapshot['view']) => readonly SessionRow[]) => {
    const stored = list(snapshot().view);
    await revive();
    const replied = list(await harness.ui('popup.view', {}));
    return [stored, replied].map((rows) => rows.map(({ account }) => account.label));
  };
  await written();
  // From now on the session that signed in first is the one used last.
  harness.world.elapse(5000);
  await fetchAll(harness.page(), { input: `${session.sites[0]!.url}/rest/api/3/myself` });
  // When calls are recorded.
  harness.world.elapse(1000);
  await written();
  const inOrder = ['Åsa', 'Zoë'];
  expect(await shown(({ recent }) => recent)).toEqual([inOrder, inOrder]);
  standin.apps.get('team-client')!.clientSecret = 'another';
  standin.clock.advance(3_600_000);
  await rejection(harness.ui('session.refresh-sites', { id: session.id }));
  await written();
  expect(await shown(({ needsPerson }) => needsPerson.rows)).toEqual([inOrder, inOrder]);
});
