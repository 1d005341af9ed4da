/** A decoded name and value. In a list of them, order and repetitions are significant. */
export type Parameter = readonly [name: string, value: string];

/**
 * Percent-encodes all characters but letters, digits, `-`, `.`, `_` and `~`. Lone surrogates become U+FFFD, as in a
 * request that the platform sends.
 * @see RFC 5849, section 3.6
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The parameters of a query or of a form body: `+` is a space, and a name without `=` has an empty value.
 * @see RFC 5849, section 3.4.1.3.1; WHATWG URL, "application/x-www-form-urlencoded parsing"
 */
export function formParameters(text: string): Parameter[] {
  // URLSearchParams removes a leading `?`; after `&` it is part of a name.
  return [...new URLSearchParams(`&${text}`)];
}

/** Whether a body of this content type consists of parameters that are signed. @see RFC 5849, section 3.4.1.3.1 */
export function isFormContentType(contentType: string | undefined): boolean {
  const [mediaType = ''] = (contentType ?? '').split(';');
  return mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
