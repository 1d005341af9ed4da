import type { ComponentChildren } from 'preact';
import { describedBy, Problem } from './field.tsx';

interface SelectFieldProps<Value extends string> {
  /** Unique in the document; `-hint` and `-problem` are derived from it. */
  readonly id: string;
  readonly label: string;
  readonly value: Value;
  /** The choices, each with its text. */
  readonly choices: readonly (readonly [value: Value, text: string])[];
  readonly onChoose: (value: Value) => void;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly isDisabled?: boolean;
}

/** A labelled `<select>` with its hint and its problem. */
export function SelectField<Value extends string>(props: SelectFieldProps<Value>) {
  const { id, label, value, choices, onChoose, hint, problem, isDisabled } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        class="input"
        value={value}
        disabled={isDisabled}
        aria-invalid={problem === undefined ? undefined : 'true'}
        aria-describedby={describedBy(props)}
        onChange={(event) => {
          const chosen = choices.find(([choice]) => choice === event.currentTarget.value);
          if (chosen !== undefined) onChoose(chosen[0]);
        }}
      >
        {choices.map(([choice, text]) => (
          <option key={choice} value={choice}>
            {text}
          </option>
        ))}
      </select>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} class="muted small">
          {hint}
        </span>
      )}
      <Problem id={id} text={problem} />
    </div>
  );
}
