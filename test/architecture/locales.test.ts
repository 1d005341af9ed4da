import { describe, expect, it } from 'vitest';
import { consoleUrlProblems } from '../../extension/core/import/console-url.ts';
import { postmanProblems } from '../../extension/core/import/postman/collection.ts';
import { postmanWarnings } from '../../extension/core/import/postman/field-reader.ts';
import { discoveryProblems } from '../../extension/core/protocol/discovery-result.ts';
import { classicScopes, scopeName } from '../../extension/core/provider/scope-catalogue.ts';
import { fieldProblemNames, ownPageFaultCodes } from '../../extension/core/values/fault.ts';
import { pageFaultCodes } from '../../extension/core/values/page-fault.ts';
import { settingFields, settingNames } from '../../extension/core/values/settings.ts';
import { sourceProblems } from '../../options/import/import-source.ts';
import {
  englishKeyOf,
  locales,
  substitutionsOf,
  tagOf,
  textsOf,
  translations,
  wantedKeys,
} from '../locales/locale-texts.ts';
import { pseudoTexts } from '../locales/pseudo-locale.ts';
import { packagedText, targets } from '../tools/package-graph.ts';
import { sources, sourceText } from './imports.ts';
import { piecesIn } from './text-pieces.ts';

const english = textsOf('en');
const keys = Object.keys(english);
const code = sources.map(sourceText).join('\n');

/** The units that follow a number or a time; a switch and a choice have none. */
const units = [...new Set(settingNames.map((name) => settingFields[name].unit))].filter(
  (unit) => unit !== 'switch' && unit !== 'choice',
);

/** The keys `prefix_…` and what they must be: the compiler sees that one is missing, not that one is left over. */
const families: readonly (readonly [prefix: string, members: readonly string[]])[] = [
  ['fault_', [...pageFaultCodes, ...ownPageFaultCodes]],
  ['problem_', fieldProblemNames],
  ['console_url_', consoleUrlProblems],
  ['discovery_', discoveryProblems],
  ['import_problem_', [...postmanProblems, ...sourceProblems]],
  ['postman_warning_', postmanWarnings],
  ['setting_', settingNames],
  ['help_', settingNames],
  ['unit_', units],
  ['scope_description_', classicScopes.map(({ scope }) => scopeName(scope))],
];

describe('texts', () => {
  it.each(families)('has %s for every member and for nothing else', (prefix, members) => {
    const found = keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    expect(found.sort()).toEqual([...members].sort());
  });

  it('have one spelling of each word', () => {
    const british = /\b\w*(?:organis|synchronis|recognis|authoris)\w*/giu;
    const found = Object.values(english).flatMap(({ message }) => message.match(british) ?? []);
    expect(found).toEqual([]);
  });

  it('is asked only for keys that exist', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/gu)].map(([, key = '']) => key);
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('is written in one language with its dates, numbers and lists', () => {
    const formats = [...code.matchAll(/new Intl\.(?!Segmenter)\w+\((?!language\(\))[^)]*\)/gu)];
    expect(formats.map(([format]) => format)).toEqual([]);
    expect(code).not.toMatch(/\.(?:toLocale\w*String|localeCompare)\(/u);
  });

  it('has both forms of every text that counts', () => {
    const counted = [...code.matchAll(/\btCount\(\s*'([^']+)'/gu)].map(([, stem = '']) => stem);
    const forms = counted.flatMap((stem) => [`${stem}_one`, `${stem}_other`]);
    expect(forms.filter((key) => !keys.includes(key))).toEqual([]);
    const counting = keys.filter((key) => key.endsWith('_other'));
    expect(counting.filter((key) => !forms.includes(key))).toEqual([]);
  });

  it.each(targets)('has every text that the %s manifest names', (target) => {
    const named = [...packagedText(target, 'manifest.json').matchAll(/__MSG_(\w+)__/gu)].map(
      ([, key = '']) => key,
    );
    expect(named.length).toBeGreaterThan(1);
    expect(named.filter((key) => !keys.includes(key))).toEqual([]);
  });

  it('has whole sentences: none is built from several texts', () => {
    const shown = sources.filter(
      (file) =>
        /^(?:options|popup|extension\/ui|background)\//u.test(file) &&
        // A report is in English, in whatever language the browser is.
        file !== 'options/about/diagnostics.ts',
    );
    const built = shown.flatMap((file) =>
      piecesIn(file, sourceText(file)).map((piece) => `${file}:${piece}`),
    );
    expect(built).toEqual([]);
  });

  it.each([
    "const text = t('a') + name;",
    "const text = `${t('a')}: ${name}`;",
    "const text = `${t('a')} ${tCount('b', 2)}`;",
    "const text = names.map((name) => t(name)).join(', ');",
    "const text = <p>{t('a')}{', '}{name}</p>;",
    '<p>Words of a text</p>;',
    "const text = [account, client].join(', ');",
    '<Button aria-label="Words of a text" />;',
  ])('recognizes a sentence that is built: %s', (line) => {
    expect(piecesIn('line.tsx', line)).toHaveLength(1);
  });
});

