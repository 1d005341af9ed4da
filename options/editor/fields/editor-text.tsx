import type { ComponentChildren } from 'preact';
import { TextField } from '#ui/controls/field.tsx';
import { problemText, t, type MessageKey } from '#ui/i18n.ts';
import type { EditorField, EditorStore } from '../editor-store.ts';
import type { ParameterMember } from '../parameter-rows.ts';

/** The fields with a single-line text. */
type TextMember = Exclude<
  EditorField,
  | 'type'
  | 'product'
  | 'clientAuthentication'
  | 'pkceMethod'
  | 'scopes'
  | 'signatureMethod'
  | 'privateKeyPem'
  | ParameterMember
>;

interface EditorTextProps {
  readonly editor: EditorStore;
  readonly field: TextMember;
  readonly label: MessageKey;
  readonly type?: 'password';
  readonly isRequired?: boolean;
  readonly isCode?: boolean;
  readonly placeholder?: string | undefined;
  readonly hint?: ComponentChildren;
}

/** One text field of the form, bound to the draft. */
export function EditorText({ editor, field, label, ...rest }: EditorTextProps) {
  return (
    <TextField
      {...rest}
      id={`client-${field}`}
      label={t(label)}
      value={editor.draft.value[field] ?? ''}
      problem={problemText(editor.problems.value[field])}
      onInput={(value) => {
        editor.set({ [field]: value });
      }}
      onBlur={() => {
        editor.touch(field);
      }}
    />
  );
}
