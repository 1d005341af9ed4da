/** How many times the servers on the way to the product may decode a text before they interpret it. */
const decodingRounds = 3;

/** Encodings of ASCII that only some servers decode: overlong UTF-8, and `%uXXXX`. */
const otherEncodings = /%(?:c[01]|e0%[89]|f[08c]%8|u[\da-f]{4})/iu;

const utf8Sequence =
  /%[0-7][\da-f]|%[cd][\da-f]%[89ab][\da-f]|%e[\da-f](?:%[89ab][\da-f]){2}|%f[0-7](?:%[89ab][\da-f]){3}/giu;

/** ASCII without a percent sign: nothing in it is decoded or converted. */
const plainAscii = /^(?:(?!%)\p{ASCII})*$/u;

/**
 * Every text that a server may read in place of this one: after any number of decodings, each with and without the
 * conversion of full-width characters to ASCII. Undefined when the text is encoded more often than any legitimate one,
 * or in an encoding that servers read differently.
 */
export function encodedForms(text: string): readonly string[] | undefined {
  if (plainAscii.test(text)) return [text];
  const forms = new Set<string>();
  let latest = [text];
  for (let round = 0; round <= decodingRounds + 1; round += 1) {
    const unknown = latest
      .flatMap((form) => [form, form.normalize('NFKC')])
      .filter((form) => !forms.has(form));
    if (unknown.length === 0) return [...forms];
    if (unknown.some((form) => otherEncodings.test(form))) return undefined;
    for (const form of unknown) forms.add(form);
    latest = unknown.map(decodeOnce);
  }
  return undefined;
}

/** A `%` that begins no encoding is data and is kept, e.g. the one in `cpu%`. */
function decodeOnce(text: string): string {
  return text.replaceAll(utf8Sequence, (sequence) => {
    try {
      return decodeURIComponent(sequence);
    } catch {
      // An encoded surrogate.
      return sequence;
    }
  });
}
