import type { ComponentChildren } from 'preact';
import {
  isImportableWith,
  isTakeable,
  lacksSecret,
  type TransferRow,
  type TransferValue,
} from '#core/transfer/transfer-preview.ts';
import type { SettingName } from '#core/values/settings.ts';
import { Name, Names, Sentence } from '#ui/controls/name.tsx';
import { GranteeName } from '#ui/grants/grantee-name.tsx';
import { t, tCount, type MessageKey } from '#ui/i18n.ts';
import type { Origin } from '#core/values/origin.ts';
import { MissingSecretField } from '../members/missing-secret-field.tsx';
import type { ImportStore } from './import-store.ts';
import { valueLabel, valueText } from './value-text.ts';

/** How many of the entries that another needs are named. */
const maxNeeded = 8;

interface RowProps {
  readonly row: TransferRow;
  /** The names of all rows, by id. */
  readonly names: ReadonlyMap<string, string>;
  readonly store: ImportStore;
}

/** One entry of a preview: whether it is imported, what it depends on, what happens with it, what it contains. */
export function Row({ row, names, store }: RowProps) {
  const id = `transfer-${row.id}`;
  const isBlocked = !isImportableWith(row, store.taken.value);
  return (
    <li class="import-entry stack stack-tight">
      {isTakeable(row) ? (
        <label class="choice">
          <input
            type="checkbox"
            checked={store.taken.value.has(row.id)}
            disabled={isBlocked}
            aria-describedby={id}
            onChange={() => {
              store.toggle(row.id);
            }}
          />
          <strong>
            <RowName row={row} />
          </strong>
        </label>
      ) : (
        <strong>
          <RowName row={row} />
        </strong>
      )}
      <div id={id} class="stack stack-tight">
        {isBlocked ? <Dependency row={row} names={names} /> : null}
        <Remarks row={row} />
        <Values row={row} store={store} />
      </div>
      {row.type !== undefined && lacksSecret(row) && store.taken.value.has(row.id) ? (
        <MissingSecretField
          id={`${id}-secret`}
          name={row.name}
          type={row.type}
          value={store.secrets.of(row.id)}
          onInput={(typed) => {
            store.secrets.type(row.id, typed);
          }}
        />
      ) : null}
    </li>
  );
}

/** The name of an entry, as its kind is named. */
export function RowName({ row: { kind, name } }: { readonly row: TransferRow }) {
  if (kind === 'grant') return <GranteeName origin={name as Origin} />;
  if (kind === 'setting') return <>{t(`setting_${name as SettingName}`)}</>;
  if (kind === 'denials') return <>{tCount('transfer_denials', Number(name))}</>;
  return <Name text={name} />;
}

/** What a person has to choose before the entry can be chosen. */
function Dependency({ row, names }: Pick<RowProps, 'row' | 'names'>) {
  const { needs = [], excludes, kind } = row;
  const needed = needs.slice(0, maxNeeded).map((id) => names.get(id) ?? id);
  const setting = t('setting_plainHttp');
  return (
    <p class="problem small">
      {excludes === undefined ? null : <Sentence of="transfer_http_excluded" names={[setting]} />}
      {kind === 'client' && needs.length > 0 ? (
        <Sentence of="transfer_http_needs" names={[setting]} />
      ) : null}
      {kind === 'grant' && needs.length > 0 ? (
        <Sentence
          of="transfer_needs_client"
          names={[<Names key="names" of={needed} type="disjunction" />]}
        />
      ) : null}
    </p>
  );
}

/** What happens with the entry, and why it cannot be imported. */
function Remarks({ row }: { readonly row: TransferRow }) {
  const { kind, notes, obstacle, problems = [] } = row;
  const reason = obstacle === undefined || obstacle === 'invalid' ? undefined : obstacle;
  const remarks = notes.filter((note) => note !== 'secret-missing');
  if (remarks.length + problems.length === 0 && reason === undefined) return null;
  return (
    <ul class="remarks small">
      {reason === undefined ? null : <li>{t(obstacleTexts[reason])}</li>}
      {problems.map(({ field, problem }) => (
        <li key={field}>
          {kind === 'setting'
            ? t(`problem_${problem}`)
            : t('labelled', valueLabel(row, field), t(`problem_${problem}`))}
        </li>
      ))}
      {remarks.map((note) => (
        <li key={note}>{t(noteTexts[note])}</li>
      ))}
    </ul>
  );
}

