import { beforeEach, describe, expect, it, vi } from 'vitest';
import { popupStore } from '../test/support/pages/popup-store.ts';
import {
  aDenial,
  anOverview,
  aSession,
  aSite,
  clientId,
  dashboard,
  FakeWorker,
  otherSessionId,
  sessionId,
} from '../test/support/samples/ui-views.ts';

let worker: FakeWorker;

beforeEach(() => {
  worker = new FakeWorker().answer('overview.get', () => anOverview());
});

describe('opening', () => {
  it('requests the overview once and reads the page', async () => {
    const { store } = popupStore(worker);
    await store.open();
    expect(worker.sent.map(([name]) => name)).toEqual(['overview.get']);
    expect(store.canConnect.value).toBe(true);
  });

  it('shows the sessions even when the tab cannot be read', async () => {
    const { store } = popupStore(worker, { activePage: () => Promise.reject(new Error('no tab')) });
    await store.open();
    expect(store.sessions.value).toHaveLength(1);
    expect(store.canConnect.value).toBe(false);
  });

  it('reports the fault when the worker does not respond', async () => {
    worker.refuse('overview.get', 'unavailable');
    const { store } = popupStore(worker);
    await store.open();
    expect(store.loadFault.value?.code).toBe('unavailable');
  });
});

describe('listing', () => {
  it('lists the site of the active tab first, and only sites that match the filter', async () => {
    const ofActiveTab = aSession({ id: otherSessionId, sites: [aSite('Beta'), aSite('Gamma')] });
    worker.answer('overview.get', () => anOverview({ sessions: [aSession(), ofActiveTab] }));
    const page = { host: 'gamma.atlassian.net' };
    const { store } = popupStore(worker, { activePage: () => Promise.resolve(page) });
    await store.open();
    expect(store.sessions.value.map(({ sites }) => sites.map(({ name }) => name))).toEqual([
      ['Gamma', 'Beta'],
      ['Acme'],
    ]);
    store.filter.value = 'be jira';
    expect(store.sessions.value.map(({ sites }) => sites.map(({ name }) => name))).toEqual([
      ['Beta'],
    ]);
  });

  it.each([
    ['recoverable', false],
    ['unrecoverable', false],
    ['unknown', true],
  ] as const)('a session that is %s can connect a page: %s', async (status, expected) => {
    worker.answer('overview.get', () => anOverview({ sessions: [aSession({ status })] }));
    const { store } = popupStore(worker);
    await store.open();
    expect(store.canConnect.value).toBe(expected);
  });
});

it('the missing hosts are requested within the click', async () => {
  const requestHostPatterns = vi.fn(() => Promise.resolve(true));
  const missingHostPatterns = ['https://api.atlassian.com/*'];
  worker.answer('overview.get', () => anOverview({ missingHostPatterns }));
  const { store } = popupStore(worker, { requestHostPatterns });
  await store.open();
  void store.allowAccess();
  expect(requestHostPatterns).toHaveBeenLastCalledWith(missingHostPatterns);
});

describe('actions', () => {
  it('send their command and reload the overview', async () => {
    const { store } = popupStore(worker);
    await store.open();
    await store.chooseSite(sessionId, aSite('Beta'));
    await store.refreshSites(sessionId);
    await store.signOut(sessionId);
    await store.signIn(clientId);
    await store.cancelSignIn();
    await store.showSignIn();
    await store.dismissSignIn();
    await store.connection.disconnect(dashboard);
    await store.chooseDefaultSite(dashboard, 'jira', undefined);
    await store.forgetDenial(aDenial());
    expect(worker.sent.filter(([name]) => name !== 'overview.get')).toEqual([
      ['session.choose-site', { id: sessionId, site: { cloudId: 'cloud-beta', product: 'jira' } }],
      ['session.refresh-sites', { id: sessionId }],
      ['session.sign-out', { id: sessionId }],
      ['flow.start', { clientId }],
      ['flow.cancel', {}],
      ['flow.show', {}],
      ['flow.dismiss', {}],
      ['grant.remove', { origin: dashboard }],
      ['grant.choose', { origin: dashboard, key: 'jira' }],
      ['denial.forget', { origin: dashboard, id: aDenial().id }],
    ]);
    expect(worker.bodies('overview.get')).toHaveLength(11);
  });

  it('keep the fault until it is dismissed', async () => {
    worker.refuse('flow.start', 'flow_in_progress');
    const { store } = popupStore(worker);
    await store.open();
    await store.signIn(clientId);
    expect(store.pendingActions.fault.value?.code).toBe('flow_in_progress');
    store.pendingActions.dismiss();
    expect(store.pendingActions.fault.value).toBeUndefined();
  });
});
