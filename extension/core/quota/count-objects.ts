/** No response of Atlassian's has more objects: a search returns 5000. */
export const maxObjects = 10_000;
/** How much of a body is scanned, in bytes; the rest is estimated from it. */
export const maxScannedBytes = 65_536;

const [quote, backslash, comma] = [0x22, 0x5c, 0x2c];
const [openBracket, closeBracket, openBrace, closeBrace] = [0x5b, 0x5d, 0x7b, 0x7d];
/** The first of its three bytes in UTF-8. */
const byteOrderMark = 0xef;

/** The members of a response of Atlassian's APIs whose array has the objects that it returns. */
const listNames = new Set([
  'issues',
  'values',
  'results',
  'comments',
  'worklogs',
  'histories',
  'changelogs',
  'transitions',
  'users',
  'groups',
  'projects',
  'boards',
  'sprints',
  'items',
  'records',
]);

/**
 * The objects that a JSON body returns: the elements of its array, or of the first member that lists what was asked for;
 * 1 for any other value. Only the structure is looked at.
 * @param bytes the beginning of the body
 * @param totalBytes the length of the whole body
 */
export function countObjects(bytes: Uint8Array, totalBytes: number): number {
  const list = scan(bytes);
  if (list === undefined) return 1;
  const { elements, isComplete } = list;
  const estimate = isComplete ? elements : Math.round((elements * totalBytes) / bytes.length);
  return Math.min(estimate, maxObjects);
}

/** The first array of the body that lists something; undefined for none. */
function scan(
  bytes: Uint8Array,
): { readonly elements: number; readonly isComplete: boolean } | undefined {
  let depth = 0;
  // The depth of the elements of the list, when it has begun; and how many have.
  let listDepth: number | undefined;
  let elements = 0;
  let isEmpty = true;
  let name = '';
  for (let at = bytes[0] === byteOrderMark ? 3 : 0; at < bytes.length; at += 1) {
    const byte = bytes[at] ?? 0;
    if (byte <= 0x20) continue;
    if (depth === listDepth && byte !== closeBracket && isEmpty) {
      isEmpty = false;
      elements = 1;
    }
    switch (byte) {
      case quote: {
        const end = endOfText(bytes, at + 1);
        if (depth === 1 && listDepth === undefined) name = textOf(bytes, at + 1, end);
        at = end;
        break;
      }
      case openBracket:
      case openBrace:
        depth += 1;
        if (byte === openBracket && listDepth === undefined)
          if (depth === 1 || (depth === 2 && listNames.has(name))) listDepth = depth;
        break;
      case closeBracket:
      case closeBrace:
        if (depth === listDepth) return { elements, isComplete: true };
        depth -= 1;
        break;
      case comma:
        if (depth === listDepth) elements += 1;
        break;
      default:
        // Not JSON, or a value that is neither an object nor an array.
        if (depth === 0) return undefined;
    }
  }
  return listDepth === undefined ? undefined : { elements, isComplete: false };
}

/** The position of the quotation mark that ends a text, or the end of the bytes. */
function endOfText(bytes: Uint8Array, start: number): number {
  for (let at = start; at < bytes.length; at += 1) {
    const byte = bytes[at];
    if (byte === quote) return at;
    // The next one is escaped.
    if (byte === backslash) at += 1;
  }
  return bytes.length;
}

/** A name that may be in the table, else empty. */
function textOf(bytes: Uint8Array, start: number, end: number): string {
  return end - start > 16 ? '' : String.fromCharCode(...bytes.subarray(start, end));
}
