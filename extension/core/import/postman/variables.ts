import type { RawFields } from './collection.ts';

/** A text with its variables resolved, and the names of those that are not defined. */
export interface ResolvedText {
  readonly text: string;
  readonly unresolved: readonly string[];
}

/** Replaces the variables of a value; what is not a text is first converted to one. */
export type Resolve = (value: unknown) => ResolvedText;

/** How many UTF-16 code units of resolved text are left for a whole file; negative after it was used up. */
export interface ResolutionBudget {
  left: number;
}

/** The maximum length of the value of a variable, in UTF-16 code units. A longer one counts as not defined. */
const maxValueLength = 65_536;
/** How many variables may be nested in one another. A deeper one counts as not defined. */
const maxDepth = 50;

/** A value as text: exports contain numbers and booleans, too. */
export function textOf(value: unknown): string {
  if (typeof value === 'string') return value;
  return typeof value === 'number' || typeof value === 'boolean' ? String(value) : '';
}

/**
 * Creates a function that replaces variables by their values. A variable that is empty, not defined or defined by itself
 * is not replaced. Each variable is resolved once, and nothing is replaced when the budget is used up.
 * @param scopes variables; the first scope has precedence
 */
export function createResolver(scopes: readonly RawFields[], budget: ResolutionBudget): Resolve {
  const values = new Map<string, ResolvedText | undefined>();
  /** The value of a variable. Undefined while it is being resolved, so that a circular definition ends. */
  const valueOf = (name: string, depth: number): ResolvedText | undefined => {
    if (values.has(name)) return values.get(name);
    values.set(name, undefined);
    const written = scopes.map((scope) => textOf(scope.get(name))).find((each) => each !== '');
    const value =
      written === undefined || depth > maxDepth
        ? undefined
        : replaced(written, maxValueLength, depth);
    values.set(name, value);
    return value;
  };
  /** Undefined when the result is longer than allowed. */
  const replaced = (
    written: string,
    maxLength: number,
    depth: number,
  ): ResolvedText | undefined => {
    const unresolved = new Set<string>();
    let text = '';
    let end = 0;
    for (const found of written.matchAll(/\{\{([^{}]{1,255})\}\}/gu)) {
      const name = (found[1] ?? '').trim();
      const value = valueOf(name, depth + 1);
      for (const each of value?.unresolved ?? [name]) unresolved.add(each);
      text += written.slice(end, found.index) + (value?.text ?? found[0]);
      end = found.index + found[0].length;
      if (text.length > maxLength || budget.left < 0) return undefined;
    }
    text += written.slice(end);
    budget.left -= text.length + unresolved.size;
    return text.length > maxLength ? undefined : { text, unresolved: [...unresolved] };
  };
  return (value) => {
    const written = textOf(value);
    const { text, unresolved } = replaced(written, Math.max(maxValueLength, written.length), 0) ?? {
      text: written,
      unresolved: [],
    };
    return { text: text.trim(), unresolved };
  };
}

/** Whether a text contains a variable. */
export function hasVariable(text: string): boolean {
  return /\{\{[^{}]+\}\}/u.test(text);
}