const obstacleTexts = {
  managed: 'fault_managed',
  'no-site': 'transfer_no_site',
  blocked: 'fault_blocked_by_policy',
  'http-forbidden': 'transfer_http_forbidden',
  'http-managed': 'transfer_http_managed',
} as const;

const noteTexts = {
  'new-key-pair': 'transfer_note_key',
  'new-callback-url': 'transfer_note_callback',
  renamed: 'transfer_note_renamed',
  managed: 'transfer_note_managed',
  'waits-for-sign-in': 'transfer_note_waits',
  'sites-left-out': 'transfer_note_sites',
} as const;

function Values({ row, store }: Pick<RowProps, 'row' | 'store'>) {
  const { kind, state, values } = row;
  // Of what is new all that is there, which needs no word on where it is.
  const isAllNew = state === 'new' && kind !== 'setting';
  const shown = isAllNew ? values.filter(({ theirs }) => theirs?.join('') !== '') : values;
  const isSecretMissing = lacksSecret(row);
  if ((shown.length === 0 && !isSecretMissing) || state === 'impossible') return null;
  return (
    <dl class="facts small">
      {shown.map((value) => (
        <Value key={value.member} row={row} value={value} isAllNew={isAllNew} store={store} />
      ))}
      {isSecretMissing ? (
        <>
          <dt>{valueLabel(row, 'clientSecret')}</dt>
          <dd>{t('import_secret_missing')}</dd>
        </>
      ) : null}
    </dl>
  );
}

interface ValueProps extends Pick<RowProps, 'row' | 'store'> {
  readonly value: TransferValue;
  readonly isAllNew: boolean;
}

function Value({ row, value, isAllNew, store }: ValueProps) {
  const { member, mine, otherwise } = value;
  const isOtherwise = otherwise !== undefined && store.taken.value.has(otherwise.with);
  const theirs = isOtherwise ? otherwise.theirs : value.theirs;
  const shown = (text: string): string => valueText(row, member, text);
  const isSecret = mine === undefined && theirs === undefined;
  // How long a connection lasts is in no file.
  const ofFile = member === 'duration' ? 'transfer_after' : 'transfer_theirs';
  return (
    <>
      <dt>{valueLabel(row, member)}</dt>
      {isSecret ? <dd>{t('transfer_other_secret')}</dd> : null}
      {mine === undefined ? null : <ValueTexts texts={mine.map(shown)} of="transfer_mine" />}
      {theirs === undefined ? null : (
        <ValueTexts texts={theirs.map(shown)} of={isAllNew ? undefined : ofFile} />
      )}
    </>
  );
}

/** More texts than these are a list, not a sentence; of more than the second the list is folded. */
const [mostInSentence, mostShown] = [3, 8];

interface ValueTextsProps {
  readonly texts: readonly string[];
  /** The sentence that says where the value is, if it is said. */
  readonly of: MessageKey | undefined;
}

function ValueTexts({ texts, of }: ValueTextsProps) {
  const inSentence = (part: ComponentChildren) =>
    of === undefined ? part : <Sentence of={of} names={[part]} />;
  if (texts.length <= mostInSentence) return <dd>{inSentence(<Names of={texts} />)}</dd>;
  return (
    <dd>
      <details open={texts.length <= mostShown}>
        <summary>{inSentence(tCount('transfer_values', texts.length))}</summary>
        <ul>
          {texts.map((text) => (
            <li key={text}>
              <Name text={text} />
            </li>
          ))}
        </ul>
      </details>
    </dd>
  );
}
