import { render } from 'preact';
import { hostPattern } from '../extension/browser/host-pattern.ts';
import { onStateChanged, send } from '../extension/browser/messages/ui-messages.ts';
import { activePage, openOptions } from '../extension/browser/pages/active-page.ts';
import { requestHostPatterns } from '../extension/browser/pages/permissions.ts';
import { language, t } from '../extension/ui/i18n.ts';
import { createHostPermissionRequest } from '../extension/ui/state/host-permission-request.ts';
import { Popup } from './popup.tsx';
import { createStore } from './store.ts';

const store = createStore({
  send,
  activePage,
  hostPattern,
  requestHostPatterns: createHostPermissionRequest(send, requestHostPatterns),
  openOptions: async (route) => {
    await openOptions(route);
    window.close();
  },
});
document.documentElement.lang = language();
document.title = t('extension_name');
onStateChanged(() => void store.reload());
void store.open();
render(<Popup store={store} />, document.body);
