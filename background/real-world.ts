import { closeStorageToContentScripts } from '#target/storage-access.ts';
import { clearAlarm, setAlarm } from '../extension/browser/alarms.ts';
import {
  notify,
  setBadge,
  withdrawNotification,
} from '../extension/browser/badge-and-notifications.ts';
import { hostPattern, isPatternWiderThanOrigin } from '../extension/browser/host-pattern.ts';
import { message } from '../extension/browser/i18n.ts';
import { authorize, redirectUri } from '../extension/browser/identity.ts';
import { withKeepAlive } from '../extension/browser/keep-alive.ts';
import { ownVersion } from '../extension/browser/lifecycle.ts';
import { webLock } from '../extension/browser/locks.ts';
import {
  self,
  notifyExtensionPages,
  notifyPages,
} from '../extension/browser/messages/background-messages.ts';
import {
  injectInto,
  injectShim,
  keepInjecting,
  stopInjecting,
} from '../extension/browser/pages/page-scripts.ts';
import { hasHostPatterns, removeHostPatterns } from '../extension/browser/pages/permissions.ts';
import { installRequestRules } from '../extension/browser/pages/request-rules.ts';
import { createKeyStore } from '../extension/browser/storage/key-store.ts';
import { createMirrorArea } from '../extension/browser/storage/mirror-area.ts';
import { localArea, sessionArea } from '../extension/browser/storage/storage-area.ts';
import {
  closeWindow,
  onPopupWindow,
  openOptions,
  openOwnWindow,
  popupWindows,
  showWindow,
} from '../extension/browser/windows.ts';
import type { World } from './platform/world.ts';

/** Id and origin of this extension. */
export { self };

/** The {@link World} of the shipped extension: the browser's APIs. */
export const realWorld: World = {
  local: localArea,
  session: sessionArea,
  mirror: createMirrorArea(indexedDB),
  keyStore: createKeyStore(indexedDB, crypto),
  crypto,
  fetch: (input, init) => fetch(input, init),
  nowMs: () => Date.now(),
  after: (ms, act) => {
    const timer = setTimeout(act, ms);
    return () => {
      clearTimeout(timer);
    };
  },
  pause: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  lock: webLock,
  withKeepAlive,
  closeStorage: closeStorageToContentScripts,
  notifyExtensionPages,
  notifyPages,
  identity: { redirectUri, authorize },
  windows: {
    onPopupWindow,
    close: closeWindow,
    popups: popupWindows,
    show: showWindow,
    openOwn: openOwnWindow,
    openOptions,
  },
  permissions: {
    has: hasHostPatterns,
    remove: removeHostPatterns,
    patternOf: hostPattern,
    isWide: isPatternWiderThanOrigin,
  },
  alarms: { set: setAlarm, clear: clearAlarm },
  t: message,
  alerts: { setBadge, notify, withdrawNotification },
  installRequestRules: (hosts) => installRequestRules(`Threelo/${ownVersion()}`, hosts),
  pages: { inject: injectInto, keepInjecting, stopInjecting, injectShim },
};
