import { message } from '#browser/i18n.ts';
import type { FieldProblemName } from '#core/values/fault.ts';
import { languageOf, nameOrder } from '#core/values/name-order.ts';
import { visibleText } from '#core/values/visible-text.ts';
import type english from '../public/_locales/en/messages.json';

/** The key of a text in `_locales`; a key that English lacks is a type error. */
export type MessageKey = keyof typeof english;

/** The stem of a text with plural forms, whose keys end in `_one` and `_other`. */
type CountKey = MessageKey extends infer Key
  ? Key extends `${infer Stem}_other`
    ? Stem
    : never
  : never;

/** A text in the person's language. In what is filled in, characters that are not seen are shown by their number. */
export function t(key: MessageKey, ...substitutions: readonly string[]): string {
  return message(key, ...substitutions.map(visibleText));
}

/** The text for the problem of a field; undefined without a problem. */
export function problemText(problem: FieldProblemName | undefined): string | undefined {
  return problem === undefined ? undefined : t(`problem_${problem}`);
}

/** A text with plural forms; the number is its first substitution. */
export function tCount(key: CountKey, count: number): string {
  const form = new Intl.PluralRules(language()).select(count);
  const number = numberText(count);
  return message(`${key}_${form}`, number) || t(`${key}_other`, number);
}

/** Two sentences, the second one after the first. */
export function sentences(first: string, second: string): string {
  return t('two_sentences', first, second);
}

/** A number in the language of the texts. */
export function numberText(number: number): string {
  return new Intl.NumberFormat(language()).format(number);
}

/** See {@link languageOf}. */
export function language(): string {
  return languageOf(message);
}

/** A date and time in the language of the texts. */
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

/** A number, with one decimal at most, and its unit: `30 days`. */
export function unitText(
  number: number,
  unit: string,
  unitDisplay: 'long' | 'short' = 'long',
): string {
  const style = { style: 'unit', unit, unitDisplay, maximumFractionDigits: 1 } as const;
  return new Intl.NumberFormat(language(), style).format(number);
}

/** A duration in the largest unit of which it has two or more: `90 seconds`, `10 minutes`. */
export function timeSpan(spanMs: number): string {
  const [unit, unitMs] = spanUnits.find(([, ms]) => spanMs >= 2 * ms) ?? ['second', 1000];
  return unitText(Math.round(spanMs / unitMs), unit);
}

/** How long something took: `120 ms`, `1.5 sec`. */
export function tookText(tookMs: number): string {
  const isLong = tookMs >= 1000;
  return isLong
    ? unitText(tookMs / 1000, 'second', 'short')
    : unitText(Math.round(tookMs), 'millisecond', 'short');
}

/** A number of bytes: `1,234 bytes`. */
export function bytesText(bytes: number): string {
  return unitText(bytes, 'byte');
}

/** A number of bytes in thousands: `12.3 kB`. */
export function kilobytesText(bytes: number): string {
  return unitText(bytes / 1000, 'kilobyte', 'short');
}

/** Several names as part of a sentence: `a, b and c`. */
export function listed(names: readonly string[]): string {
  return new Intl.ListFormat(language(), { type: 'conjunction' }).format(names);
}

/** The entries in the order of their names. */
export function sortedByName<Entry>(
  entries: readonly Entry[],
  nameOf: (entry: Entry) => string,
): Entry[] {
  const order = nameOrder(language);
  return [...entries].sort((one, other) => order(nameOf(one), nameOf(other)));
}
