import type { RawFields } from './collection.ts';

/** A text with its variables resolved, and the names of those that are not defined. */
export interface ResolvedText {
  readonly text: string;
  readonly unresolved: readonly string[];
}

/** The maximum length of the value of a variable, in UTF-16 code units. A longer one counts as not defined. */
const maxValueLength = 65_536;

/** A value as text: exports contain numbers and booleans, too. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/**
 * Replaces variables by their values. A variable that is empty, not defined or defined by itself is not replaced.
 * @param scopes variables; the first scope has precedence
 */
export function resolveText(value: unknown, scopes: readonly RawFields[]): ResolvedText {
  const unresolved = new Set<string>();
  const values = new Map<string, string | undefined>();
  /** The value of a variable. Undefined while it is being resolved, so that a circular definition ends. */
  const valueOf = (name: string): string | undefined => {
    if (values.has(name)) return values.get(name);
    values.set(name, undefined);
    const found = scopes.map((scope) => textOf(scope.get(name))).find((each) => each !== '');
    const text = found === undefined ? undefined : resolved(found);
    if (text !== undefined && text.length <= maxValueLength) values.set(name, text);
    return values.get(name);
  };
  const resolved = (text: string): string =>
    text.replaceAll(/\{\{([^{}]{1,255})\}\}/gu, (written: string, inner: string) => {
      const name = inner.trim();
      const found = valueOf(name);
      if (found === undefined) unresolved.add(name);
      return found ?? written;
    });
  const text = resolved(textOf(value)).trim();
  return { text, unresolved: [...unresolved] };
}

/** Whether a text contains a variable. */
export function hasVariable(text: string): boolean {
  return /\{\{[^{}]+\}\}/u.test(text);
}
