import { joinBytes } from '#core/values/bytes.ts';
import { maxConsoleBytes, type ConsoleResponse } from '#wire/console.ts';

/** The body of a response, as far as it was read. */
export interface ReceivedBody {
  readonly pieces: readonly Uint8Array<ArrayBuffer>[];
  /** Whether the response has no further bytes. */
  readonly isComplete: boolean;
  readonly contentType: string | undefined;
}

/** What the console shows of a body: its beginning as text, or only that it is no text. */
export function shownBody({
  pieces,
  isComplete,
  contentType,
}: ReceivedBody): Pick<ConsoleResponse, 'text' | 'bodyBytes' | 'isTruncated'> {
  const all = joinBytes(pieces);
  const bytes = all.subarray(0, maxConsoleBytes);
  const isTruncated = !isComplete || all.length > bytes.length;
  const text = decoded(bytes, contentType, isTruncated);
  return { bodyBytes: bytes.length, isTruncated, ...(text === undefined ? {} : { text }) };
}

const charset = /;\s*charset\s*=\s*"?([^\s;"]+)/iu;

/** The text; undefined for bytes that are none in their character encoding, which is UTF-8 unless the type names another. */
function decoded(
  bytes: Uint8Array<ArrayBuffer>,
  contentType: string | undefined,
  isTruncated: boolean,
): string | undefined {
  const [, label = 'utf-8'] = charset.exec(contentType ?? '') ?? [];
  try {
    // The last character may be cut.
    const text = decoderOf(label).decode(bytes, { stream: isTruncated });
    return text.includes('\0') ? undefined : text;
  } catch {
    return undefined;
  }
}

function decoderOf(label: string): TextDecoder {
  try {
    return new TextDecoder(label, { fatal: true });
  } catch {
    // An encoding that browsers do not know.
    return new TextDecoder('utf-8', { fatal: true });
  }
}
