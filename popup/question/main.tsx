import { render } from 'preact';
import { onStateChanged, send } from '#browser/messages/ui-messages.ts';
import { isWindowCovered, onWindowsChanged } from '#browser/pages/windows-in-front.ts';
import { language, t } from '#ui/i18n.ts';
import { keepFocus } from '#ui/keep-focus.ts';
import { createClickGuard, windowPorts } from './click-guard.ts';
import { createQuestionStore } from './question-store.ts';
import { Question } from './question.tsx';

const store = createQuestionStore({
  send,
  id: new URLSearchParams(location.search).get('id') ?? '',
  clickGuard: createClickGuard(
    windowPorts(window, { isCovered: isWindowCovered, onWindowsChanged }),
  ),
  closeWindow: () => {
    window.close();
  },
});
document.documentElement.lang = language();
document.title = t('page_title', t('ask_window_title'));
onStateChanged(() => void store.load());
void store.load();
keepFocus(document);
render(<Question store={store} />, document.body);
