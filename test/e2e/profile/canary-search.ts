/** A random text that must not be where it is looked for; with a label, for a failure must not print a secret. */
export interface Canary {
  readonly label: string;
  /** 40 characters or more of ASCII. */
  readonly text: string;
}

/** In which writing a canary was found. */
type Encoding = 'UTF-8' | 'UTF-16LE' | 'base64' | 'base64 in UTF-16LE';

/** Half a canary in one writing. */
interface Needle {
  readonly label: string;
  readonly encoding: Encoding;
  readonly bytes: Buffer;
}

/** Halves of this length are never met by chance, and one of them stays whole where a page or a record splits the canary. */
const shortestHalf = 20;

/** Looks for canaries in bytes or in text; answers `label (encoding)` of each that is there. */
export function createSearch(
  canaries: readonly Canary[],
): (haystack: Uint8Array | string) => string[] {
  const scan = createScan(canaries.flatMap(needlesOf));
  return (haystack) => {
    const bytes =
      typeof haystack === 'string'
        ? Buffer.from(haystack, 'utf8')
        : Buffer.from(haystack.buffer, haystack.byteOffset, haystack.byteLength);
    const found = scan(bytes);
    return [...new Set(found.map(({ label, encoding }) => `${label} (${encoding})`))].sort();
  };
}

/** The needles that bytes contain, in one pass: a table of all beginnings of three bytes tells where to look closer. */
function createScan(needles: readonly Needle[]): (bytes: Buffer) => Needle[] {
  const isBeginning = new Uint8Array(1 << 24);
  const beginningWith = new Map<number, Needle[]>();
  for (const needle of needles) {
    const beginning = needle.bytes.readUIntBE(0, 3);
    isBeginning[beginning] = 1;
    beginningWith.set(beginning, [...(beginningWith.get(beginning) ?? []), needle]);
  }
  return (bytes) => {
    const found = new Set<Needle>();
    let window = 0;
    for (let at = 0; at < bytes.length; at += 1) {
      window = ((window << 8) | (bytes[at] ?? 0)) & 0xffffff;
      if (isBeginning[window] === 0 || at < 2) continue;
      for (const needle of beginningWith.get(window) ?? [])
        if (isAt(bytes, at - 2, needle.bytes)) found.add(needle);
    }
    return [...found];
  };
}

function isAt(bytes: Buffer, at: number, needle: Buffer): boolean {
  return (
    bytes.compare(needle, 0, needle.length, at, Math.min(at + needle.length, bytes.length)) === 0
  );
}

function needlesOf({ label, text }: Canary): Needle[] {
  const half = Math.floor(text.length / 2);
  if (half < shortestHalf) throw new Error(`the canary ${label} is too short to mean anything`);
  return [text.slice(0, half), text.slice(half)].flatMap((part) => [
    { label, encoding: 'UTF-8', bytes: Buffer.from(part, 'utf8') },
    { label, encoding: 'UTF-16LE', bytes: Buffer.from(part, 'utf16le') },
    // Firefox stores a text of its own making in two bytes per character, ASCII or not.
    ...base64Needles(part).flatMap((written): Needle[] => [
      { label, encoding: 'base64', bytes: Buffer.from(written, 'ascii') },
      { label, encoding: 'base64 in UTF-16LE', bytes: Buffer.from(written, 'utf16le') },
    ]),
  ]);
}

/** What a text looks like inside a longer base64 or base64url text, wherever it begins: three alignments, two alphabets. */
function base64Needles(part: string): string[] {
  const written = [0, 1, 2].flatMap((before) => {
    const bytes = Buffer.concat([Buffer.alloc(before), Buffer.from(part, 'utf8')]);
    // Characters that share bits with a neighbour are left out.
    const from = [0, 2, 3][before] ?? 0;
    const to = Math.floor((bytes.length * 8) / 6);
    return (['base64', 'base64url'] as const).map((alphabet) =>
      bytes.toString(alphabet).slice(from, to),
    );
  });
  return [...new Set(written)];
}
