import type { ComponentChildren, TargetedInputEvent } from 'preact';

interface FieldProps {
  /** Unique in the document; `-unit`, `-hint` and `-problem` are derived from it. */
  readonly id: string;
  readonly label: ComponentChildren;
  readonly value: string;
  readonly onInput: (value: string) => void;
  readonly onBlur?: () => void;
  readonly problem?: string | undefined;
  readonly hint?: ComponentChildren;
  /** Shown after the input, e.g. `seconds`. */
  readonly unit?: string;
  /** The kind of on-screen keyboard. */
  readonly inputMode?: 'text' | 'numeric';
  readonly type?: 'text' | 'password' | 'search';
  readonly placeholder?: string | undefined;
  readonly isRequired?: boolean;
  readonly isCode?: boolean;
  readonly isDisabled?: boolean;
}

/** A labelled single-line input with its hint and its problem. */
export function TextField(props: FieldProps) {
  const { id, label, problem, hint, unit } = props;
  return (
    <div class="field">
      <label for={id}>{label}</label>
      {unit === undefined ? (
        <Input {...props} />
      ) : (
        <div class="input-with-unit">
          <Input {...props} />
          <span id={`${id}-unit`}>{unit}</span>
        </div>
      )}
      {hint === undefined ? null : (
        <span id={`${id}-hint`} class="muted small">
          {hint}
        </span>
      )}
      <Problem id={id} text={problem} />
    </div>
  );
}

function Input(props: FieldProps) {
  const { id, value, placeholder, problem, isCode, isRequired, inputMode, onInput, onBlur } = props;
  const { isDisabled } = props;
  const attributes = {
    id,
    value,
    placeholder,
    inputMode,
    disabled: isDisabled,
    onBlur,
    class: `input${isCode === true ? ' input-code' : ''}`,
    spellcheck: false,
    'aria-required': isRequired === true ? ('true' as const) : undefined,
    'aria-invalid': problem === undefined ? undefined : ('true' as const),
    'aria-describedby': describedBy(props),
    onInput: (event: TargetedInputEvent<HTMLInputElement>) => {
      onInput(event.currentTarget.value);
    },
  };
  if (props.type === 'password') {
    return <input {...attributes} type="password" autocomplete="new-password" />;
  }
  if (props.type === 'search') return <input {...attributes} type="search" autocomplete="off" />;
  return <input {...attributes} type="text" autocomplete="off" />;
}

/** The problem of a field; screen readers announce it. */
export function Problem({ id, text }: { readonly id: string; readonly text: string | undefined }) {
  return (
    <span id={`${id}-problem`} class="problem" role="alert" hidden={text === undefined}>
      {text}
    </span>
  );
}

/** The ids of the elements that describe a field, for `aria-describedby`. */
export function describedBy({
  id,
  problem,
  unit,
  hint,
}: Pick<FieldProps, 'id' | 'problem' | 'unit' | 'hint'>): string | undefined {
  const ids = [
    ...(problem === undefined ? [] : [`${id}-problem`]),
    ...(unit === undefined ? [] : [`${id}-unit`]),
    ...(hint === undefined ? [] : [`${id}-hint`]),
  ];
  return ids.length === 0 ? undefined : ids.join(' ');
}
