import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';

/** Allows plain http for this client; shows a warning while it is allowed. */
export function HttpSwitch({ editor }: { readonly editor: EditorStore }) {
  const isHttpAllowed = editor.draft.value.isHttpAllowed === true;
  return (
    <>
      <label class="choice">
        <input
          type="checkbox"
          checked={isHttpAllowed}
          onChange={() => {
            editor.set({ isHttpAllowed: !isHttpAllowed });
          }}
        />
        {t('allow_http')}
      </label>
      {isHttpAllowed ? (
        <Notice tone="warn">
          <p>{t('http_warning')}</p>
        </Notice>
      ) : null}
    </>
  );
}
