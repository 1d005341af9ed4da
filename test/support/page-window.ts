import { afterEach, beforeEach, vi } from 'vitest';
import type { PageSite, Threelo } from '../../extension/wire/page-api.ts';

/** A granted site as a page sees it. */
export function aPageSite(changes: Partial<PageSite> = {}): PageSite {
  return {
    id: 'jira:11111111-aaaa:session-1',
    product: 'jira',
    url: 'https://acme.atlassian.net',
    name: 'Acme',
    access: 'read',
    account: { id: 'session-1', name: 'Ada' },
    ...changes,
  };
}

/** A page API without an extension behind it, that a test changes as it goes. */
export interface FakeThreelo extends Threelo {
  /** What `sites()` resolves to, or is rejected with. */
  answer: () => Promise<readonly PageSite[]>;
  /** How often `sites()` was called. */
  asked: number;
  /** What `fetch` was called with. */
  readonly fetched: unknown[][];
  /** Tells its listeners of a change. */
  change(): void;
}

export function fakeThreelo(answer: FakeThreelo['answer']): FakeThreelo {
  const events = new EventTarget();
  const fake: FakeThreelo = {
    version: '1.2.3',
    answer,
    asked: 0,
    fetched: [],
    sites: () => {
      fake.asked += 1;
      return fake.answer();
    },
    fetch: (...args) => {
      fake.fetched.push(args);
      return Promise.resolve(new Response('by Threelo'));
    },
    can: () => Promise.resolve({ ok: true, site: '', account: '' }),
    requestAccess: () => fake.answer(),
    disconnect: () => Promise.resolve(),
    addEventListener: events.addEventListener.bind(events),
    removeEventListener: events.removeEventListener.bind(events),
    change: () => events.dispatchEvent(new Event('change')),
  };
  return fake;
}

/** As a call ends when the page is not connected. */
export function notConnected(): Promise<never> {
  return Promise.reject(Object.assign(new Error('not connected'), { code: 'not_connected' }));
}

/** A promise that never settles. */
export function never(): Promise<never> {
  return new Promise(() => undefined);
}

/** Gives Node the events of a window, in simulated time, before each test of the suite. */
export function usePageWindow(): void {
  beforeEach(() => {
    const events = new EventTarget();
    vi.stubGlobal('addEventListener', events.addEventListener.bind(events));
    vi.stubGlobal('removeEventListener', events.removeEventListener.bind(events));
    vi.stubGlobal('dispatchEvent', events.dispatchEvent.bind(events));
    vi.useFakeTimers();
  });
  afterEach(() => {
    vi.useRealTimers();
    vi.unstubAllGlobals();
  });
}

/** The extension connects the page: `window.threelo` is there, and calls are possible. */
export function connectPage(threelo: Threelo): void {
  vi.stubGlobal('threelo', threelo);
  dispatchEvent(new Event('threelo:ready'));
}
