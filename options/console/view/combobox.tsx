import { signal } from '@preact/signals';
import type { ComponentChildren, TargetedKeyboardEvent } from 'preact';
import { useEffect, useMemo, useRef } from 'preact/hooks';
import { describedBy, Problem } from '#ui/controls/field.tsx';

interface ComboboxProps<Option> {
  /** Unique in the document; `-list`, `-hint` and `-problem` are derived from it. */
  readonly id: string;
  readonly label: string;
  /** The text of the input, unless {@link isFilter} and something is typed. */
  readonly value: string;
  readonly options: readonly Option[];
  /** Identifies an option among the others. */
  readonly keyOf: (option: Option) => string;
  readonly draw: (option: Option) => ComponentChildren;
  /** What is typed only filters the options, one of which has to be chosen; otherwise it is the value itself. */
  readonly isFilter?: boolean;
  readonly onInput: (text: string) => void;
  readonly onChoose: (option: Option) => void;
  /** The list is about to be opened without anything typed. */
  readonly onOpen?: () => void;
  /** What the list says below its options, and to screen readers. */
  readonly note: string;
  readonly hint?: ComponentChildren;
  readonly problem?: string | undefined;
  readonly isCode?: boolean;
}

/** A text field with a list of proposals: arrows move in it, Enter takes one, Escape closes it. */
export function Combobox<Option>(props: ComboboxProps<Option>) {
  const { id, label, value, options, isFilter = false, hint, problem, isCode = false } = props;
  const input = useRef<HTMLInputElement>(null);
  const list = useCombobox(props, input);
  const { isOpen, active, typed } = list;
  // A value that no proposal continues is one that can be typed.
  const isShown = isOpen.value && (isFilter || options.length > 0);
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="combobox">
        <input
          ref={input}
          id={id}
          class={`input${isCode ? ' input-code' : ''}`}
          type="text"
          role="combobox"
          autocomplete="off"
          spellcheck={false}
          value={isFilter ? (typed.value ?? value) : value}
          aria-expanded={isShown}
          aria-controls={isShown ? `${id}-list` : undefined}
          aria-autocomplete="list"
          aria-activedescendant={active.value < 0 ? undefined : `${id}-${String(active.value)}`}
          aria-invalid={problem === undefined ? undefined : 'true'}
          aria-describedby={describedBy(props)}
          onInput={(event) => {
            list.type(event.currentTarget.value);
          }}
          onClick={list.open}
          onBlur={list.close}
          onKeyDown={list.press}
        />
        {isShown ? <Options props={props} active={active.value} take={list.take} /> : null}
      </div>
      {hint === undefined ? null : (
        <span id={`${id}-hint`} class="muted small">
          {hint}
        </span>
      )}
      <Problem id={id} text={problem} />
    </div>
  );
}

interface OptionsProps<Option> {
  readonly props: ComboboxProps<Option>;
  readonly active: number;
  readonly take: (option: Option) => void;
}

function Options<Option>({ props, active, take }: OptionsProps<Option>) {
  const { id, label, options, keyOf, draw, note } = props;
  useEffect(() => {
    document.getElementById(`${id}-${String(active)}`)?.scrollIntoView({ block: 'nearest' });
  }, [id, active]);
  return (
    <div
      class="combobox-list"
      onMouseDown={(event) => {
        // The input keeps the focus.
        event.preventDefault();
      }}
    >
      <ul id={`${id}-list`} role="listbox" aria-label={label}>
        {options.map((option, at) => (
          <li
            key={keyOf(option)}
            id={`${id}-${String(at)}`}
            role="option"
            aria-selected={at === active}
            onClick={() => {
              take(option);
            }}
          >
            {draw(option)}
          </li>
        ))}
      </ul>
      <p class="muted small" role="status">
        {note}
      </p>
    </div>
  );
}

function useCombobox<Option>(
  { options, isFilter = false, onInput, onChoose, onOpen }: ComboboxProps<Option>,
  input: { readonly current: HTMLInputElement | null },
) {
  const { isOpen, active, typed } = useMemo(
    () => ({
      isOpen: signal(false),
      active: signal(-1),
      typed: signal<string | undefined>(undefined),
    }),
    [],
  );
  const close = (): void => {
    isOpen.value = false;
    active.value = -1;
    typed.value = undefined;
  };
  const open = (): void => {
    if (isOpen.value) return;
    if (isFilter) input.current?.select();
    onOpen?.();
    isOpen.value = true;
  };
  const take = (option: Option): void => {
    close();
    onChoose(option);
  };
  const move = (by: 1 | -1): void => {
    const last = options.length - 1;
    const next = active.value + by;
    active.value = next > last ? 0 : next < 0 ? last : next;
  };
  const act: Readonly<Record<string, () => boolean>> = {
    ArrowDown: () => {
      if (isOpen.value) move(1);
      else open();
      return true;
    },
    ArrowUp: () => {
      if (isOpen.value) move(-1);
      return isOpen.value;
    },
    Enter: () => {
      const option = options[active.value];
      if (!isOpen.value || option === undefined) return isFilter;
      take(option);
      return true;
    },
    Escape: () => {
      const wasOpen = isOpen.value;
      close();
      return wasOpen;
    },
  };
  return {
    isOpen,
    active,
    typed,
    open,
    close,
    take,
    type: (text: string): void => {
      isOpen.value = true;
      typed.value = text;
      // The first match is what the filter is for.
      active.value = isFilter ? 0 : -1;
      onInput(text);
    },
    press: (event: TargetedKeyboardEvent<HTMLInputElement>): void => {
      const isPlain = !(event.ctrlKey || event.metaKey || event.altKey);
      // With Ctrl it is for the form.
      if (event.key === 'Enter' && !isPlain) close();
      if (!isPlain || event.isComposing) return;
      if (act[event.key]?.() === true) event.preventDefault();
    },
  };
}
