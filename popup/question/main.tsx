import { render } from 'preact';
import { onStateChanged, send } from '../../extension/browser/messages/ui-messages.ts';
import { language, t } from '../../extension/ui/i18n.ts';
import { createArming, windowArming } from './click-guard.ts';
import { createAskStore } from './question-store.ts';
import { Ask } from './question.tsx';

const store = createAskStore({
  send,
  id: new URLSearchParams(location.search).get('id') ?? '',
  isArmed: createArming(windowArming(window)),
  closeWindow: () => {
    window.close();
  },
});
document.documentElement.lang = language();
document.title = t('page_title', t('ask_window_title'));
onStateChanged(() => void store.load());
void store.load();
render(<Ask store={store} />, document.body);
