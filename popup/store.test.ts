import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { PopupView } from '#wire/list-views.ts';
import { popupStore } from '../test/support/pages/popup-store.ts';
import { aPopupView } from '../test/support/samples/popup-views.ts';
import {
  aDenial,
  clientId,
  dashboard,
  FakeWorker,
  sessionId,
} from '../test/support/samples/ui-views.ts';
import { until } from '../test/support/until.ts';

let worker: FakeWorker;
beforeEach(() => {
  worker = new FakeWorker().answer('popup.view', () => aPopupView());
});

describe('opening', () => {
  it('asks once for what is shown over the page', async () => {
    const { store } = popupStore(worker);
    await store.open();
    expect(worker.sent).toEqual([['popup.view', { origin: dashboard, isOpening: true }]]);
    await store.reload();
    expect(worker.sent[1]).toEqual(['popup.view', { origin: dashboard }]);
    expect(store.view.value).toEqual(aPopupView());
  });

  it('shows what was shown over the page before until the reply is there', async () => {
    let reply: ((view: PopupView) => void) | undefined;
    worker.answer('popup.view', () => new Promise((resolve) => (reply = resolve)));
    const before = aPopupView({ sessionCount: 7 });
    const readSnapshot = vi.fn(() => Promise.resolve(before));
    const { store } = popupStore(worker, { readSnapshot });
    const opened = store.open();
    await until(() => store.view.value === before);
    reply?.(aPopupView());
    await opened;
    expect(store.view.value).toEqual(aPopupView());
  });

  it('does not show what was shown before once the reply is there, nor without it', async () => {
    let read: ((view: PopupView) => void) | undefined;
    const { store } = popupStore(worker, {
      readSnapshot: () => new Promise((resolve) => (read = resolve)),
    });
    const opened = store.open();
    await until(() => store.view.value !== undefined);
    expect(store.view.value).toEqual(aPopupView());
    read?.(aPopupView({ sessionCount: 7 }));
    await opened;
    expect(store.view.value).toEqual(aPopupView());
    const other = popupStore(worker, { readSnapshot: () => Promise.reject(new Error('no')) });
    await other.store.open();
    expect(other.store.view.value).toEqual(aPopupView());
  });

  it('shows the sessions even when the tab cannot be read', async () => {
    const { store } = popupStore(worker, { activePage: () => Promise.reject(new Error('no tab')) });
    await store.open();
    expect(worker.sent).toEqual([['popup.view', { isOpening: true }]]);
    expect(store.view.value?.recent).toHaveLength(1);
  });

  it('reports the fault when the worker does not respond', async () => {
    worker.refuse('popup.view', 'unavailable');
    const { store } = popupStore(worker);
    await store.open();
    expect(store.loadFault.value?.code).toBe('unavailable');
  });
});

it('requests the permission of a page whose connection is suspended, and missing hosts, within the click', async () => {
  const requestHostPatterns = vi.fn(() => Promise.resolve(true));
  const missingHostPatterns = ['https://api.atlassian.com/*'];
  worker.answer('popup.view', () => aPopupView({ missingHostPatterns }));
  const { store } = popupStore(worker, { requestHostPatterns });
  await store.open();
  void store.pageConnection.allowAgain(dashboard);
  expect(requestHostPatterns).toHaveBeenLastCalledWith([`${dashboard}/*`]);
  void store.allowAccess();
  expect(requestHostPatterns).toHaveBeenLastCalledWith(missingHostPatterns);
});

it('goes on with what was searched for and open when the popup closed; with an old search no more', async () => {
  worker.answer('session.find', () => ({ total: 0, matching: 0, rows: [] }));
  let kept: unknown;
  let nowMs = 1_700_000_000_000;
  const lists = {
    read: () => Promise.resolve(kept),
    keep: (value: unknown) => Promise.resolve(void (kept = value)),
    nowMs: () => nowMs,
  };
  const open = async () => {
    const { store } = popupStore(worker, { lists });
    await store.open();
    return store.sessions;
  };
  const first = await open();
  expect(kept).toBeUndefined();
  first.filter.value = 'ada';
  first.toggle('recent', false);
  nowMs += 10 * 60_000;
  const second = await open();
  expect([second.filter.value, second.sections.value]).toEqual(['ada', { recent: false }]);
  nowMs += 1;
  const third = await open();
  expect([third.filter.value, third.sections.value]).toEqual(['', { recent: false }]);
});

describe('actions', () => {
  it('send their command and read again what is shown', async () => {
    const { store } = popupStore(worker);
    await store.open();
    await store.sessions.refreshSites(sessionId);
    await store.sessions.signOut(sessionId);
    await store.signIn(clientId);
    await store.cancelSignIn();
    await store.showSignIn();
    await store.dismissSignIn();
    await store.pageConnection.disconnect(dashboard);
    await store.chooseDefaultSite(dashboard, 'jira', undefined);
    await store.forgetDenial(aDenial());
    expect(worker.sent.filter(([name]) => name !== 'popup.view')).toEqual([
      ['session.refresh-sites', { id: sessionId }],
      ['session.sign-out', { id: sessionId }],
      ['flow.start', { clientId }],
      ['flow.cancel', {}],
      ['flow.show', {}],
      ['flow.dismiss', {}],
      ['grant.get', { origin: dashboard }],
      ['grant.remove', { origin: dashboard }],
      ['grant.choose', { origin: dashboard, key: 'jira' }],
      ['denial.forget', { origin: dashboard, id: aDenial().id }],
    ]);
    expect(worker.bodies('popup.view')).toHaveLength(10);
  });

  it('read a search again too', async () => {
    worker.answer('session.find', () => ({ total: 0, matching: 0, rows: [] }));
    const { store } = popupStore(worker);
    await store.open();
    store.sessions.filter.value = 'ada';
    await store.sessions.signOut(sessionId);
    expect(worker.bodies('session.find')).toHaveLength(2);
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
