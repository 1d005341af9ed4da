import { grantedSite } from '#core/grant/page-grant.ts';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { hostPatternOf, popupStore } from '../test/support/pages/popup-store.ts';
import {
  ada,
  aDenial,
  aGrant,
  anOverview,
  aSession,
  aSite,
  clientId,
  dashboard,
  FakeWorker,
  grace,
  otherSessionId,
  sessionId,
} from '../test/support/samples/ui-views.ts';

let worker: FakeWorker;

beforeEach(() => {
  worker = new FakeWorker().answer('overview.get', () => anOverview());
});

const manyPaths = (count: number): string =>
  Array.from({ length: count }, (_, at) => `/${String(at)}`).join('\n');

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

describe('connecting', () => {
  it('requests the permission and sends the command within the task of the click', async () => {
    const order: string[] = [];
    let isPrepared: Promise<unknown> | undefined;
    const { store } = popupStore(worker, {
      requestHostPatterns: (patterns, prepared) => {
        order.push(`request ${patterns.join()}`);
        isPrepared = prepared;
        return Promise.resolve(true);
      },
    });
    await store.open();
    worker.answer('grant.prepare', () => 'prepared');
    store.startConnecting();
    store.connection.change({ access: 'write' });
    const before = worker.sent.length;
    const done = store.connection.connect();
    expect(order).toEqual([`request ${hostPatternOf(dashboard)}`]);
    expect(worker.sent.slice(before)).toEqual([
      [
        'grant.prepare',
        {
          origin: dashboard,
          access: 'write',
          duration: 'always',
          sites: [{ cloudId: 'cloud-acme', product: 'jira', sessionId }],
        },
      ],
    ]);
    await done;
    expect(await isPrepared).toBe('prepared');
    expect(store.connection.draft.value).toBeUndefined();
  });

  it('shows every site that it would connect: those of a session that has to be renewed too, none that has gone', async () => {
    const renewed = aSession({ status: 'recoverable' });
    const usable = aSession({ id: otherSessionId, account: grace, sites: [aSite('Beta')] });
    const site = { ...aSite('Acme'), sessionId, account: ada };
    const other = { ...aSite('Beta'), sessionId: otherSessionId, account: grace };
    let sessions = [renewed, usable];
    const grants = [aGrant({ sites: [site, other] })];
    worker.answer('overview.get', () => anOverview({ sessions, grants }));
    const { store } = popupStore(worker);
    await store.open();
    store.startConnecting();
    const shown = () =>
      store.sessionsToConnect.value.flatMap(({ id, sites }) => sites.map(({ name }) => [id, name]));
    expect(shown()).toEqual([
      [sessionId, 'Acme'],
      [otherSessionId, 'Beta'],
    ]);
    sessions = [renewed, { ...usable, sites: [aSite('Gamma')] }];
    await store.reload();
    worker.answer('grant.prepare', () => null);
    await store.connection.connect();
    expect(worker.bodies('grant.prepare')).toMatchObject([{ sites: [grantedSite(site)] }]);
  });

  it('starts with the current site and read access', async () => {
    const sites = [aSite('Acme'), aSite('Beta')];
    const session = aSession({ sites, currentSite: aSite('Beta') });
    worker.answer('overview.get', () => anOverview({ sessions: [session] }));
    const { store } = popupStore(worker);
    await store.open();
    store.startConnecting();
    expect(store.connection.draft.value).toMatchObject({
      access: 'read',
      sites: [{ cloudId: 'cloud-beta' }],
    });
  });

  it('starts a change with the current grant', async () => {
    worker.answer('overview.get', () => anOverview({ grants: [aGrant({ access: 'write' })] }));
    const { store } = popupStore(worker);
    await store.open();
    store.startConnecting();
    expect(store.connection.draft.value?.access).toBe('write');
  });

  it('asks for the duration and the paths of the panel, and starts a change with those of the grant', async () => {
    const grant = aGrant({ duration: 'session', paths: ['/wiki/', '/rest/api/3/issue/'] });
    worker.answer('overview.get', () => anOverview({ grants: [grant] }));
    const { store } = popupStore(worker);
    await store.open();
    store.startConnecting();
    await store.connection.connect();
    store.startConnecting();
    store.connection.change({ duration: 'always', isEveryPath: true });
    await store.connection.connect();
    expect(worker.bodies('grant.prepare')).toMatchObject([
      { duration: 'session', paths: ['/wiki/', '/rest/api/3/issue/'] },
      { duration: 'always' },
    ]);
    expect(worker.bodies('grant.prepare')[1]).not.toHaveProperty('paths');
  });

  it.each(['', '  \n', 'rest/api', '/a/../b', '/a%20b', manyPaths(21)])(
    'sends nothing while the paths are %j',
    async (pathsText) => {
      const { store } = popupStore(worker);
      await store.open();
      store.startConnecting();
      store.connection.change({ isEveryPath: false, pathsText });
      await store.connection.connect();
      expect(worker.bodies('grant.prepare')).toEqual([]);
      store.connection.change({ pathsText: `\n ${manyPaths(20)}\n/1 \n` });
      await store.connection.connect();
      expect(worker.bodies('grant.prepare')).toMatchObject([{ paths: manyPaths(20).split('\n') }]);
    },
  );

  it('keeps the panel open when the permission is denied', async () => {
    const { store } = popupStore(worker, { requestHostPatterns: () => Promise.resolve(false) });
    await store.open();
    store.startConnecting();
    await store.connection.connect();
    expect(store.connection.state.value).toBe('refused');
    expect(store.connection.draft.value?.sites).toHaveLength(1);
  });

  it('keeps the panel open and reports the fault when the worker refuses', async () => {
    worker.refuse('grant.prepare', 'not_found');
    const { store } = popupStore(worker);
    await store.open();
    store.startConnecting();
    await store.connection.connect();
    expect(store.pendingActions.fault.value?.code).toBe('not_found');
    expect(store.connection.draft.value).toBeDefined();
    expect(store.connection.state.value).toBe('idle');
  });

  it.each([
    ['replaces it with another session of the same account', ada, [otherSessionId]],
    ['keeps it beside another account', grace, [sessionId, otherSessionId]],
  ])('a site that is chosen again: %s', async (_, account, expected) => {
    const sessions = [aSession(), aSession({ id: otherSessionId, account })];
    worker.answer('overview.get', () => anOverview({ sessions }));
    const { store } = popupStore(worker);
    await store.open();
    store.startConnecting();
    store.connection.toggleSite(grantedSite({ ...aSite('Acme'), sessionId: otherSessionId }));
    expect(store.connection.draft.value?.sites.map((site) => site.sessionId)).toEqual(expected);
  });

  it('sends nothing while no site is chosen', async () => {
    const requestHostPatterns = vi.fn(() => Promise.resolve(true));
    const { store } = popupStore(worker, { requestHostPatterns });
    await store.open();
    store.startConnecting();
    store.connection.toggleSite({ ...aSite('Acme'), sessionId });
    await store.connection.connect();
    expect(requestHostPatterns).not.toHaveBeenCalled();
    expect(worker.bodies('grant.prepare')).toEqual([]);
  });

  it('requests the permission of a suspended page, and missing hosts, within the click', async () => {
    const requestHostPatterns = vi.fn(() => Promise.resolve(true));
    const missingHostPatterns = ['https://api.atlassian.com/*'];
    worker.answer('overview.get', () => anOverview({ missingHostPatterns }));
    const { store } = popupStore(worker, { requestHostPatterns });
    await store.open();
    void store.connection.allowAgain(dashboard);
    expect(requestHostPatterns).toHaveBeenLastCalledWith([hostPatternOf(dashboard)]);
    void store.allowAccess();
    expect(requestHostPatterns).toHaveBeenLastCalledWith(missingHostPatterns);
  });
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
