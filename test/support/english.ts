import english from '../../extension/public/_locales/en/messages.json' with { type: 'json' };

const texts: Readonly<Record<string, { readonly message: string } | undefined>> = english;

/** Stands in for `extension/browser/i18n.ts`: the English texts, filled in as browsers do. */
export function message(key: string, ...substitutions: string[]): string {
  const text = texts[key]?.message ?? '';
  return text.replaceAll(/\$(\d)/gu, (_, at: string) => substitutions[Number(at) - 1] ?? '');
}
