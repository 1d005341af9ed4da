import { isExtension } from '#core/values/origin.ts';
import { t, type MessageKey } from '#ui/i18n.ts';
import type { AskView } from '#wire/views.ts';

/** The texts of a question of a page, with those of a question of another extension. */
const extensionTexts = {
  ask_site_title: 'ask_site_title_extension',
  ask_site_text: 'ask_site_text_extension',
  ask_site_text_for: 'ask_site_text_for_extension',
  ask_account_title: 'ask_account_title_extension',
  ask_account_text: 'ask_account_text_extension',
  ask_access_title: 'ask_access_title_extension',
  ask_read_text: 'ask_read_text_extension',
  ask_write_text: 'ask_write_text_extension',
  ask_every_path_text: 'ask_every_path_text_extension',
  ask_site_access: 'ask_site_access_extension',
} as const satisfies Partial<Record<MessageKey, MessageKey>>;

/** The key of a text that names who asks. */
export type AskText = keyof typeof extensionTexts;

/** A text of a question, for whoever asks it. */
export function askText(
  { origin }: Pick<AskView, 'origin'>,
  key: AskText,
  ...substitutions: string[]
): string {
  return t(isExtension(origin) ? extensionTexts[key] : key, ...substitutions);
}
