import type { RawFields } from './collection.ts';

/** A text with its variables put in, and the names of those that nothing defines. */
export interface ResolvedText {
  readonly text: string;
  readonly unresolved: readonly string[];
}

/** Longest text that variables may grow to, in UTF-16 code units. */
const longestText = 65_536;

/** A value as text: exports hold numbers and truth values, too. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/**
 * Puts variables in. Those of an environment win over those of the collection; one without a value, one that nobody
 * defines and one that leads back to itself stay as they are written.
 * @param scopes the strongest first
 */
export function resolveText(value: unknown, scopes: readonly RawFields[]): ResolvedText {
  const unresolved = new Set<string>();
  const done = new Map<string, string | undefined>();
  /** What a variable stands for; while it is looked for, nothing: so a circle ends. */
  const valueOf = (name: string): string | undefined => {
    if (done.has(name)) return done.get(name);
    done.set(name, undefined);
    const found = scopes.map((scope) => textOf(scope.get(name))).find((each) => each !== '');
    const text = found === undefined ? undefined : resolved(found);
    if (text !== undefined && text.length <= longestText) done.set(name, text);
    return done.get(name);
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

/** Whether a text still has a variable in it. */
export function hasVariable(text: string): boolean {
  return /\{\{[^{}]+\}\}/u.test(text);
}
