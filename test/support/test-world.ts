import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import type { World } from '../../background/platform/world.ts';
import type { WindowOutcome } from '../../extension/browser/identity.ts';
import type { Lock } from '../../extension/browser/locks.ts';
import { languageOf, nameOrder } from '../../extension/core/values/name-order.ts';
import type { Origin } from '../../extension/core/values/origin.ts';
import type { Standin } from '../standin/standin.ts';
import { message } from './english.ts';
import { memoryArea, type MemoryArea } from './memory-area.ts';
import { memoryKeyStore, type MemoryKeyStore } from './memory-key-store.ts';

/** What the build copies into the package as it is. */
const packaged = join(import.meta.dirname, '../../extension/public');

/** The hosts of the manifest that tests need. */
const ownHosts = ['https://auth.atlassian.com/*', 'https://api.atlassian.com/*'];

/** Where the callback of this "browser" lies. */
export const redirectBase = 'https://abcdefghijklmnopabcdefghijklmnop.chromiumapp.org/';

/** A world whose network is the stand-in and whose person is a script. */
export interface TestWorld extends World {
  readonly keyStore: MemoryKeyStore;
  readonly local: MemoryArea;
  readonly session: MemoryArea;
  readonly mirror: MemoryArea;
  /** Lets so much time pass: moves the stand-in's clock and calls back what is due, in order. */
  readonly elapse: (ms: number) => void;
  /** As a machine sleeps: the clock moves on, and afterwards each timer that is due goes off once. */
  readonly sleep: (ms: number) => void;
  /** Alarms that are set, by name, in epoch milliseconds. */
  readonly alarmsSet: Map<string, number>;
  /** What the person sees without opening anything. */
  readonly seen: {
    badge: number;
    readonly notifications: Map<string, string>;
    /** The titles of the toolbar button in marked tabs. */
    readonly marks: Map<number, string>;
  };
  /** Host patterns that the browser grants now. */
  readonly hosts: Set<string>;
  /** What the person does in the auth window; by default they consent. */
  person: (url: URL) => Promise<WindowOutcome>;
  /** The notifications that pages got, in order. */
  readonly told: { origin: Origin; event: string }[];
  /** Origins into which the page API is injected. */
  readonly injected: Set<Origin>;
  /** Those of the policy. */
  readonly policyInjected: Set<Origin>;
  /** What `storage.managed` has. */
  policy: Record<string, unknown>;
  /** Windows that are open: our own pages and auth windows. */
  readonly openWindows: Map<number, string>;
  /** Closes a tab. The ports of its page stay open. */
  readonly closeTab: (tabId: number) => void;
}

/**
 * Makes a world; `earlier` is one whose worker ended, for the stores to be found again, or one whose worker
 * lives on `beside` this one: then they have the locks and the time in common too.
 */
