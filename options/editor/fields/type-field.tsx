import { providerTexts } from '#core/provider/provider-texts.ts';
import { providerTypes, type ProviderType } from '#core/provider/provider-type.ts';
import { SelectField } from '#ui/controls/select-field.tsx';
import { problemText, t, type MessageKey } from '#ui/i18n.ts';
import { memberLabel } from '../../members/member-label.ts';
import type { EditorStore } from '../editor-store.ts';

/** A hint for each provider type. */
const hints: Readonly<Partial<Record<ProviderType, MessageKey>>> = {
  'atlassian-gov-cloud': 'type_hint_gov_cloud',
  'data-center': 'type_hint_data_center',
  'application-link': 'type_hint_application_link',
  generic: 'type_hint_generic',
  google: 'type_hint_google',
  microsoft: 'type_hint_microsoft',
  oauth1: 'type_hint_oauth1',
};

/** The provider type; the rest of the form depends on it. */
export function TypeField({ editor }: { readonly editor: EditorStore }) {
  const { type } = editor.draft.value;
  const hint = hints[type];
  return (
    <SelectField
      id="client-type"
      label={memberLabel('type', type)}
      value={type}
      choices={providerTypes.map((each) => [each, providerTexts[each].label])}
      onChoose={editor.chooseType}
      problem={problemText(editor.problems.value.type)}
      {...(hint === undefined ? {} : { hint: t(hint) })}
    />
  );
}
