import { render } from 'preact';
import { hostPattern } from '#browser/host-pattern.ts';
import { ownVersion } from '#browser/lifecycle.ts';
import { onActivityChanged, onStateChanged, send } from '#browser/messages/ui-messages.ts';
import { packagedText } from '#browser/packaged-text.ts';
import { requestHostPatterns } from '#browser/pages/permissions.ts';
import { showPage } from '#browser/windows.ts';
import { language } from '#ui/i18n.ts';
import { keepFocus } from '#ui/keep-focus.ts';
import { createHostPermissionRequest } from '#ui/state/host-permission-request.ts';
import { download } from './download.ts';
import { Options } from './options.tsx';
import { createStore } from './state/store.ts';
import { createTabStorage } from './tab/tab-storage.ts';

const tabStorage = createTabStorage({
  tab: () => sessionStorage,
  shared: () => localStorage,
  newId: () => crypto.randomUUID(),
  reload: () => {
    location.reload();
  },
});
const store = createStore({
  send,
  hostPattern,
  requestHostPatterns: createHostPermissionRequest(send, requestHostPatterns),
  download,
  readOperations: () => packagedText('operations.txt'),
  copyText: (text) => navigator.clipboard.writeText(text),
  goTo: (hash) => {
    location.hash = hash;
  },
  tabTexts: tabStorage,
  build: { version: ownVersion(), browser: navigator.userAgent },
  startAnew: tabStorage.forgetAll,
  wasErasedHere: tabStorage.wasErasedHere(),
  showPage: ({ origin, tabId }) => showPage(origin, tabId),
});
document.documentElement.lang = language();
store.title.subscribe((title) => {
  document.title = title;
});
onStateChanged(() => void store.reload());
onActivityChanged(() => {
  if (store.route.value.view === 'activity') void store.activity.loadLatest();
});
addEventListener('hashchange', () => {
  store.arrive(location.hash);
});
for (const event of ['storage', 'pageshow']) addEventListener(event, tabStorage.follow);
addEventListener('beforeunload', (event) => {
  if (!tabStorage.isForgotten() && store.hasUnsaved()) event.preventDefault();
});
// Nothing else tells the worker that the page ends.
addEventListener('pagehide', store.console.cancel);
store.arrive(location.hash);
void store.reload();
keepFocus(document);
render(<Options store={store} />, document.body);
