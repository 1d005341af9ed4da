import { profileOf } from '../../../extension/core/provider/provider-profile.ts';
import { TextField } from '../../../extension/ui/controls/field.tsx';
import { Notice } from '../../../extension/ui/controls/notice.tsx';
import { listed, t, tCount } from '../../../extension/ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';

/** A pasted authorization URL fills in what it says; only for a new client of a cloud that has a console. */
export function ConsoleUrlField({ editor }: { readonly editor: EditorStore }) {
  const { original, draft, consoleUrl } = editor;
  const isOfCloud = profileOf(draft.value.type).endpointSource === 'cloud';
  if (original !== undefined || !isOfCloud) return null;
  const problem = consoleUrl.problem.value;
  return (
    <>
      <TextField
        id="client-console-url"
        label={t('authorization_url')}
        isCode
        value={consoleUrl.text.value}
        problem={problem === undefined ? undefined : t(`console_url_${problem}`)}
        hint={t('authorization_url_hint')}
        onInput={consoleUrl.paste}
      />
      <Taken editor={editor} />
    </>
  );
}

/** What came of it, told also to those who do not see the fields change. */
function Taken({ editor }: { readonly editor: EditorStore }) {
  const taken = editor.consoleUrl.taken.value;
  if (taken === undefined) return null;
  const { scopes, extra } = taken;
  return (
    <Notice>
      <p>
        {scopes.length === 0
          ? t('authorization_url_without_scopes')
          : tCount('authorization_url_taken', scopes.length)}
      </p>
      {extra.length === 0 ? null : (
        <p>{t('authorization_url_left_out', listed(extra.map(([name]) => name)))}</p>
      )}
    </Notice>
  );
}
