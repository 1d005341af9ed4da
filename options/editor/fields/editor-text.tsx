import type { ComponentChildren } from 'preact';
import { TextField } from '#ui/controls/field.tsx';
import { problemText } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
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
  readonly type?: 'password';
  readonly isRequired?: boolean;
  readonly isCode?: boolean;
  readonly placeholder?: string | undefined;
  readonly hint?: ComponentChildren;
}

/** One text field of the form, bound to the draft, with the label of its member. */
export function EditorText({ editor, field, ...rest }: EditorTextProps) {
  return (
    <TextField
      {...rest}
      id={`client-${field}`}
      label={memberLabel(field, editor.draft.value.type)}
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
