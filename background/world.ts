import type { KeyStore } from '../extension/browser/key-store.ts';
import type { Lock } from '../extension/browser/locks.ts';
import type { StorageArea } from '../extension/browser/storage-area.ts';
import type { WindowOutcome } from '../extension/browser/identity.ts';
import type { Origin } from '../extension/core/origin.ts';

/** Everything outside of the background that it uses: the browser's adapters, or a test's. */
export interface World {
  readonly local: StorageArea;
  readonly session: StorageArea;
  readonly keyStore: KeyStore;
  readonly crypto: Crypto;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  readonly nowMs: () => number;
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
    readonly show: (windowId: number) => Promise<boolean>;
    readonly openOwn: (
      path: string,
      size: { width: number; height: number },
    ) => Promise<number | undefined>;
  };
  readonly permissions: {
    readonly has: (patterns: readonly string[]) => Promise<boolean>;
    readonly remove: (patterns: readonly string[]) => Promise<boolean>;
    readonly patternOf: (origin: Origin) => string;
    /** Whether the pattern of an origin covers other origins too. */
    readonly isWide: (origin: Origin) => boolean;
  };
  readonly pages: {
    readonly inject: (origin: Origin) => Promise<void>;
    readonly keepInjecting: (origin: Origin) => Promise<void>;
    readonly stopInjecting: (origin: Origin) => Promise<void>;
    readonly injectShim: (target: { tabId: number; documentId: string }) => Promise<void>;
  };
}
