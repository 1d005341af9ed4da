import { isPlaceholder } from '#core/operations/path-templates.ts';
import { Button } from '#ui/controls/button.tsx';
import { Problem } from '#ui/controls/field.tsx';
import { SelectField } from '#ui/controls/select-field.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { consoleMethods, hasBody } from '../console-draft.ts';
import type { ConsoleStore } from '../console-store.ts';
import { completions, firstPlaceholder, type Completion } from '../path-completion.ts';
import { Combobox } from './combobox.tsx';

const pathId = 'console-path';

/** The fields for method, path and body. */
export function CallFields({ store }: { readonly store: ConsoleStore }) {
  const { method } = store.draft.value;
  return (
    <>
      <div class="console-address">
        <SelectField
          id="console-method"
          label={t('console_method')}
          value={method}
          choices={consoleMethods.map((one) => [one, one] as const)}
          onChoose={(chosen) => {
            store.set({ method: chosen });
          }}
        />
        <PathField store={store} />
      </div>
      {hasBody(store.draft.value) ? <BodyField store={store} /> : null}
    </>
  );
}

function PathField({ store }: { readonly store: ConsoleStore }) {
  const { draft, templates, site, missing } = store;
  const { path, method } = draft.value;
  const product = site.value?.product ?? 'jira';
  const options = completions(path, templates.value, product);
  const choose = ({ path: chosen, methods }: Completion): void => {
    const first = consoleMethods.find((one) => methods.includes(one));
    const isOther = first !== undefined && !methods.includes(method);
    store.set({ path: chosen, ...(isOther ? { method: first } : {}) });
    selectPlaceholder(chosen);
  };
  return (
    <Combobox
      id={pathId}
      label={t('console_path')}
      value={path}
      isCode
      options={options}
      keyOf={(option) => option.path}
      draw={(option) => <PathOption option={option} />}
      note={tCount('console_paths', options.length)}
      onInput={(text) => {
        store.set({ path: text });
      }}
      onChoose={choose}
      hint={<PathHint path={path} />}
      problem={
        missing.value === 'path'
          ? t(path === '' ? 'console_path_missing' : 'console_placeholder_left')
          : undefined
      }
    />
  );
}

function PathHint({ path }: { readonly path: string }) {
  const placeholder = firstPlaceholder(path);
  if (placeholder === undefined) return <>{t('console_path_hint')}</>;
  const marked = <mark>{path.slice(...placeholder)}</mark>;
  return <Sentence of="console_placeholder_hint" names={[marked]} />;
}

function PathOption({ option: { path, methods } }: { readonly option: Completion }) {
  return (
    <span class="console-path-option">
      <code>
        {path.split(/(?=\/)/u).map((segment, at) =>
          isPlaceholder(segment.slice(1)) ? (
            <span key={at}>
              /<mark>{segment.slice(1)}</mark>
            </span>
          ) : (
            segment
          ),
        )}
      </code>
      <span class="muted small">{methods.join(' ')}</span>
    </span>
  );
}

/** Selects what has to be replaced, once the path is in the field. */
function selectPlaceholder(path: string): void {
  const placeholder = firstPlaceholder(path);
  const input = document.getElementById(pathId);
  if (placeholder === undefined || !(input instanceof HTMLInputElement)) return;
  input.value = path;
  input.setSelectionRange(...placeholder);
}

function BodyField({ store }: { readonly store: ConsoleStore }) {
  const { draft, bodyProblem } = store;
  const problem = bodyProblem.value;
  const text =
    problem && t('console_not_json', numberText(problem.line), numberText(problem.column));
  return (
    <div class="field">
      <label for="console-body">{t('console_body')}</label>
      <textarea
        id="console-body"
        class="input input-code"
        rows={8}
        spellcheck={false}
        value={draft.value.body}
        aria-invalid={text === undefined ? undefined : 'true'}
        aria-describedby={text === undefined ? 'console-body-hint' : 'console-body-problem'}
        onInput={(event) => {
          store.set({ body: event.currentTarget.value });
        }}
      />
      <Problem id="console-body" text={text} />
      <div class="row">
        <Button
          aria-disabled={problem !== undefined || draft.value.body.trim() === ''}
          onClick={store.formatBody}
        >
          {t('console_format')}
        </Button>
        <span id="console-body-hint" class="muted small">
          {t('console_body_hint')}
        </span>
      </div>
    </div>
  );
}
