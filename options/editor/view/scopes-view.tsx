import { profileOf } from '#core/provider/provider-profile.ts';
import type { ScopeGroup } from '#core/provider/scope-catalogue.ts';
import { Button } from '#ui/controls/button.tsx';
import { Problem, TextField } from '#ui/controls/field.tsx';
import { Notice } from '#ui/controls/notice.tsx';
import { problemText, t, tCount } from '#ui/i18n.ts';
import type { EditorStore } from '../editor-store.ts';
import { hasCatalogue, type ScopePicker } from '../scope-picker.ts';
import { Group } from '../fields/group.tsx';
import { DataCenterScopeField } from './data-center-scope-field.tsx';
import { foundScopes, type DescribedScope } from './found-scopes.ts';
import { OperationScopesView } from './operation-scopes-view.tsx';
import { ScopeChoice } from './scope-choice.tsx';

/** The scopes that a client requests: one choice for Data Center, a set for other providers. */
export function ScopesView({ editor }: { readonly editor: EditorStore }) {
  const { endpointSource } = profileOf(editor.draft.value.type);
  return endpointSource === 'base-url' ? (
    <DataCenterScopeField editor={editor} />
  ) : (
    <ScopeSetView editor={editor} />
  );
}

/** A set of scopes: those of the catalogue as checkboxes, all others typed. */
function ScopeSetView({ editor }: { readonly editor: EditorStore }) {
  const { scopes, draft } = editor;
  return (
    <Group
      title={t('scopes')}
      describedBy="scopes-count chosen-scopes-problem"
      aside={
        <span id="scopes-count" role="status" class="muted group-aside">
          {tCount('scopes_count', scopes.count.value)}
        </span>
      }
    >
      {scopes.isTooMany.value ? (
        <Notice tone="warn">
          <p>{t('scopes_too_many')}</p>
        </Notice>
      ) : null}
      <AddScope
        scopes={scopes}
        hint={t(hasCatalogue(draft.value) ? 'add_scope_hint' : 'add_any_scope_hint')}
      />
      <Problem id="chosen-scopes" text={problemText(editor.problems.value.scopes)} />
      {hasCatalogue(draft.value) ? (
        <>
          <Catalogue scopes={scopes} />
          <OperationScopesView operations={editor.operationScopes} />
        </>
      ) : null}
    </Group>
  );
}

function Catalogue({ scopes }: { readonly scopes: ScopePicker }) {
  const groups = foundScopes(scopes.search.value);
  return (
    <>
      <TextField
        id="scope-search"
        type="search"
        label={t('search_scopes')}
        value={scopes.search.value}
        onInput={(value) => {
          scopes.search.value = value;
        }}
      />
      {groups.length === 0 ? <p role="status">{t('no_scope_found')}</p> : null}
      <div class="stack scope-groups" hidden={groups.length === 0}>
        {groups.map(([group, found]) => (
          <ScopeGroupView key={group} group={group} found={found} scopes={scopes} />
        ))}
      </div>
    </>
  );
}

function AddScope({ scopes, hint }: { readonly scopes: ScopePicker; readonly hint: string }) {
  return (
    <div class="stack stack-tight">
      <div
        class="add-scope"
        onKeyDown={(event) => {
          if (event.key !== 'Enter' || !(event.target instanceof HTMLInputElement)) return;
          event.preventDefault();
          scopes.addPending();
        }}
      >
        <TextField
          id="client-scopes"
          label={t('add_scope')}
          isCode
          hint={hint}
          value={scopes.pending.value}
          problem={scopes.isPendingInvalid.value ? t('problem_scope_invalid') : undefined}
          onInput={(value) => {
            scopes.pending.value = value;
          }}
        />
        <Button onClick={scopes.addPending}>{t('add')}</Button>
      </div>
      <ul class="typed-scopes">
        {scopes.typed.value.map((scope) => (
          <li key={scope} class="row row-spread">
            <code>{scope}</code>
            <Button
              kind="quiet"
              aria-label={t('remove_scope', scope)}
              onClick={() => {
                scopes.toggle(scope);
              }}
            >
              {t('remove')}
            </Button>
          </li>
        ))}
      </ul>
    </div>
  );
}

interface ScopeGroupProps {
  readonly group: ScopeGroup;
  readonly found: readonly DescribedScope[];
  readonly scopes: ScopePicker;
}

function ScopeGroupView({ group, found, scopes }: ScopeGroupProps) {
  return (
    <fieldset>
      <legend>{t(`scope_group_${group}`)}</legend>
      <ul class="scope-list">
        {found.map(({ scope, description }) => (
          <li key={scope}>
            <ScopeChoice
              type="checkbox"
              scope={scope}
              description={description}
              isChosen={scopes.has(scope)}
              onChoose={() => {
                scopes.toggle(scope);
              }}
            />
          </li>
        ))}
      </ul>
    </fieldset>
  );
}