export function testWorld(standin: Standin, earlier?: TestWorld, beside = false): TestWorld {
  const told: TestWorld['told'] = [];
  const injected = earlier?.injected ?? new Set<Origin>();
  const policyInjected = earlier?.policyInjected ?? new Set<Origin>();
  const hosts = earlier?.hosts ?? new Set<string>(ownHosts);
  const openWindows = earlier?.openWindows ?? new Map<number, string>();
  let lastWindow = Math.max(0, ...openWindows.keys());
  const watchers = new Set<(windowId: number) => void>();
  const tabWatchers = new Set<(tabId: number) => void>();
  const closers = new Map<number, () => void>();
  const openWindow = (what: string): number => {
    lastWindow += 1;
    openWindows.set(lastWindow, what);
    for (const watcher of watchers) watcher(lastWindow);
    return lastWindow;
  };
  const timers = new Set<{ atMs: number; act: () => void }>();
  const elapse = (ms: number): void => {
    const untilMs = standin.clock.nowMs() + ms;
    for (;;) {
      const [next] = [...timers].sort((one, other) => one.atMs - other.atMs);
      if (next === undefined || next.atMs > untilMs) break;
      timers.delete(next);
      standin.clock.advance(Math.max(0, next.atMs - standin.clock.nowMs()));
      next.act();
    }
    standin.clock.advance(Math.max(0, untilMs - standin.clock.nowMs()));
  };
  const sleep = (ms: number): void => {
    standin.clock.advance(ms);
    const due = [...timers].filter(({ atMs }) => atMs <= standin.clock.nowMs());
    for (const timer of due.sort((one, other) => one.atMs - other.atMs))
      if (timers.delete(timer)) timer.act();
  };
  const alarmsSet = earlier?.alarmsSet ?? new Map<string, number>();
  const seen: TestWorld['seen'] = earlier?.seen ?? {
    badge: 0,
    notifications: new Map<string, string>(),
    marks: new Map<number, string>(),
  };
  const world: TestWorld = {
    local: memoryArea(earlier?.local.entries),
    session: memoryArea(earlier?.session.entries),
    managed: () => Promise.resolve(structuredClone(world.policy)),
    isPolicyLate: true,
    policy: earlier?.policy ?? {},
    policyInjected,
    mirror: memoryArea(earlier?.mirror.entries),
    keyStore: earlier?.keyStore ?? memoryKeyStore(),
    crypto: globalThis.crypto,
    fetch: (input, init) => standin.fetch(input, init),
    packagedText: (path) => readFile(join(packaged, path), 'utf8'),
    nowMs: () => standin.clock.nowMs(),
    after: (ms, act) => {
      // Whole milliseconds, as in a browser, where `Date.now()` has no others.
      const timer = { atMs: standin.clock.nowMs() + Math.ceil(ms), act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    // Waiting is what makes time pass here.
    pause: async (ms) => {
      await new Promise((resolve) => setImmediate(resolve));
      elapse(Math.ceil(ms));
    },
    erase: {
      local: () => erased(world.local),
      session: () => erased(world.session),
      mirror: () => erased(world.mirror),
      keys: () => world.keyStore.erase(),
    },
    restart: () => undefined,
    lock: queueLock(),
    withKeepAlive: (work) => work(),
    isUpdateDue: () => false,
    closeStorage: () => Promise.resolve(),
    notifyExtensionPages: () => undefined,
    notifyPages: (origin, event) => {
      told.push({ origin, event });
      return Promise.resolve();
    },
    identity: {
      redirectUri: (suffix) => `${redirectBase}${suffix}`,
      authorize: async (url) => {
        const windowId = openWindow(url.href);
        const closed = new Promise<WindowOutcome>((resolve) => {
          closers.set(windowId, () => {
            resolve({ ended: 'closed' });
          });
        });
        // A listener of its opening may have closed it.
        if (!openWindows.has(windowId)) closers.get(windowId)?.();
        try {
          return await Promise.race([world.person(url), closed]);
        } finally {
          openWindows.delete(windowId);
          closers.delete(windowId);
        }
      },
    },
    windows: {
      onPopupWindow: (listener) => {
        watchers.add(listener);
        return () => watchers.delete(listener);
      },
      onTabClosed: (listener) => {
        tabWatchers.add(listener);
        return () => tabWatchers.delete(listener);
      },
      close: (windowId) => {
        openWindows.delete(windowId);
        closers.get(windowId)?.();
        return Promise.resolve();
      },
      popups: () => Promise.resolve([...openWindows.keys()]),
      show: (windowId) => Promise.resolve(openWindows.has(windowId)),
      openOwn: (path) => Promise.resolve(openWindow(path)),
      openOptions: (route = '') => {
        openWindow(`options/index.html${route}`);
        return Promise.resolve();
      },
    },
    permissions: {
      has: (patterns) => Promise.resolve(patterns.every((pattern) => hosts.has(pattern))),
      remove: (patterns) => {
        for (const pattern of patterns) hosts.delete(pattern);
        return Promise.resolve(true);
      },
      patternOf: (origin) => `${origin}/*`,
      optional: () => Promise.resolve([...hosts].filter((one) => !ownHosts.includes(one))),
      releaseAll: () => {
        for (const one of hosts) if (!ownHosts.includes(one)) hosts.delete(one);
        return Promise.resolve();
      },
      isWide: () => false,
    },
    alarms: {
      set: (name, atMs) => {
        alarmsSet.set(name, atMs);
        return Promise.resolve();
      },
      clear: (name) => {
        alarmsSet.delete(name);
        return Promise.resolve();
      },
      clearAll: () => {
        alarmsSet.clear();
        return Promise.resolve();
      },
    },
    t: message,
    compareNames: nameOrder(() => languageOf(message)),
    alerts: {
      setBadge: (count) => {
        seen.badge = count;
        return Promise.resolve();
      },
      markTab: ({ tabId }, title) => {
        seen.marks.set(tabId, title);
        return Promise.resolve();
      },
      unmarkTab: (tabId) => {
        seen.marks.delete(tabId);
        return Promise.resolve();
      },
      notify: (id, title, message) => {
        seen.notifications.set(id, `${title}: ${message}`);
        return Promise.resolve();
      },
      withdrawNotification: (id) => {
        seen.notifications.delete(id);
        return Promise.resolve();
      },
      clearAll: () => {
        seen.badge = 0;
        seen.notifications.clear();
        return Promise.resolve();
      },
    },
    installRequestRules: () => Promise.resolve(),
    pages: {
      inject: (origin) => {
        injected.add(origin);
        return Promise.resolve();
      },
      keepInjecting: (origin) => {
        const isNew = !injected.has(origin);
        injected.add(origin);
        return Promise.resolve(isNew);
      },
      injectPolicy: (origins) => {
        const added = origins.filter((one) => !policyInjected.has(one));
        policyInjected.clear();
        for (const one of origins) policyInjected.add(one);
        return Promise.resolve(added);
      },
      open: () => Promise.resolve([...injected, ...policyInjected]),
      stopInjecting: (origin) => Promise.resolve(injected.delete(origin)),
      stopAll: () => {
        injected.clear();
        policyInjected.clear();
        return Promise.resolve();
      },
      injectShim: () => Promise.resolve(),
    },
    hosts,
    told,
    injected,
    openWindows,
    closeTab: (tabId) => {
      for (const watcher of [...tabWatchers]) watcher(tabId);
    },
    elapse,
    sleep,
    alarmsSet,
    seen,
    person: async (url) => ({ redirectedTo: await standin.consent(url.href) }),
  };
  if (earlier !== undefined && beside) {
    const { lock, after, pause, elapse: elapseBoth, sleep: sleepBoth } = earlier;
    return Object.assign(world, { lock, after, pause, elapse: elapseBoth, sleep: sleepBoth });
  }
  return world;
}

function erased({ entries }: MemoryArea): Promise<void> {
  entries.clear();
  return Promise.resolve();
}

/** Locks of one process, in order of asking. */
function queueLock(): Lock {
  const tails = new Map<string, Promise<unknown>>();
  return (name, work) => {
    const turn = (tails.get(name) ?? Promise.resolve()).then(work, work);
    tails.set(
      name,
      turn.catch(() => undefined),
    );
    return turn;
  };
}
