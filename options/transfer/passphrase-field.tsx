import { TextField } from '#ui/controls/field.tsx';

interface PassphraseFieldProps {
  readonly id: string;
  readonly label: string;
  readonly value: string;
  readonly isShown: boolean;
  readonly hint?: string;
  readonly problem?: string | undefined;
  readonly onInput: (value: string) => void;
}

/** A field for a passphrase, which is shown on demand. */
export function PassphraseField({ isShown, ...field }: PassphraseFieldProps) {
  return <TextField {...field} isRequired type={isShown ? 'text' : 'password'} />;
}

interface ShowPassphraseProps {
  readonly label: string;
  readonly isShown: boolean;
  readonly onChange: (isShown: boolean) => void;
}

/** Shows what is typed in the fields above. */
export function ShowPassphrase({ label, isShown, onChange }: ShowPassphraseProps) {
  return (
    <label class="choice">
      <input
        type="checkbox"
        checked={isShown}
        onChange={(event) => {
          onChange(event.currentTarget.checked);
        }}
      />
      {label}
    </label>
  );
}