describe.each(locales)('the texts in %s', (locale) => {
  const texts = textsOf(locale);

  it('name their language, and are short enough for the manifest', () => {
    expect(texts['language_tag']?.message).toBe(tagOf(locale));
    expect((texts['extension_name']?.message ?? '').length).toBeLessThanOrEqual(45);
    // Chrome's store takes no longer one.
    expect((texts['extension_description']?.message ?? '').length).toBeLessThanOrEqual(132);
  });

  it('have no $1 right before another one, which browsers take for the name of a placeholder', () => {
    // Chromium does not load an extension with such a text.
    const refused = Object.values(texts).filter(({ message }) => /\$[\w@]+\$/u.test(message));
    expect(refused).toEqual([]);
  });

  it('begin and end with a word or a mark that ends a sentence, and have no white space beside a single space', () => {
    const untidy = Object.entries(texts).filter(
      ([, { message }]) => /^[\s,;:.]|[\s,;、]$|\s\s|[^\S ]/u.test(message) || message === '',
    );
    expect(untidy).toEqual([]);
  });

  it('have the typographic apostrophe and quotation marks', () => {
    expect(Object.values(texts).filter(({ message }) => /['"]/u.test(message))).toEqual([]);
  });
});

describe.each(translations)('the translation to %s', (locale) => {
  const texts = textsOf(locale);

  it('has every text of English in every plural form of the language, and no other', () => {
    expect(Object.keys(texts).sort()).toEqual(wantedKeys(locale, english).sort());
  });

  it('fills in what English fills in', () => {
    const different = Object.entries(texts).filter(([key, text]) => {
      const original = english[englishKeyOf(key, english)];
      return original && String(substitutionsOf(text)) !== String(substitutionsOf(original));
    });
    expect(different).toEqual([]);
  });

  it('quotes a button as the button is named', () => {
    const wrong = Object.entries(texts).filter(([key, { message }]) =>
      quoted(english[englishKeyOf(key, english)]?.message ?? '').some((name) => {
        const named = keys.filter((one) => english[one]?.message === name);
        const names = named.flatMap((one) => texts[one]?.message ?? []);
        // A name of Atlassian's console stays as it is.
        return names.length > 0 && ![name, ...names].some((one) => quoted(message).includes(one));
      }),
    );
    expect(wrong).toEqual([]);
  });
});

function quoted(message: string): string[] {
  return [...message.matchAll(/[“„「]([^”“」]+)[”“」]/gu)].map(([, name = '']) => name);
}

it('makes a pseudo-locale that is about 40 % longer and fills in the same', () => {
  const pseudo = pseudoTexts(english);
  expect(pseudo['this_hour']?.message).toBe('⟦Ţĥîîš ĥööûûŕ: $1⟧');
  expect(pseudo['console_curl_copied']?.message).toContain('$TOKEN');
  const length = (texts: typeof english): number =>
    Object.values(texts).reduce((sum, { message }) => sum + message.length, 0);
  expect(length(pseudo) / length(english)).toBeGreaterThan(1.35);
  expect(Object.keys(pseudo)).toEqual(keys);
});
