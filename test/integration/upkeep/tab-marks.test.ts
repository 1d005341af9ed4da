import { expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { settled } from '../../support/page-calls.ts';
import { harness, session, useSession } from '../use-session.ts';

useSession({ sites: () => [] });

const other = 'https://other.example' as Origin;
/** A document of an origin is shown in a tab; resolves to the marks of all tabs. */
const shown = async (tabId: number, origin = dashboard): Promise<[number, string][]> => {
  await harness.page(origin, { tabId, documentId: `document-${String(tabId)}` })('page.shown', {});
  await settled();
  return [...harness.world.seen.marks];
};

test('the tab of a connected page is marked with what it may do, that of another page is not', async () => {
  expect(await shown(1)).toEqual([]);
  await connect(harness, session);
  const read = [1, 'Threelo – connected: read'];
  expect(await shown(1)).toEqual([read]);
  expect(await shown(2, other)).toEqual([read]);
  await connect(harness, session, { access: 'write' });
  expect(await shown(1)).toEqual([[1, 'Threelo – connected: read and write']]);
});

test('the mark goes when the page is disconnected, and when the browser withholds its permission', async () => {
  await connect(harness, session);
  await connect(harness, session, { origin: other });
  await shown(1);
  expect(await shown(2, other)).toHaveLength(2);
  await harness.ui('grant.remove', { origin: dashboard });
  expect((await shown(1)).map(([tabId]) => tabId)).toEqual([2]);
  harness.world.hosts.delete(`${other}/*`);
  await harness.background.grants.followPermissions();
  expect(await shown(2, other)).toEqual([]);
});

test('a prerendered document is not marked', async () => {
  await connect(harness, session);
  const sender = { tabId: 1, documentLifecycle: 'prerender' };
  await harness
    .page(dashboard, sender)('page.shown', {})
    .catch(() => undefined);
  await settled();
  expect([...harness.world.seen.marks]).toEqual([]);
});

test('a page that says again and again that it is shown has its tab marked no more than twice', async () => {
  await connect(harness, session);
  const { alerts, seen } = harness.world;
  const { markTab } = alerts;
  let count = 0;
  const first = Promise.withResolvers<undefined>();
  Object.assign(alerts, {
    markTab: async (...args: Parameters<typeof markTab>) => {
      count += 1;
      await first.promise;
      await markTab(...args);
    },
  });
  const page = harness.page(dashboard, { tabId: 1, documentId: 'document-1' });
  await Promise.all(Array.from({ length: 50 }, () => page('page.shown', {})));
  first.resolve(undefined);
  await settled();
  expect(count).toBeLessThanOrEqual(2);
  expect([...seen.marks.keys()]).toEqual([1]);
});
