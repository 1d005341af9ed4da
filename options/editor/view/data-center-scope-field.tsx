import {
  dataCenterFacts,
  dataCenterProducts,
  impliedScopes,
  minimalScopes,
} from '#core/provider/data-center.ts';
import { Problem } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { listed, problemText, t } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';
import { Group } from '../fields/group.tsx';
import { ScopeChoice } from './scope-choice.tsx';

/** The scopes of a Data Center product as one choice: a stronger scope implies the weaker ones. */
export function DataCenterScopeField({ editor }: { readonly editor: EditorStore }) {
  const { product = dataCenterProducts[0], scopes } = editor.draft.value;
  const needed = minimalScopes(product, scopes);
  const rows = dataCenterFacts[product].scopes;
  const isOneOfThem = rows.some(({ scope }) => needed.length === 1 && scope === needed[0]);
  return (
    <Group title={t('scopes')} describedBy="scopes-of-user chosen-scopes-problem">
      <p id="scopes-of-user">{t('scopes_of_user')}</p>
      {isOneOfThem || needed.length === 0 ? null : (
        <Notice>
          <p>{t('scopes_asked_now', listed(needed))}</p>
        </Notice>
      )}
      <Problem id="chosen-scopes" text={problemText(editor.problems.value.scopes)} />
      <ul>
        {rows.map(({ scope, implies }, at) => (
          <li key={scope}>
            <ScopeChoice
              type="radio"
              scope={scope}
              description={impliedText(impliedScopes(product, implies))}
              isChosen={isOneOfThem && scope === needed[0]}
              inputId={at === 0 ? 'client-scopes' : undefined}
              onChoose={() => {
                editor.scopes.choose([scope]);
              }}
            />
          </li>
        ))}
      </ul>
    </Group>
  );
}

function impliedText(implied: readonly string[]): string {
  return implied.length === 0 ? t('scope_implies_none') : t('scope_implies', listed(implied));
}
