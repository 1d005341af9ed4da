import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { consoleUrlProblems } from '../../extension/core/import/console-url.ts';
import { postmanProblems } from '../../extension/core/import/postman/collection.ts';
import { postmanWarnings } from '../../extension/core/import/postman/field-reader.ts';
import { discoveryProblems } from '../../extension/core/protocol/discovery-result.ts';
import { fieldProblemNames, ownPageFaultCodes } from '../../extension/core/values/fault.ts';
import { pageFaultCodes } from '../../extension/core/values/page-fault.ts';
import { settingFields, settingNames } from '../../extension/core/values/settings.ts';
import { sourceProblems } from '../../options/import/import-source.ts';
import { packagedText, targets } from '../tools/package-graph.ts';
import { root, sources, sourceText } from './imports.ts';

interface Text {
  readonly message: string;
  readonly description?: string;
}

const folder = 'extension/public/_locales';

function textsOf(locale: string): Record<string, Text> {
  return JSON.parse(readFileSync(join(root, folder, locale, 'messages.json'), 'utf8')) as Record<
    string,
    Text
  >;
}

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
];

describe('texts', () => {
  it.each(families)('has %s for every member and for nothing else', (prefix, members) => {
    const found = keys
      .filter((key) => key.startsWith(prefix))
      .map((key) => key.slice(prefix.length));
    expect(found.sort()).toEqual([...members].sort());
  });

  it('is asked only for keys that exist', () => {
    const asked = [...code.matchAll(/\bt\(\s*'([^']+)'/gu)].map(([, key = '']) => key);
    expect(asked.length).toBeGreaterThan(50);
    expect(asked.filter((key) => !keys.includes(key))).toEqual([]);
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

  it('has the same keys and substitutions in every language', () => {
    const shape = (texts: Record<string, Text>): Record<string, string[]> =>
      Object.fromEntries(
        Object.entries(texts).map(([key, { message }]) => [
          key,
          (message.match(/\$\d/gu) ?? []).sort(),
        ]),
      );
    for (const file of globSync('*/messages.json', { cwd: join(root, folder) })) {
      const locale = file.split(/[/\\]/u)[0] ?? '';
      expect(shape(textsOf(locale)), locale).toEqual(shape(english));
    }
  });
});
