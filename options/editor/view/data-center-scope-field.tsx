import {
  dataCenterFacts,
  dataCenterProducts,
  impliedScopes,
  minimalScopes,
  type DataCenterScope,
} from '#core/provider/data-center.ts';
import { Problem } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { listed, t } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';

/** The scopes of a Data Center product as one choice: a stronger scope implies the weaker ones. */
export function DataCenterScopeField({ editor }: { readonly editor: EditorStore }) {
  const { product = dataCenterProducts[0], scopes } = editor.draft.value;
  const needed = minimalScopes(product, scopes);
  const rows = dataCenterFacts[product].scopes;
  const isOneOfThem = rows.some(({ scope }) => needed.length === 1 && scope === needed[0]);
  const problem = editor.problems.value.scopes;
  return (
    <fieldset class="card stack" aria-describedby="scopes-of-user chosen-scopes-problem">
      <legend class="visually-hidden">{t('scopes')}</legend>
      <h2 aria-hidden="true">{t('scopes')}</h2>
      <p id="scopes-of-user">{t('scopes_of_user')}</p>
      {isOneOfThem || needed.length === 0 ? null : (
        <Notice>
          <p>{t('scopes_asked_now', listed(needed))}</p>
        </Notice>
      )}
      <Problem
        id="chosen-scopes"
        text={problem === undefined ? undefined : t(`problem_${problem}`)}
      />
      <ul>
        {rows.map((row, at) => (
          <li key={row.scope}>
            <DataCenterScopeChoice
              row={row}
              implied={impliedScopes(product, row.implies)}
              isChosen={isOneOfThem && row.scope === needed[0]}
              inputId={at === 0 ? 'client-scopes' : undefined}
              onChoose={() => {
                editor.scopes.choose([row.scope]);
              }}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}

interface DataCenterScopeChoiceProps {
  readonly row: DataCenterScope;
  readonly implied: readonly string[];
  readonly isChosen: boolean;
  readonly inputId: string | undefined;
  readonly onChoose: () => void;
}

function DataCenterScopeChoice({
  row: { scope },
  implied,
  isChosen,
  inputId,
  onChoose,
}: DataCenterScopeChoiceProps) {
  return (
    <label class="choice">
      <input
        type="radio"
        name="top-scope"
        id={inputId}
        checked={isChosen}
        aria-labelledby={`scope-${scope}`}
        aria-describedby={`about-${scope}`}
        onChange={onChoose}
      />
      <span class="scope-text">
        <code id={`scope-${scope}`}>{scope}</code>
        <span id={`about-${scope}`} class="muted small">
          {implied.length === 0 ? t('scope_implies_none') : t('scope_implies', listed(implied))}
        </span>
      </span>
    </label>
  );
}
