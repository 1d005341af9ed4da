import { render } from 'preact';
import { hostPattern } from '#browser/host-pattern.ts';
import { onStateChanged, send } from '#browser/messages/ui-messages.ts';
import { activePage, onActivePageChanged } from '#browser/pages/active-page.ts';
import { requestHostPatterns } from '#browser/pages/permissions.ts';
import { keepLists, keptLists } from '#browser/storage/popup-lists.ts';
import { readPopupSnapshot } from '#browser/storage/popup-snapshot.ts';
import { keepForm, keptForm } from '#browser/unfinished-form.ts';
import { openOptions } from '#browser/windows.ts';
import { language, t } from '#ui/i18n.ts';
import { keepFocus } from '#ui/keep-focus.ts';
import { createHostPermissionRequest } from '#ui/state/host-permission-request.ts';
import { Popup } from './popup.tsx';
import { createStore } from './store.ts';

const store = createStore({
  send,
  activePage,
  readSnapshot: readPopupSnapshot,
  lists: { read: keptLists, keep: keepLists, nowMs: Date.now },
  hostPattern,
  drafts: { read: keptForm, keep: keepForm, nowMs: Date.now },
  requestHostPatterns: createHostPermissionRequest(send, requestHostPatterns),
  copyText: (text) => navigator.clipboard.writeText(text),
  openOptions: async (route) => {
    await openOptions(route);
    window.close();
  },
});
document.documentElement.lang = language();
document.title = t('extension_name');
onStateChanged(() => void store.reload());
void store.open();
onActivePageChanged(() => void store.followPage());
keepFocus(document);
render(<Popup store={store} />, document.body);
