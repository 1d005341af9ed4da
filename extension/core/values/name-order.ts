/** The order of two names, as `Array.prototype.sort` takes it. */
export type NameOrder = (one: string, other: string) => number;

/**
 * The language of the texts, which can differ from the browser's own; with the browser's region if that is in it: `de-AT`.
 * @param message a text of `_locales`
 */
export function languageOf(message: (key: 'language_tag' | '@@ui_locale') => string): string {
  const tag = message('language_tag');
  const ofBrowser = message('@@ui_locale').replaceAll('_', '-');
  return ofBrowser.startsWith(`${tag}-`) ? ofBrowser : tag;
}

/** The order of names that people are shown, in the language of the texts around them; numbers in them by their value. */
export function nameOrder(language: () => string): NameOrder {
  // Made once, when it is first needed: it is costly.
  let collator: Intl.Collator | undefined;
  return (one, other) => {
    collator ??= new Intl.Collator(language(), { numeric: true });
    return collator.compare(one, other);
  };
}
