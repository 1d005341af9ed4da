import { expect, it } from 'vitest';
import { anOverview, FakeWorker } from '../../../test/support/samples/ui-views.ts';
import { createOverviewStore } from './overview-store.ts';

it('keeps the overview and reports the fault when a later request fails', async () => {
  const worker = new FakeWorker().answer('overview.get', () => anOverview());
  const store = createOverviewStore(worker.send);
  await store.reload();
  worker.refuse('overview.get', 'unavailable');
  await store.reload();
  expect(store.overview.value).toEqual(anOverview());
  expect(store.loadFault.value?.code).toBe('unavailable');
});

it('sends exactly one more request for all reloads during a request', async () => {
  const worker = new FakeWorker().answer('overview.get', () => anOverview());
  const store = createOverviewStore(worker.send);
  await Promise.all([store.reload(), store.reload(), store.reload()]);
  expect(worker.bodies('overview.get')).toHaveLength(2);
});

it('clears the fault when a later request succeeds', async () => {
  const worker = new FakeWorker().refuse('overview.get', 'unavailable');
  const store = createOverviewStore(worker.send);
  await store.reload();
  worker.answer('overview.get', () => anOverview());
  await store.reload();
  expect(store.loadFault.value).toBeUndefined();
  expect(store.overview.value).toBeDefined();
});
