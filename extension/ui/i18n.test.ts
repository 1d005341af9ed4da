import { expect, it, vi } from 'vitest';
import { textsOf } from '../../test/locales/locale-texts.ts';
import {
  bytesText,
  dateTime,
  kilobytesText,
  listed,
  numberText,
  tCount,
  timeSpan,
  tookText,
} from './i18n.ts';

/** The language of the browser, and the one of the texts that it chooses for it. */
const chosen = { browser: 'en-US', texts: 'en' };

vi.mock('../browser/i18n.ts', () => ({
  message: (key: string, ...substitutions: string[]) => {
    if (key === '@@ui_locale') return chosen.browser.replace('-', '_');
    const text = textsOf(chosen.texts)[key]?.message ?? '';
    return text.replaceAll(/\$(\d)/gu, (_, at: string) => substitutions[Number(at) - 1] ?? '');
  },
}));

it.each([
  [
    ['en-US', 'en'],
    ['Nov 26, 2026, 7:00 PM', '1,234.5', 'a, b, and c', '10 minutes'],
    ['1.5 sec', '1,234 bytes', '12.3 kB', '1 site', '2 sites'],
  ],
  [
    ['en-GB', 'en'],
    ['26 Nov 2026, 19:00', '1,234.5', 'a, b and c', '10 minutes'],
    ['1.5 secs', '1,234 bytes', '12.3 kB', '1 site', '2 sites'],
  ],
  // There are no French texts: all of it is English.
  [
    ['fr-FR', 'en'],
    ['Nov 26, 2026, 7:00 PM', '1,234.5', 'a, b, and c', '10 minutes'],
    ['1.5 sec', '1,234 bytes', '12.3 kB', '1 site', '2 sites'],
  ],
  [
    ['de-AT', 'de'],
    ['26.11.2026, 19:00', '1 234,5', 'a, b und c', '10 Minuten'],
    ['1,5 Sek.', '1 234 Byte', '12,3 kB', '1 Site', '2 Sites'],
  ],
  [
    ['de', 'de'],
    ['26.11.2026, 19:00', '1.234,5', 'a, b und c', '10 Minuten'],
    ['1,5 Sek.', '1.234 Byte', '12,3 kB', '1 Site', '2 Sites'],
  ],
  [
    ['ja-JP-macos', 'ja'],
    ['2026/11/26 19:00', '1,234.5', 'a、b、c', '10 分'],
    ['1.5 秒', '1,234 バイト', '12.3 KB', 'サイト 1 件', 'サイト 2 件'],
  ],
] as const)(
  'writes dates, numbers, lists and plural forms in the language of the texts: %s',
  ([browser, texts], values, amounts) => {
    Object.assign(chosen, { browser, texts });
    const plain = (text: string): string => text.replaceAll(/\s/gu, ' ');
    expect(
      [
        dateTime(new Date(2026, 10, 26, 19).getTime()),
        numberText(1234.5),
        listed(['a', 'b', 'c']),
        timeSpan(600_000),
      ].map(plain),
    ).toEqual(values);
    expect(
      [
        tookText(1500),
        bytesText(1234),
        kilobytesText(12_345),
        tCount('sites_count', 1),
        tCount('sites_count', 2),
      ].map(plain),
    ).toEqual(amounts);
  },
);
