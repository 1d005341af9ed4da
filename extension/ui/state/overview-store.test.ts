import { expect, it } from 'vitest';
import { anOverview, FakeWorker } from '../../../test/support/samples/ui-views.ts';
import { createOverviewStore } from './overview-store.ts';

it('keeps what it knows when a later question fails, and says why', async () => {
  const worker = new FakeWorker().answer('overview.get', () => anOverview());
  const store = createOverviewStore(worker.send);
  await store.reload();
  worker.refuse('overview.get', 'unavailable');
  await store.reload();
  expect(store.overview.value).toEqual(anOverview());
  expect(store.fault.value?.code).toBe('unavailable');
});

it('asks once more, and only once, for all that changed during a question', async () => {
  const worker = new FakeWorker().answer('overview.get', () => anOverview());
  const store = createOverviewStore(worker.send);
  await Promise.all([store.reload(), store.reload(), store.reload()]);
  expect(worker.bodies('overview.get')).toHaveLength(2);
});

it('recovers by asking again', async () => {
  const worker = new FakeWorker().refuse('overview.get', 'unavailable');
  const store = createOverviewStore(worker.send);
  await store.reload();
  worker.answer('overview.get', () => anOverview());
  await store.reload();
  expect(store.fault.value).toBeUndefined();
  expect(store.overview.value).toBeDefined();
});
