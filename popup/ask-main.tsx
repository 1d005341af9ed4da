import { render } from 'preact';
import { onStateChanged, send } from '../extension/browser/ui-messages.ts';
import { language, t } from '../extension/ui/i18n.ts';
import { createArming, windowArming } from './arming.ts';
import { createAskStore } from './ask-store.ts';
import { Ask } from './ask.tsx';

const store = createAskStore({
  send,
  id: new URLSearchParams(location.search).get('id') ?? '',
  isArmed: createArming(windowArming(window)),
  closeWindow: () => {
    window.close();
  },
});
document.documentElement.lang = language();
document.title = t('ask_window_title');
onStateChanged(() => void store.load());
void store.load();
render(<Ask store={store} />, document.body);
