import { expect, test } from 'vitest';
import type { Origin } from '../../../extension/core/values/origin.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { sitesAt } from '../../support/page-calls.ts';
import { harness, session, useSession } from '../use-session.ts';

useSession();

const other = 'https://reports.example' as Origin;
const find = (filter = '', part = {}) =>
  harness.ui('grant.find', { filter, offset: 0, limit: 60, ...part });
const origins = async (filter = '', part = {}) =>
  (await find(filter, part)).rows.map(({ origin }) => origin);

test('connected pages are found by origin, site and account, in parts', async () => {
  harness.world.elapse(1000);
  await connect(harness, session, { origin: other, sites: sitesAt(session, 'globex') });
  expect(await origins()).toEqual([other, dashboard]);
  expect(await origins('', { offset: 1, limit: 1 })).toEqual([dashboard]);
  expect(await find('', { limit: 1 })).toMatchObject({ total: 2, matching: 2 });
  expect(await origins('REPORTS')).toEqual([other]);
  expect(await origins('acme')).toEqual([dashboard]);
  expect(await origins('dashboard globex')).toEqual([]);
  expect(await origins(`globex ${session.account.name ?? ''}`)).toEqual([other]);
  const [row] = (await find('acme')).rows;
  expect(row).toMatchObject({ access: 'read', siteCount: 2, problemCount: 0 });
  expect(row).not.toHaveProperty('choosable');
});

test('a connection comes with all the sites that can be called', async () => {
  const sites = sitesAt(session, 'acme');
  const view = await harness.ui('grant.get', { origin: dashboard });
  expect(view).toMatchObject({ origin: dashboard, access: 'read', duration: 'always' });
  expect(view.sites).toEqual(
    sites.map(({ cloudId, product, url, name }) => ({
      cloudId,
      product,
      url,
      name,
      sessionId: session.id,
      account: session.account,
    })),
  );
  expect((await rejection(harness.ui('grant.get', { origin: other }))).code).toBe('not_connected');
});
