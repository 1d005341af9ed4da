import { describedBy, Problem } from './field.tsx';

interface SwitchFieldProps {
  /** Unique in the document; `-hint` and `-problem` are derived from it. */
  readonly id: string;
  readonly label: string;
  readonly isOn: boolean;
  readonly onSwitch: (isOn: boolean) => void;
  readonly hint: string;
  readonly problem?: string | undefined;
  readonly isDisabled?: boolean;
}

/** A labelled checkbox with its hint and its problem. */
export function SwitchField(props: SwitchFieldProps) {
  const { id, label, isOn, onSwitch, hint, problem, isDisabled } = props;
  return (
    <div class="field">
      <label class="choice">
        <input
          type="checkbox"
          id={id}
          checked={isOn}
          disabled={isDisabled}
          aria-invalid={problem === undefined ? undefined : 'true'}
          aria-describedby={describedBy({ id, problem, hint })}
          onChange={(event) => {
            onSwitch(event.currentTarget.checked);
          }}
        />
        {label}
      </label>
      <span id={`${id}-hint`} class="muted small">
        {hint}
      </span>
      <Problem id={id} text={problem} />
    </div>
  );
}
