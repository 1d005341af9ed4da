/** Where a text stops being JSON. Both are counted from 1; a column is a UTF-16 code unit. */
export interface JsonProblem {
  readonly line: number;
  readonly column: number;
}

/** Where a text stops being JSON; undefined when it is JSON. */
export function jsonProblem(text: string): JsonProblem | undefined {
  try {
    JSON.parse(text);
    return undefined;
  } catch {
    // Browsers name the place in different words, or not at all.
    const offset = scanJson(text, () => undefined) ?? text.length;
    const before = text.slice(0, offset).split('\n');
    return { line: before.length, column: (before.at(-1)?.length ?? 0) + 1 };
  }
}

/**
 * JSON with one member a line, two spaces for each level. Strings and numbers stay as they are written, so that long numbers
 * keep their digits. Undefined for a text that is not JSON.
 */
export function formattedJson(text: string): string | undefined {
  const parts: string[] = [];
  let depth = 0;
  let before = '';
  const newLine = (): string => `\n${'  '.repeat(depth)}`;
  const offset = scanJson(text, (token) => {
    const isEmpty = before === '{' || before === '[';
    if (token === '}' || token === ']') {
      depth -= 1;
      parts.push(isEmpty ? '' : newLine(), token);
    } else if (token === ',' || token === ':') parts.push(token === ':' ? ': ' : ',');
    else parts.push(isEmpty || before === ',' ? newLine() : '', token);
    if (token === '{' || token === '[') depth += 1;
    before = token;
  });
  return offset === undefined ? parts.join('') : undefined;
}

const tokenPattern =
  /[ \t\n\r]*(?:([{}[\],:])|("(?:[^"\\\p{Cc}]|[\x7F-\x9F]|\\(?:["\\/bfnrt]|u[\da-fA-F]{4}))*")|(-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?|true|false|null)(?![\w.+-]))/uy;
const spaces = /[ \t\n\r]*/uy;

/** What may come next. */
type Expected = 'value' | 'value-or-end' | 'key' | 'key-or-end' | 'colon' | 'comma-or-end';

/** Reads a text token by token. @returns the offset where it stops being JSON; undefined when it is JSON */
function scanJson(text: string, onToken: (token: string) => void): number | undefined {
  const open: string[] = [];
  let expected: Expected = 'value';
  let isDone = false;
  let at = 0;
  for (;;) {
    spaces.lastIndex = at;
    spaces.test(text);
    const start = spaces.lastIndex;
    if (start >= text.length) return isDone ? undefined : text.length;
    tokenPattern.lastIndex = start;
    const [token, sign, string] = tokenPattern.exec(text) ?? [];
    if (token === undefined || isDone) return start;
    const next = following({ sign, isString: string !== undefined, expected, open });
    if (next === undefined) return start;
    isDone = next === 'done';
    if (next !== 'done') expected = next;
    onToken(token);
    at = tokenPattern.lastIndex;
  }
}

interface Token {
  readonly sign: string | undefined;
  readonly isString: boolean;
  readonly expected: Expected;
  /** The brackets that are open, which this token may change. */
  readonly open: string[];
}

/** What may follow a token; undefined when the token itself may not be there. */
function following({ sign, isString, expected, open }: Token): Expected | 'done' | undefined {
  const ended = (): Expected | 'done' => (open.length === 0 ? 'done' : 'comma-or-end');
  const isValue = expected === 'value' || expected === 'value-or-end';
  if (sign === undefined) {
    if (isValue) return ended();
    return isString && expected.startsWith('key') ? 'colon' : undefined;
  }
  if (sign === ':') return expected === 'colon' ? 'value' : undefined;
  if (sign === ',') {
    if (expected !== 'comma-or-end') return undefined;
    return open.at(-1) === '{' ? 'key' : 'value';
  }
  if (sign === '{' || sign === '[') {
    if (!isValue) return undefined;
    open.push(sign);
    return sign === '{' ? 'key-or-end' : 'value-or-end';
  }
  const isEndAllowed = expected.endsWith('-or-end') && open.at(-1) === (sign === '}' ? '{' : '[');
  if (!isEndAllowed) return undefined;
  open.pop();
  return ended();
}
