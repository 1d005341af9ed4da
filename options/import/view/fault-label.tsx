import { Sentence } from '#ui/controls/name.tsx';
import { t } from '#ui/i18n.ts';
import { isClientMember, memberLabel } from '../../members/member-label.ts';
import type { ImportEntryView } from '../import-preview.ts';
import { labelIn } from './import-entry-text.ts';

interface FaultLabelProps {
  /** The count of the entry, from 1 and left out for the only one of a file, and the member: `2.tokenEndpoint`. */
  readonly field: string;
  /** Those of the preview. */
  readonly entries: readonly ImportEntryView[] | undefined;
}

/** What a field of a fault of an import is called: by the name of its client, or by its count where the file cannot be shown. */
export function FaultLabel({ field, entries }: FaultLabelProps) {
  const [, count = '1', path = field] = /^(?:(\d+)\.)?(.+)$/u.exec(field) ?? [];
  const entry = entries?.[Number(count) - 1];
  if (entry !== undefined)
    return <Sentence of="member_of_client" names={[labelIn(entry, path), entry.name]} />;
  if (path === 'entry') return <>{t('import_row', count)}</>;
  return <Sentence of="import_member_of_row" names={[<MemberOfFile path={path} />, count]} />;
}

/** A member of a file that cannot be read: one that forms do not have is shown as its path in the file. */
function MemberOfFile({ path }: { readonly path: string }) {
  const member = path.replace(/^threelo\.|\.\d+$/gu, '');
  return isClientMember(member) ? <>{memberLabel(member, 'generic')}</> : <code>{path}</code>;
}
