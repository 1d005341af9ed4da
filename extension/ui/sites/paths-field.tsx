import { describedBy, Problem } from '../controls/field.tsx';
import { t } from '../i18n.ts';

interface PathsFieldProps {
  readonly text: string;
  readonly problem: string | undefined;
  readonly onInput: (text: string) => void;
  readonly onBlur: () => void;
}

/** The id of the text area. */
export const pathsFieldId = 'paths';

/** A text area for path prefixes, one a line. */
export function PathsField({ text, problem, onInput, onBlur }: PathsFieldProps) {
  const hint = t('paths_hint');
  return (
    <div class="field">
      <label for={pathsFieldId}>{t('paths_label')}</label>
      <textarea
        id={pathsFieldId}
        class="input input-code paths-input"
        rows={3}
        spellcheck={false}
        placeholder="/rest/api/3/issue/"
        value={text}
        aria-invalid={problem === undefined ? undefined : 'true'}
        aria-describedby={describedBy({ id: pathsFieldId, problem, hint })}
        onBlur={onBlur}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
      <span id={`${pathsFieldId}-hint`} class="muted small">
        {hint}
      </span>
      <Problem id={pathsFieldId} text={problem} />
    </div>
  );
}
