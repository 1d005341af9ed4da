import type { ComponentChildren } from 'preact';
import type { TransferRow } from '#core/transfer/transfer-preview.ts';
import type { SettingName } from '#core/values/settings.ts';
import { Sentence } from '#ui/controls/name.tsx';
import { t } from '#ui/i18n.ts';
import { valueLabel } from './value-text.ts';

/** What a field of a fault of an import is called: a member of a client, which follows the id of its row, or a setting. */
export function faultLabel(
  field: string,
  rows: readonly TransferRow[] = [],
): ComponentChildren | undefined {
  const end = field.lastIndexOf('.');
  const row = rows.find(({ id, kind, name }) =>
    kind === 'setting' ? name === field : id === field.slice(0, end),
  );
  if (row === undefined) return undefined;
  if (row.kind === 'setting') return t(`setting_${row.name as SettingName}`);
  const label = valueLabel(row, field.slice(end + 1));
  return <Sentence of="member_of_client" names={[label, row.name]} />;
}
