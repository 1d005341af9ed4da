import { secretProblem } from '#core/client/client-configuration.ts';
import { TextField } from '#ui/controls/field.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { problemText, t } from '#ui/i18n.ts';
import type { ImportEntryView } from '../import-preview.ts';
import { secretLabel } from './import-entry-text.ts';

interface ImportSecretFieldProps {
  /** Unique in the document. */
  readonly id: string;
  readonly entry: ImportEntryView;
  readonly value: string;
  readonly onInput: (typed: string) => void;
}

/** The secret of a client whose file has none. It can be left out. */
export function ImportSecretField({ id, entry, value, onInput }: ImportSecretFieldProps) {
  return (
    <TextField
      id={id}
      type="password"
      label={<Sentence of="import_secret_of" names={[secretLabel(entry), entry.name]} />}
      hint={t('import_secret_hint')}
      value={value}
      isCode
      problem={problemText(secretProblem(value.trim(), false))}
      onInput={onInput}
    />
  );
}
