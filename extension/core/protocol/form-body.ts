/**
 * Whether a text is a form (`name=value&…`), and not a web page or JSON, which may contain anything between two `&`.
 * A quote may be in a value, which some servers do not encode, but not in the first name.
 */
export function isForm(text: string): boolean {
  return /^[^\s<>{}"=&]+=[^\s<>{}]*$/u.test(text.trim());
}
