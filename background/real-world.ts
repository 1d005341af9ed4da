import { clearAlarm, clearAlarms, setAlarm } from '#browser/alarms.ts';
import {
  markTab,
  notify,
  setBadge,
  unmarkTab,
  withdrawNotification,
  clearBadgeAndNotifications,
} from '#browser/badge-and-notifications.ts';
import { hostPattern, isPatternWiderThanOrigin } from '#browser/host-pattern.ts';
import { message } from '#browser/i18n.ts';
import { authorize, redirectUri } from '#browser/identity.ts';
import { isUpdateDue, withKeepAlive } from '#browser/keep-alive.ts';
import { ownVersion } from '#browser/lifecycle.ts';
import { webLock } from '#browser/locks.ts';
import { self, notifyExtensionPages, notifyPages } from '#browser/messages/background-messages.ts';
import { packagedText } from '#browser/packaged-text.ts';
import {
  injectInto,
  injectPolicy,
  injectShim,
  keepInjecting,
  openOrigins,
  stopInjecting,
  stopInjectingAnywhere,
} from '#browser/pages/page-scripts.ts';
import {
  hasHostPatterns,
  optionalHostPatterns,
  releaseHostPatterns,
  removeHostPatterns,
} from '#browser/pages/permissions.ts';
import { installRequestRules } from '#browser/pages/request-rules.ts';
import { createKeyStore } from '#browser/storage/key-store.ts';
import { createMirrorArea } from '#browser/storage/mirror-area.ts';
import { localArea, readManaged, sessionArea } from '#browser/storage/storage-area.ts';
import {
  closeWindow,
  onPopupWindow,
  onTabClosed,
  openOptions,
  openOwnWindow,
  popupWindows,
  showWindow,
} from '#browser/windows.ts';
import { addedCacheControl } from '#core/call/headers.ts';
import { languageOf, nameOrder } from '#core/values/name-order.ts';
import { isPolicyLate } from '#target/late-policy.ts';
import { closeStorageToContentScripts, copyFactory } from '#target/storage.ts';
import type { World } from './platform/world.ts';

/** Id and origin of this extension. */
export { self };

const mirror = createMirrorArea(indexedDB);
const keyStore = createKeyStore(indexedDB, copyFactory, crypto);

/** The {@link World} of the shipped extension: the browser's APIs. */
export const realWorld: Omit<World, 'restart'> = {
  local: localArea,
  session: sessionArea,
  managed: readManaged,
  isPolicyLate,
  mirror,
  keyStore,
  erase: {
    local: () => localArea.erase(),
    session: () => sessionArea.erase(),
    mirror: () => mirror.erase(),
    keys: () => keyStore.erase(),
  },
  crypto,
  fetch: (input, init) => fetch(input, init),
  packagedText,
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
  isUpdateDue,
  closeStorage: closeStorageToContentScripts,
  notifyExtensionPages,
  notifyPages,
  identity: { redirectUri, authorize },
  windows: {
    onPopupWindow,
    onTabClosed,
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
    optional: optionalHostPatterns,
    releaseAll: releaseHostPatterns,
  },
  alarms: { set: setAlarm, clear: clearAlarm, clearAll: clearAlarms },
  t: message,
  compareNames: nameOrder(() => languageOf(message)),
  alerts: {
    setBadge,
    markTab,
    unmarkTab,
    notify,
    withdrawNotification,
    clearAll: clearBadgeAndNotifications,
  },
  installRequestRules: (hosts) =>
    installRequestRules(hosts, {
      userAgent: `Threelo/${ownVersion()}`,
      cacheControl: addedCacheControl,
    }),
  pages: {
    inject: injectInto,
    keepInjecting,
    injectPolicy,
    open: openOrigins,
    stopInjecting,
    stopAll: stopInjectingAnywhere,
    injectShim,
  },
};
