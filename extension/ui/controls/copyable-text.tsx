import { signal } from '@preact/signals';
import { useMemo } from 'preact/hooks';
import { t } from '../i18n.ts';
import { Button } from './button.tsx';

interface CopyableTextProps {
  /** Unique in the document. */
  readonly id: string;
  readonly label: string;
  /** Undefined while it is unknown. */
  readonly value: string | undefined;
  readonly placeholder: string;
  /** Shows the value in a text area, with this number of rows as soon as it is known. */
  readonly rows?: number;
  /** Resolves to whether the text was copied. */
  readonly copyText: (text: string) => Promise<boolean>;
}

/** A read-only value with a button that copies it. */
export function CopyableText(props: CopyableTextProps) {
  const { id, label, value, placeholder, rows, copyText } = props;
  const copied = useMemo(() => signal<string | undefined>(undefined), []);
  const copy = async (): Promise<void> => {
    if (value !== undefined) copied.value = (await copyText(value)) ? value : undefined;
  };
  const attributes = { id, readOnly: true, value: value ?? '', placeholder };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="row">
        {rows === undefined ? (
          <input {...attributes} class="input input-code copyable" />
        ) : (
          <textarea
            {...attributes}
            class="input input-code copyable"
            rows={value === undefined ? Math.min(rows, 4) : rows}
          />
        )}
        <Button
          aria-label={t('copy_named', label)}
          disabled={value === undefined}
          onClick={() => void copy()}
        >
          {t('copy')}
        </Button>
        <span role="status">
          {value !== undefined && copied.value === value ? t('copied') : ''}
        </span>
      </div>
    </div>
  );
}
