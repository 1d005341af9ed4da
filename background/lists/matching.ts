import { maxRows, type Listed } from '#wire/list-views.ts';

/** Which part of a list is wanted. */
export interface WantedPart {
  /** Words, all of which must occur, regardless of case; empty for the whole list. */
  readonly filter: string;
  /** The index of the first row. */
  readonly offset: number;
  /** How many rows, {@link maxRows} at most. */
  readonly limit: number;
}

/** Whether a text, in lower case, contains all words of a filter. */
export function matcher(filter: string): (text: string) => boolean {
  const words = filter
    .toLowerCase()
    .split(/\s+/u)
    .filter((word) => word !== '');
  return (text) => words.every((word) => text.includes(word));
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
