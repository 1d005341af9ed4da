import type { TabDocument } from '#browser/badge-and-notifications.ts';
import type { WindowOutcome } from '#browser/identity.ts';
import type { WorkKind } from '#browser/keep-alive.ts';
import type { Lock } from '#browser/locks.ts';
import type { KeyStore } from '#browser/storage/key-store.ts';
import type { StorageArea } from '#browser/storage/storage-area.ts';
import type { NameOrder } from '#core/values/name-order.ts';
import type { Origin } from '#core/values/origin.ts';

/** Everything outside the background that it uses. Implemented by `real-world.ts`, and by the tests. */
export interface World {
  readonly local: StorageArea;
  readonly session: StorageArea;
  /**
   * What the organization's policy sets for this extension (`storage.managed`). Empty without a policy, or before the browser has
   * read it; undefined when there is none for certain.
   */
  readonly managed: () => Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Whether the browser may take seconds after its start to answer `managed`, as Chrome does. */
  readonly isPolicyLate: boolean;
  /** A second copy of `local` in IndexedDB, which content scripts cannot write. */
  readonly mirror: StorageArea;
  readonly keyStore: KeyStore;
  /** Erases the whole of a storage. */
  readonly erase: {
    readonly local: () => Promise<void>;
    readonly session: () => Promise<void>;
    readonly mirror: () => Promise<void>;
    /** All keys and revisions, in one transaction. */
    readonly keys: () => Promise<void>;
  };
  /** Drops the services, which are composed anew once everything is erased. Until then commands and events wait. */
  readonly restart: (erased: Promise<void>) => void;
  readonly crypto: Crypto;
  readonly fetch: (input: string, init: RequestInit) => Promise<Response>;
  /** Reads a text file of the extension's package. */
  readonly packagedText: (path: string) => Promise<string>;
  /** The current time, in epoch milliseconds. */
  readonly nowMs: () => number;
  /** Calls `act` after `ms` milliseconds unless the worker has stopped; returns the function that cancels it. */
  readonly after: (ms: number, act: () => void) => () => void;
  /** Resolves after `ms` milliseconds unless the worker has stopped. */
  readonly pause: (ms: number) => Promise<void>;
  readonly lock: Lock;
  /** Keeps the worker alive until the work ends. Without `kind` an update waits for it; `call`: for two minutes at most. */
  readonly withKeepAlive: <T>(work: () => Promise<T>, kind?: WorkKind) => Promise<T>;
  /** Whether an update has waited two minutes for calls of pages: then no call of a page and no refresh for it begins. */
  readonly isUpdateDue: () => boolean;
  /** Closes the storage areas to content scripts. Must resolve before the first write. */
  readonly closeStorage: () => Promise<void>;
  /** Notifies popup and options that what they show may have changed: without an event, the state. */
  readonly notifyExtensionPages: (event?: 'activity.changed') => void;
  /** Notifies the content scripts of an origin. */
  readonly notifyPages: (origin: Origin, event: 'grant.changed' | 'grant.ended') => Promise<void>;
  readonly identity: {
    readonly redirectUri: (suffix: string) => string;
    readonly authorize: (url: URL) => Promise<WindowOutcome>;
  };
  readonly windows: {
    readonly onPopupWindow: (listener: (windowId: number) => void) => () => void;
    /** Calls the listener with the id of each tab that closes; returns a function that removes the listener. */
    readonly onTabClosed: (listener: (tabId: number) => void) => () => void;
    readonly close: (windowId: number) => Promise<void>;
    /** All open windows of type `popup`, including those that other software opened. */
    readonly popups: () => Promise<readonly number[]>;
    /** Focuses a window; false when it is closed. */
    readonly show: (windowId: number) => Promise<boolean>;
    /** Opens a page of the extension; undefined when the browser gives the window no id. */
    readonly openOwn: (
      path: string,
      size: { width: number; height: number },
    ) => Promise<number | undefined>;
    /** With a route, the hash of one of its views, opens a new tab. */
    readonly openOptions: (route?: string) => Promise<void>;
  };
  readonly permissions: {
    readonly has: (patterns: readonly string[]) => Promise<boolean>;
    readonly remove: (patterns: readonly string[]) => Promise<boolean>;
    readonly patternOf: (origin: Origin) => string;
    /** The hosts beside those of the manifest to which the extension has access, as match patterns. */
    readonly optional: () => Promise<readonly string[]>;
    /** Gives up access to all of {@link optional}. */
    readonly releaseAll: () => Promise<void>;
    /** Whether the pattern of an origin covers other origins too. */
    readonly isWide: (origin: Origin) => boolean;
  };
  /** Wakes the worker at a time in epoch milliseconds. The browser may do so late, or never. */
  readonly alarms: {
    readonly set: (name: string, atMs: number) => Promise<void>;
    readonly clear: (name: string) => Promise<void>;
    readonly clearAll: () => Promise<void>;
  };
  /** The badge of the toolbar button, and notifications. */
  readonly alerts: {
    /** Shows a number; 0 removes the badge. */
    readonly setBadge: (count: number) => Promise<void>;
    /** Marks the button in the tab of a document until it navigates; a number on the badge has precedence. */
    readonly markTab: (document: TabDocument, title: string) => Promise<void>;
    readonly unmarkTab: (tabId: number) => Promise<void>;
    /** Shows a notification, in place of one with the same id. */
    readonly notify: (id: string, title: string, message: string) => Promise<void>;
    readonly withdrawNotification: (id: string) => Promise<void>;
    /** Removes the badge and all notifications. */
    readonly clearAll: () => Promise<void>;
  };
  /** A text of `_locales`, in the browser's language. */
  readonly t: (key: string, ...substitutions: string[]) => string;
  /** The order of names in the language of these texts, as popup and options have it. */
  readonly compareNames: NameOrder;
  /** Changes headers of the extension's own requests to these hosts, and of all responses to it. */
  readonly installRequestRules: (hosts: readonly string[]) => Promise<void>;
  /** The scripts of connected pages. */
  readonly pages: {
    /** Registers the scripts of an origin, and injects them into its open tabs. */
    readonly inject: (origin: Origin) => Promise<void>;
    /** As `inject`, when the browser lost the registration, e.g. in an update of the extension. Resolves to whether it had. */
    readonly keepInjecting: (origin: Origin) => Promise<boolean>;
    /** Unregisters the scripts of an origin. Resolves to whether they were registered. */
    readonly stopInjecting: (origin: Origin) => Promise<boolean>;
    /**
     * Registers the scripts of exactly these origins, of the policy, beside those of single origins, and injects them into the open
     * tabs of those that are new. Resolves to these.
     */
    readonly injectPolicy: (origins: readonly Origin[]) => Promise<readonly Origin[]>;
    /** The origins that tabs show, as far as host permissions reveal them. */
    readonly open: () => Promise<readonly Origin[]>;
    /** Unregisters the scripts of all origins. */
    readonly stopAll: () => Promise<void>;
    /** Injects `window.threelo` into one document. */
    readonly injectShim: (target: { tabId: number; documentId: string }) => Promise<void>;
  };
}
