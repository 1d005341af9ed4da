interface ScopeChoiceProps {
  /** `radio` if exactly one scope is chosen. */
  readonly type: 'checkbox' | 'radio';
  readonly scope: string;
  readonly description: string;
  readonly isChosen: boolean;
  readonly onChoose: () => void;
  /** The id of the input; only for one that receives the focus. */
  readonly inputId?: string | undefined;
}

/** One scope to choose, with its description. */
export function ScopeChoice({
  type,
  scope,
  description,
  isChosen,
  onChoose,
  inputId,
}: ScopeChoiceProps) {
  return (
    <label class="choice">
      <input
        type={type}
        name="scope"
        id={inputId}
        checked={isChosen}
        aria-labelledby={`scope-${scope}`}
        aria-describedby={`about-${scope}`}
        onChange={onChoose}
      />
      <span class="scope-text">
        <code id={`scope-${scope}`}>{scope}</code>
        <span id={`about-${scope}`} class="muted small">
          {description}
        </span>
      </span>
    </label>
  );
}
