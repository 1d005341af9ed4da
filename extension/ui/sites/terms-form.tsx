import { useState } from 'preact/hooks';
import type { SiteKey } from '#core/session/site.ts';
import { describedBy, Problem } from '../controls/field.tsx';
import { t } from '../i18n.ts';
import { AccessChoice } from './access-choice.tsx';
import { typedPaths, type ConnectTerms } from './connect-terms.ts';
import { TermsChoice } from './terms-choice.tsx';

interface TermsFormProps {
  readonly terms: ConnectTerms;
  /** Whether the connection may last longer than the browser session. */
  readonly mayLast: boolean;
  /** The sites that are chosen. */
  readonly sites: readonly SiteKey[];
  readonly onChange: (part: Partial<ConnectTerms>) => void;
  /** Whether the person tried to go on: an empty field for paths is a problem from then on. */
  readonly isSubmitted: boolean;
}

/** The duration, the paths and the access of a connection. */
export function TermsForm({ terms, mayLast, sites, onChange, isSubmitted }: TermsFormProps) {
  const [isTouched, setIsTouched] = useState(false);
  const { access, duration, isEveryPath, pathsText } = terms;
  const { paths, problem } = typedPaths(pathsText);
  const isProblemShown = problem !== undefined && (isTouched || isSubmitted || paths.length > 0);
  return (
    <>
      <TermsChoice
        duration={duration}
        mayLast={mayLast}
        onDuration={(chosen) => {
          onChange({ duration: chosen });
        }}
        isEveryPath={isEveryPath}
        somePathsText={t('paths_some')}
        onEveryPath={(isEvery) => {
          onChange({ isEveryPath: isEvery });
        }}
      />
      {isEveryPath ? null : (
        <PathsField
          text={pathsText}
          problem={isProblemShown ? t(...problem) : undefined}
          onInput={(text) => {
            onChange({ pathsText: text });
          }}
          onBlur={() => {
            setIsTouched(true);
          }}
        />
      )}
      <AccessChoice
        access={access}
        sites={sites}
        onChange={(chosen) => {
          onChange({ access: chosen });
        }}
      />
    </>
  );
}

/** Moves the focus to the field for paths if what is typed there has a problem. Returns whether it has none. */
export function checkPaths({ isEveryPath, pathsText }: ConnectTerms): boolean {
  if (isEveryPath || typedPaths(pathsText).problem === undefined) return true;
  document.getElementById(pathsFieldId)?.focus();
  return false;
}

interface PathsFieldProps {
  readonly text: string;
  readonly problem: string | undefined;
  readonly onInput: (text: string) => void;
  readonly onBlur: () => void;
}

/** The id of the text area. */
const pathsFieldId = 'paths';

/** A text area for path prefixes, one a line. */
function PathsField({ text, problem, onInput, onBlur }: PathsFieldProps) {
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
