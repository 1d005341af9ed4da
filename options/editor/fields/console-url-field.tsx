import { profileOf } from '#core/provider/provider-profile.ts';
import { TextField } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { listed, t, tCount } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';

/** A field for an authorization URL, which fills in the form. Only for a new client of an Atlassian cloud. */
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
      <FilledIn editor={editor} />
    </>
  );
}

/** Announces what was filled in, also to screen readers. */
function FilledIn({ editor }: { readonly editor: EditorStore }) {
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
