import { t, type MessageKey } from '#ui/i18n.ts';
import type { RefusingRule } from '#wire/page-api.ts';

/** The rules that can refuse a call of the console; the others are about what a page names or was granted. */
const texts: Readonly<Partial<Record<RefusingRule, MessageKey>>> = {
  consent: 'console_rule_consent',
  method: 'console_rule_method',
  url: 'console_rule_url',
  path: 'console_rule_path',
  site: 'console_rule_site',
  credentials: 'console_rule_credentials',
};

/** Why a call is not sent. */
export function refusalText(rule: RefusingRule): string {
  return t(texts[rule] ?? 'console_rule_any');
}
