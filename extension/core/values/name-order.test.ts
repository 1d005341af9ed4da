import { expect, test } from 'vitest';
import { languageOf, nameOrder } from './name-order.ts';

test.each([
  ['en', 'en_US', 'en-US'],
  ['de', 'de_AT', 'de-AT'],
  // There are no Swedish texts.
  ['en', 'sv_SE', 'en'],
])('texts in %s in a browser in %s are %s', (tag, browser, language) => {
  expect(languageOf((key) => (key === 'language_tag' ? tag : browser))).toBe(language);
});

test.each([
  ['en', ['Åsa', 'Site 9', 'Site 10', 'Zoë']],
  ['sv', ['Site 9', 'Site 10', 'Zoë', 'Åsa']],
])('names are in the order of %s, numbers in them by their value', (language, names) => {
  const order = nameOrder(() => language);
  expect(names.toReversed().sort(order)).toEqual(names);
});
