import { expect, it, vi } from 'vitest';
import { optionsStore } from '../../test/support/pages/options-store.ts';
import { anOverview, clientId, FakeWorker } from '../../test/support/samples/ui-views.ts';

vi.mock('../../extension/browser/i18n.ts', () => import('../../test/support/english.ts'));

async function at(hash: string) {
  const worker = new FakeWorker()
    .answer('overview.get', () => anOverview())
    .answer('client.redirect-uri', () => ({ redirectUri: 'https://id.chromiumapp.org/x' }));
  const { store } = optionsStore(worker);
  store.arrive(hash);
  await store.reload();
  return store;
}

it.each([
  ['', 'Clients – Threelo'],
  ['#/clients/new', 'New client – Threelo'],
  [`#/clients/${clientId}`, 'Edit client “Acme app” – Threelo'],
  ['#/clients/unknown', 'Clients – Threelo'],
  ['#/sessions', 'Sessions – Threelo'],
  ['#/connected-pages', 'Connected pages – Threelo'],
  ['#/connected-pages/https%3A%2F%2Fdash.example', 'Connection of https://dash.example – Threelo'],
  ['#/activity', 'Activity – Threelo'],
  ['#/console', 'Console – Threelo'],
  ['#/about', 'About – Threelo'],
  ['#/welcome', 'Set up Threelo – Threelo'],
  ['#/settings', 'Settings – Threelo'],
])('the title at %j is %s', async (hash, title) => {
  const store = await at(hash);
  expect(store.title.value).toBe(title);
});

it('the title changes with the route', async () => {
  const store = await at('#/settings');
  const titles: string[] = [];
  store.title.subscribe((title) => void titles.push(title));
  store.goTo({ view: 'client', id: clientId });
  store.cancelEditing();
  expect(titles[0]).toBe('Settings – Threelo');
  expect(titles).toContain('Edit client “Acme app” – Threelo');
  expect(titles.at(-1)).toBe('Clients – Threelo');
});
