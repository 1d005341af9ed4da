import type { WindowOutcome } from '../../extension/browser/identity.ts';
import type { Lock } from '../../extension/browser/locks.ts';
import type { KeyStore } from '../../extension/browser/storage/key-store.ts';
import type { StorageArea } from '../../extension/browser/storage/storage-area.ts';
import type { Origin } from '../../extension/core/values/origin.ts';

/** Everything outside of the background that it uses: the browser's adapters, or a test's. */
export interface World {
  readonly local: StorageArea;
  readonly session: StorageArea;
  /** A second copy of what `local` holds, in IndexedDB, where no content script can write. */
  readonly mirror: StorageArea;
  readonly keyStore: KeyStore;
  readonly crypto: Crypto;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  readonly nowMs: () => number;
  /** Calls back after so many milliseconds, if the background lives that long; returns the way to stop it. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** Resolves after so many milliseconds, if the background lives that long. */
  readonly pause: (ms: number) => Promise<void>;
  readonly lock: Lock;
  readonly withKeepAlive: <T>(work: () => Promise<T>) => Promise<T>;
  /** Must resolve before the first write. */
  readonly closeStorage: () => Promise<void>;
  readonly tellOwnPages: () => void;
  readonly tellPages: (origin: Origin, event: 'grant.changed' | 'grant.ended') => Promise<void>;
  readonly identity: {
    readonly redirectUri: (suffix: string) => string;
    readonly authorize: (url: URL) => Promise<WindowOutcome>;
  };
  readonly windows: {
    readonly onPopupWindow: (listener: (windowId: number) => void) => () => void;
    readonly close: (windowId: number) => Promise<void>;
    /** The windows of type `popup` that are open, whoever opened them. */
    readonly popups: () => Promise<readonly number[]>;
    readonly show: (windowId: number) => Promise<boolean>;
    readonly openOwn: (
      path: string,
      size: { width: number; height: number },
    ) => Promise<number | undefined>;
    readonly openOptions: () => Promise<void>;
  };
  readonly permissions: {
    readonly has: (patterns: readonly string[]) => Promise<boolean>;
    readonly remove: (patterns: readonly string[]) => Promise<boolean>;
    readonly patternOf: (origin: Origin) => string;
    /** Whether the pattern of an origin covers other origins too. */
    readonly isWide: (origin: Origin) => boolean;
  };
  /** Lets the browser wake the background at a time, in epoch milliseconds. A hint: it may come late or never. */
  readonly alarms: {
    readonly set: (name: string, atMs: number) => Promise<void>;
    readonly clear: (name: string) => Promise<void>;
  };
  /** What the person sees without opening anything. */
  readonly attention: {
    /** How many sessions wait for the person; 0 takes the badge away. */
    readonly badge: (count: number) => Promise<void>;
    /** Shows a notification; one of the same id takes its place. */
    readonly notify: (id: string, title: string, message: string) => Promise<void>;
    readonly withdraw: (id: string) => Promise<void>;
  };
  /** A text of `_locales` in the person's language. */
  readonly t: (key: string, ...substitutions: string[]) => string;
  /** Makes sure that our own requests to these hosts do not look like a browser's on a foreign page. */
  readonly installRequestRules: (hosts: readonly string[]) => Promise<void>;
  readonly pages: {
    readonly inject: (origin: Origin) => Promise<void>;
    readonly keepInjecting: (origin: Origin) => Promise<void>;
    readonly stopInjecting: (origin: Origin) => Promise<void>;
    readonly injectShim: (target: { tabId: number; documentId: string }) => Promise<void>;
  };
}
