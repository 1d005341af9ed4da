import { inspect } from 'node:util';

/** A secret with a name to report it under. */
export interface Canary {
  readonly name: string;
  readonly value: string;
}

/** Everything in a value as bytes one could search: members, buffers, also what JSON would leave out. */
export function flattened(value: unknown): Buffer {
  const buffers: Buffer[] = [];
  const collect = (part: unknown): void => {
    if (part instanceof ArrayBuffer) buffers.push(Buffer.from(part));
    else if (ArrayBuffer.isView(part))
      buffers.push(Buffer.from(part.buffer, part.byteOffset, part.byteLength));
    else if (typeof part === 'object' && part !== null) Object.values(part).forEach(collect);
    else if (typeof part === 'string') buffers.push(Buffer.from(part));
  };
  collect(value);
  const shown = inspect(value, {
    depth: 20,
    showHidden: true,
    maxArrayLength: null,
    maxStringLength: null,
    compact: false,
  });
  return Buffer.concat([
    ...buffers.flatMap((bytes) => [bytes, Buffer.from('\n')]),
    Buffer.from(shown),
  ]);
}

/** The names of those canaries that occur as UTF-8, UTF-16, hex or base64 at any alignment. */
export function leaks(value: unknown, canaries: readonly Canary[]): string[] {
  const haystack = flattened(value);
  return canaries
    .filter((canary) => shapes(canary.value).some((shape) => haystack.includes(shape)))
    .map(({ name }) => name);
}

function shapes(text: string): Buffer[] {
  const bytes = Buffer.from(text);
  const aligned = [0, 1, 2].flatMap((before) => {
    const padded = Buffer.concat([Buffer.alloc(before), bytes])
      .toString('base64')
      .replace(/=+$/u, '');
    // The first and the last characters depend on what is around.
    const middle = padded.slice(before === 0 ? 0 : 4, -4);
    return [middle, middle.replaceAll('+', '-').replaceAll('/', '_')];
  });
  return [
    bytes,
    Buffer.from(text, 'utf16le'),
    ...[bytes.toString('hex'), ...aligned].map((shape) => Buffer.from(shape)),
  ];
}
