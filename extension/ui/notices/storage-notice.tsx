import { useState } from 'preact/hooks';
import type { Fault, StoredThing } from '#core/values/fault.ts';
import { settingNames } from '#core/values/settings.ts';
import { Button } from '../controls/button.tsx';
import { Name, Names, Sentence } from '../controls/name.tsx';
import { Notice } from '../controls/notice.tsx';
import { listed, t, tCount, type MessageKey } from '../i18n.ts';

/** What is wrong with stored data: one damaged entry, or all that have the same problem. */
export interface StorageProblem {
  readonly id: string;
  readonly code: Fault['code'];
  readonly faults: readonly Fault[];
  readonly things: readonly StoredThing[];
}

/**
 * Every damaged entry by itself, and one problem for all entries that were restored, are not stored, or cannot be decrypted.
 * @param isCompact whether damaged entries, except the settings, are one problem too
 */
export function storageProblems(faults: readonly Fault[], isCompact = false): StorageProblem[] {
  const problems = new Map<string, Fault[]>();
  for (const fault of faults) {
    const isShared =
      fault.code !== 'storage_damaged' ||
      (isCompact && fault.things?.every(({ kind }) => kind !== 'settings'));
    const id = isShared ? fault.code : `${fault.code} ${fault.subject ?? ''}`;
    problems.set(id, [...(problems.get(id) ?? []), fault]);
  }
  return [...problems].map(([id, same]) => ({
    id,
    code: same[0]?.code ?? 'storage_damaged',
    faults: same,
    things: same.flatMap(({ things = [] }) => things),
  }));
}

interface StorageNoticeProps {
  readonly problem: StorageProblem;
  /** Deletes damaged entries, or the notice that entries were restored. */
  readonly onForget: (keys: readonly string[]) => void;
  readonly copyText: (text: string) => Promise<boolean>;
}

/** What is wrong with stored data, in a person's words: which thing, what that means, what to do. */
export function StorageNotice({ problem, onForget, copyText }: StorageNoticeProps) {
  const { code, faults, things } = problem;
  const [isCopied, setIsCopied] = useState(false);
  const isRestored = code === 'storage_restored';
  const keys = isRestored ? ['restored'] : faults.flatMap(({ subject }) => subject ?? []);
  const isRemovable = isRestored || (code === 'storage_damaged' && keys.length > 0);
  const copy = async (): Promise<void> => {
    setIsCopied(await copyText(detailsOf(faults)));
  };
  return (
    <Notice
      tone={isRestored ? 'warn' : 'error'}
      actions={
        <>
          {isRemovable ? (
            <Button
              onClick={() => {
                onForget(keys);
              }}
            >
              {t(isRestored ? 'dismiss' : 'remove')}
            </Button>
          ) : null}
          <Button onClick={() => void copy()}>{t('copy_details')}</Button>
          <span role="status">{isCopied ? t('copied') : ''}</span>
        </>
      }
    >
      {things.length === 0 ? null : (
        <p>
          <strong>
            <Sentence of={titles[code] ?? 'storage_problem_of'} names={[<Things of={things} />]} />
          </strong>
        </p>
      )}
      <p>{meaningOf(problem)}</p>
    </Notice>
  );
}

const titles: Readonly<Partial<Record<Fault['code'], MessageKey>>> = {
  storage_damaged: 'storage_damaged_of',
  storage_restored: 'storage_restored_of',
};

/** More things than this are counted. */
const mostNamed = 5;

function Things({ of }: { readonly of: readonly StoredThing[] }) {
  const named = of.slice(0, mostNamed).map((thing) => <Thing thing={thing} />);
  const more = of.length - named.length;
  return <Names of={more === 0 ? named : [...named, tCount('more_things', more)]} />;
}

function Thing({ thing: { kind, name } }: { readonly thing: StoredThing }) {
  if (
    name === undefined ||
    kind === 'settings' ||
    kind === 'local' ||
    kind === 'mirror' ||
    kind === 'entry'
  )
    return t(`thing_${kind}`);
  return <Sentence of={`thing_named_${kind}`} names={[<Name text={name} />]} />;
}

function meaningOf({ code, faults, things }: StorageProblem): string {
  if (code !== 'storage_damaged') return t(`fault_${code}`);
  if (things.length > 1) return t('storage_damaged_several');
  const kind = things[0]?.kind ?? 'entry';
  if (kind === 'settings') return t('storage_damaged_settings', settingsOf(faults));
  return t(
    kind === 'client' || kind === 'session' || kind === 'sites' || kind === 'connection'
      ? `storage_damaged_${kind}`
      : 'fault_storage_damaged',
  );
}

/** The labels of the settings that are not valid. */
function settingsOf(faults: readonly Fault[]): string {
  const fields = faults.flatMap((fault) => fault.fields ?? []).map(({ field }) => field);
  const known = settingNames.filter((name) => fields.includes(name));
  return known.length === 0 ? t('all_settings') : listed(known.map((name) => t(`setting_${name}`)));
}

/** For a report: codes, keys of the store, and the members that cannot be read. */
function detailsOf(faults: readonly Fault[]): string {
  return faults
    .map(({ code, subject = '', fields = [] }) =>
      [code, subject, ...fields.map(({ field, problem }) => `${field}: ${problem}`)]
        .filter((part) => part !== '')
        .join(' '),
    )
    .join('\n');
}
