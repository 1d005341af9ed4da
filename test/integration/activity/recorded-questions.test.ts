import { beforeEach, expect, test } from 'vitest';
import type { ActivityEntryView } from '../../../extension/wire/views.ts';
import { rejection } from '../../support/faults.ts';
import { connect, dashboard } from '../../support/harness.ts';
import { codeOf, fetchAll } from '../../support/page-calls.ts';
import { until } from '../../support/until.ts';
import { harness, session, useSession } from '../use-session.ts';

useSession({ access: 'write' });

const listed = async (limit = 1000): Promise<readonly ActivityEntryView[]> =>
  (await harness.ui('activity.list', { limit })).entries;
const deny = async (): Promise<void> => {
  await until(() => harness.world.openWindows.size > 0);
  const [ask] = await harness.ui('ask.list', {});
  await harness.ui('ask.decide', { id: ask?.id ?? '', decision: { allow: false } });
};

// The connection itself is recorded.
beforeEach(() => harness.ui('activity.clear', {}));

test('questions are recorded, once for all that ask, and connections', async () => {
  const wanted = { access: 'write', products: ['confluence'] } as const;
  const ask = () =>
    rejection(harness.page()('page.request-access', { ...wanted, products: ['confluence'] }));
  const asking = Promise.all([ask(), ask()]);
  await deny();
  await asking;
  // Remembered: no window.
  await ask();
  const question = { kind: 'question', asked: 'access', result: 'refused', ...wanted };
  expect(await listed()).toMatchObject([question, question]);
  await harness.page()('page.disconnect', {});
  await connect(harness, session);
  await harness.ui('grant.remove', { origin: dashboard });
  expect(await listed(3)).toMatchObject([
    { kind: 'disconnected', origin: dashboard, result: 'ok' },
    { kind: 'connected' },
    { kind: 'disconnected', isByPage: true },
  ]);
  expect((await listed(1))[0]).not.toHaveProperty('isByPage');
  // Only calls are counted.
  expect((await harness.ui('activity.list', {})).days).toEqual([]);
});

test('a question for a site is recorded with the product that it was about', async () => {
  await connect(harness, session, { sites: session.sites });
  await harness.ui('activity.clear', {});
  const work = codeOf(fetchAll(harness.page()));
  await deny();
  expect(await work).toBe('site_required');
  const entries = await listed();
  expect(entries.filter(({ kind }) => kind === 'question')).toMatchObject([
    { asked: 'site', products: ['jira'], result: 'refused' },
  ]);
});
