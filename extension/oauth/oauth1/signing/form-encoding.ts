/** A name and a value, decoded. The order and the repetitions of a list of them mean something. */
export type Parameter = readonly [name: string, value: string];

/**
 * Percent-encodes all but letters, digits, `-`, `.`, `_` and `~`; what is not well-formed Unicode becomes U+FFFD,
 * as it does when the platform sends it.
 * @see RFC 5849, section 3.6
 */
export function percentEncode(text: string): string {
  return encodeURIComponent(text.toWellFormed()).replaceAll(
    /[!'()*]/gu,
    (character) => `%${character.charCodeAt(0).toString(16).toUpperCase()}`,
  );
}

/**
 * The parameters of a query or of a form body: `+` is a blank, a name without `=` has the empty value.
 * @see RFC 5849, section 3.4.1.3.1; WHATWG URL, "application/x-www-form-urlencoded parsing"
 */
export function formParameters(text: string): Parameter[] {
  // The leading `&` keeps a first `?` from being taken for the mark of a query.
  return [...new URLSearchParams(`&${text}`)];
}

/** Whether a body of a content type is made of parameters that take part in the signature. */
export function isFormContentType(contentType: string | undefined): boolean {
  const [mediaType = ''] = (contentType ?? '').split(';');
  return mediaType.trim().toLowerCase() === 'application/x-www-form-urlencoded';
}
