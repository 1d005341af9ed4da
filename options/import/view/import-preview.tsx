import { Fragment } from 'preact';
import { useLayoutEffect, useRef } from 'preact/hooks';
import { Name } from '#ui/controls/name.tsx';
import { numberText, t, tCount } from '#ui/i18n.ts';
import { MissingSecretField } from '../../members/missing-secret-field.tsx';
import { isImportable, lacksSecret, type ImportChoice } from '../import-choice.ts';
import type { ImportEntryView } from '../import-preview.ts';
import type { FoundImport } from '../preview-store.ts';
import { blankServer } from '../server-form.ts';
import { blockersOf, factsOf, remarksOf, typeOf, type Fact } from './import-entry-text.ts';
import { ImportServerFields } from './import-server-fields.tsx';

interface ImportPreviewProps {
  readonly found: FoundImport;
  readonly choice: ImportChoice;
}

/** The entries of a file to choose from. Its heading gets the focus when the preview appears. */
export function ImportPreview({ found, choice }: ImportPreviewProps) {
  const title = useRef<HTMLHeadingElement>(null);
  useLayoutEffect(() => title.current?.focus(), [found]);
  const { entries, name } = found;
  return (
    <fieldset class="stack" aria-describedby="import-found-count import-chosen">
      <legend>
        <h3 ref={title} tabIndex={-1}>
          {name === undefined ? t('import_found_clients') : t('import_found', name)}
        </h3>
      </legend>
      <p id="import-found-count" class="muted">
        {name === undefined
          ? tCount('import_clients_count', entries.length)
          : tCount('import_found_count', entries.length)}
      </p>
      <ul class="stack">
        {entries.map((entry, at) => (
          <Entry key={at} entry={entry} at={at} choice={choice} />
        ))}
      </ul>
      <p id="import-chosen" role="status">
        {t('import_chosen', numberText(choice.chosen.value.size), numberText(entries.length))}
      </p>
    </fieldset>
  );
}

interface EntryProps {
  readonly entry: ImportEntryView;
  /** Its index in the preview. */
  readonly at: number;
  readonly choice: ImportChoice;
}

function Entry({ entry, at, choice }: EntryProps) {
  const id = `import-entry-${at}`;
  const form =
    entry.kind === 'consumer' ? (choice.servers.value.get(at) ?? blankServer(entry)) : undefined;
  const isChosen = choice.chosen.value.has(at);
  const blockers = blockersOf(entry);
  const remarks = remarksOf(entry);
  return (
    <li class="import-entry stack stack-tight">
      <label class="choice">
        <input
          type="checkbox"
          checked={isChosen}
          disabled={!isImportable(entry, form)}
          aria-labelledby={`${id}-name`}
          aria-describedby={`${id}-problems ${id}-remarks`}
          onChange={() => {
            choice.toggle(at);
          }}
        />
        <strong id={`${id}-name`}>
          <Name text={entry.name} />
        </strong>
      </label>
      <div id={`${id}-problems`} class="problem" hidden={blockers.length === 0}>
        <p>{t('import_blocked')}</p>
        <ul>
          {blockers.map((blocker) => (
            <li key={blocker}>{blocker}</li>
          ))}
        </ul>
      </div>
      <Facts facts={factsOf(entry)} />
      <ul id={`${id}-remarks`} class="remarks small" hidden={remarks.length === 0}>
        {remarks.map((remark) => (
          <li key={remark}>{remark}</li>
        ))}
      </ul>
      {entry.kind === 'consumer' && form !== undefined && blockers.length === 0 ? (
        <ImportServerFields
          id={`${id}-server`}
          entry={entry}
          form={form}
          onChange={(changed) => {
            choice.setServer(at, changed);
          }}
        />
      ) : null}
      {isChosen && lacksSecret(entry) ? (
        <MissingSecretField
          id={`${id}-secret`}
          name={entry.name}
          type={typeOf(entry)}
          value={choice.secrets.of(at)}
          onInput={(typed) => {
            choice.secrets.type(at, typed);
          }}
        />
      ) : null}
    </li>
  );
}

function Facts({ facts }: { readonly facts: readonly Fact[] }) {
  return (
    <dl class="facts small">
      {facts.map(({ label, values, isCode }) => (
        <Fragment key={label}>
          <dt>{label}</dt>
          {values.map((value) => (
            <dd key={value}>{isCode === true ? <code>{value}</code> : value}</dd>
          ))}
        </Fragment>
      ))}
    </dl>
  );
}
