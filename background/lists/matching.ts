import { maxRows, type Listed } from '#wire/list-views.ts';

/** Which part of a list is wanted. */
export interface WantedPart {
  /** Words, all of which must occur, regardless of case and accents; empty for the whole list. */
  readonly filter: string;
  /** The index of the first row. */
  readonly offset: number;
  /** How many rows, {@link maxRows} at most. */
  readonly limit: number;
}

/** A text as it is searched: without case, accents and compatibility forms. */
export function searchText(...parts: readonly (string | undefined)[]): string {
  return parts
    .filter((part) => part !== undefined && part !== '')
    .join(' ')
    .normalize('NFKD')
    .replaceAll(/\p{M}/gu, '')
    .toLowerCase();
}

/** The words of a filter. */
export function wordsOf(filter: string): readonly string[] {
  return searchText(filter)
    .split(/\s+/u)
    .filter((word) => word !== '');
}

/** Those of the words that a text, which was made by {@link searchText}, does not contain. */
export function wordsLacking(words: readonly string[], text: string): readonly string[] {
  return words.filter((word) => !text.includes(word));
}

/** Whether a text contains all words. */
export function containsAll(text: string, words: readonly string[]): boolean {
  for (const word of words) if (!text.includes(word)) return false;
  return true;
}

/** The wanted part of a list. */
export function partOf<Entry>(
  total: number,
  matching: readonly Entry[],
  { offset, limit }: WantedPart,
): Listed<Entry> {
  const rows = matching.slice(offset, offset + Math.min(limit, maxRows));
  return { total, matching: matching.length, rows };
}

/** The wanted part of a list, its entries made into rows. */
export function listed<Entry, Row>(
  total: number,
  matching: readonly Entry[],
  wanted: WantedPart,
  toRow: (entry: Entry) => Row,
): Listed<Row> {
  const { rows, ...counts } = partOf(total, matching, wanted);
  return { ...counts, rows: rows.map(toRow) };
}
