import { Notice } from '#ui/controls/notice.tsx';
import { t } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { EditorStore } from '../editor-store.ts';

/** Allows plain http for this client; shows a warning while it is allowed. */
export function HttpSwitch({ editor }: { readonly editor: EditorStore }) {
  const { type, isHttpAllowed = false } = editor.draft.value;
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
        {memberLabel('isHttpAllowed', type)}
      </label>
      {isHttpAllowed ? (
        <Notice tone="warn">
          <p>{t('http_warning')}</p>
        </Notice>
      ) : null}
    </>
  );
}
