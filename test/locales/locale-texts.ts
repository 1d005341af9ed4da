import { globSync, readFileSync } from 'node:fs';
import path from 'node:path';

/** One text of a `messages.json`. */
export interface Text {
  readonly message: string;
  /** For translators; in English only. */
  readonly description?: string;
}

/** The texts of a language by their keys. */
export type Texts = Readonly<Record<string, Text>>;

const folder = path.resolve(import.meta.dirname, '../../extension/public/_locales');

/** The folders of the languages, such as `de` or `pt_BR`. */
export const locales = globSync('*/messages.json', { cwd: folder })
  .map((file) => path.dirname(file))
  .sort();

/** The languages that are translated: all but English. */
export const translations = locales.filter((locale) => locale !== 'en');

export function textsOf(locale: string): Texts {
  return JSON.parse(readFileSync(path.join(folder, locale, 'messages.json'), 'utf8')) as Texts;
}

/** The BCP 47 tag of a folder's name. */
export function tagOf(locale: string): string {
  return locale.replace('_', '-');
}

/** The keys that a language has to have: those of English, and of a text that counts one for each plural form of the language. */
export function wantedKeys(locale: string, english: Texts): string[] {
  const { pluralCategories } = new Intl.PluralRules(tagOf(locale)).resolvedOptions();
  return Object.keys(english).flatMap((key) => {
    if (!isCounting(key, english)) return key;
    const stem = key.replace(/_other$/u, '');
    return key === stem ? [] : pluralCategories.map((form) => `${stem}_${form}`);
  });
}

/** The key of the English text that a text translates. */
export function englishKeyOf(key: string, english: Texts): string {
  return key in english ? key : key.replace(/_[a-z]+$/u, '_other');
}

/** What is filled into a text: `$1`, `$2` …, each once. */
export function substitutionsOf({ message }: Text): string[] {
  return [...new Set(message.match(/\$\d/gu))].sort();
}

function isCounting(key: string, english: Texts): boolean {
  return key.replace(/_(?:one|other)$/u, '_other') in english && /_(?:one|other)$/u.test(key);
}
