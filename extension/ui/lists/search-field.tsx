import { Icon } from './icon.tsx';

interface SearchFieldProps {
  /** Unique in the document. */
  readonly id: string;
  /** What is searched; named to screen readers. */
  readonly label: string;
  readonly placeholder: string;
  readonly value: string;
  readonly onInput: (value: string) => void;
}

/** A field that filters what is listed below it. */
export function SearchField({ id, label, placeholder, value, onInput }: SearchFieldProps) {
  return (
    <div class="search">
      <label for={id}>
        <Icon name="search" />
        <span class="visually-hidden">{label}</span>
      </label>
      <input
        id={id}
        class="input"
        type="search"
        autocomplete="off"
        spellcheck={false}
        placeholder={placeholder}
        value={value}
        onInput={(event) => {
          onInput(event.currentTarget.value);
        }}
      />
    </div>
  );
}
