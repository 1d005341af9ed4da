import { secretProblem } from '#core/client/client-configuration.ts';
import type { ProviderType } from '#core/provider/provider-type.ts';
import { TextField } from '#ui/controls/field.tsx';
import { Sentence } from '#ui/controls/name.tsx';
import { problemText, t } from '#ui/i18n.ts';
import { memberLabel } from './member-label.ts';

interface MissingSecretFieldProps {
  /** Unique in the document. */
  readonly id: string;
  /** The name and the provider type of the client. */
  readonly name: string;
  readonly type: ProviderType;
  readonly value: string;
  readonly onInput: (typed: string) => void;
}

/** The secret of a client that a file lacks. It can be left out. */
export function MissingSecretField({ id, name, type, value, onInput }: MissingSecretFieldProps) {
  return (
    <TextField
      id={id}
      type="password"
      label={<Sentence of="member_of_client" names={[memberLabel('clientSecret', type), name]} />}
      hint={t('import_secret_hint')}
      value={value}
      isCode
      problem={problemText(secretProblem(value.trim(), false))}
      onInput={onInput}
    />
  );
}
