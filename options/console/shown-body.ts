import { formattedJson } from './json-text.ts';

/** A longer text is shown as it came: formatting it would hold up the page. In UTF-16 code units. */
export const maxFormattedLength = 500_000;
/** The length of one piece; the browser lays out only those that are seen. */
const pieceLength = 8192;

/** How the body of a response is shown. */
export interface ShownBody {
  /** Together the text. */
  readonly pieces: readonly string[];
  readonly isFormatted: boolean;
  readonly isJson: boolean;
}

const jsonType = /^[^;]*[/+]json\b/iu;

/** @param contentType - of the response; JSON is formatted also without one */
export function shownBody(text: string, contentType: string | undefined): ShownBody {
  const isJson = jsonType.test(contentType ?? 'application/json');
  const formatted = isJson && text.length <= maxFormattedLength ? formattedJson(text) : undefined;
  return { pieces: piecesOf(formatted ?? text), isFormatted: formatted !== undefined, isJson };
}

/** Pieces that end with a line where that is possible, and never within a character. */
function piecesOf(text: string): string[] {
  const pieces: string[] = [];
  for (let start = 0; start < text.length;) {
    const end = endOfPiece(text, start);
    pieces.push(text.slice(start, end));
    start = end;
  }
  return pieces;
}

function endOfPiece(text: string, start: number): number {
  const limit = start + pieceLength;
  if (limit >= text.length) return text.length;
  // Not in the whole text, which may have no line end before.
  const line = text.slice(start, limit).lastIndexOf('\n');
  if (line >= 0) return start + line + 1;
  const isWithinCharacter = /[\uD800-\uDBFF]/u.test(text.charAt(limit - 1));
  return isWithinCharacter ? limit - 1 : limit;
}
