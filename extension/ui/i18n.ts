import { message } from '../browser/i18n.ts';
import type english from '../public/_locales/en/messages.json';

/** The name of a text in `_locales`; one that English lacks does not compile. */
export type MessageKey = keyof typeof english;

/** A text that has a form per number: its keys end in `_one` and `_other`. */
type CountKey = MessageKey extends infer Key
  ? Key extends `${infer Stem}_other`
    ? Stem
    : never
  : never;

/** A text in the person's language. */
export function t(key: MessageKey, ...substitutions: readonly string[]): string {
  return message(key, ...substitutions);
}

/** A text that depends on a number, which is its first substitution. */
export function tCount(key: CountKey, count: number): string {
  const form = new Intl.PluralRules(language()).select(count);
  const number = new Intl.NumberFormat(language()).format(count);
  return message(`${key}_${form}`, number) || t(`${key}_other`, number);
}

/** The language that the texts are in, which need not be the browser's own. */
export function language(): string {
  return t('language_tag');
}

/** A day and time for reading. */
export function dateTime(instantMs: number): string {
  return new Intl.DateTimeFormat(language(), { dateStyle: 'medium', timeStyle: 'short' }).format(
    instantMs,
  );
}

const spanUnits = [
  ['day', 86_400_000],
  ['hour', 3_600_000],
  ['minute', 60_000],
] as const;

/** A length of time for reading, in the largest unit of which it has two or more: `90 seconds`, `10 minutes`. */
export function timeSpan(spanMs: number): string {
  const [unit, unitMs] = spanUnits.find(([, ms]) => spanMs >= 2 * ms) ?? ['second', 1000];
  const style = { style: 'unit', unit, unitDisplay: 'long' } as const;
  return new Intl.NumberFormat(language(), style).format(Math.round(spanMs / unitMs));
}

/** Some names in one sentence: `a, b and c`. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat(language(), { type: 'conjunction' }).format(names);
}
