/** The most path prefixes that one grant can have. */
export const maxGrantedPaths = 20;

/** The longest path prefix, in UTF-16 code units. */
const maxPrefixLength = 512;

/** Segments of characters that every URL parser and server reads in the same way; without percent-encoding. */
const prefixPattern = /^(?:\/[\w.~:@$-]+)*\/?$/u;

/**
 * Whether a text is a path prefix that a grant can have, such as `/rest/api/3/issue/`; `/` is every path. Its segments are
 * written without percent-encoding, and none is empty, `.` or `..`.
 */
export function isPathPrefix(text: string): boolean {
  return (
    text !== '' &&
    text.length <= maxPrefixLength &&
    prefixPattern.test(text) &&
    !text.split('/').some((segment) => segment === '.' || segment === '..')
  );
}

/**
 * Whether a validated path is below one of the prefixes. A prefix ends at the end of a segment: `/rest/api/3/issue` covers
 * `/rest/api/3/issue` and `/rest/api/3/issue/ROC-1`, not `/rest/api/3/issuetype`. With a slash at its end, it covers only what is
 * below it.
 * @param pathname - as `validatePath` serialized it
 * @param paths - undefined for a grant of every path
 */
export function isWithinPaths(pathname: string, paths: readonly string[] | undefined): boolean {
  if (paths === undefined) return true;
  return paths.some((prefix) =>
    prefix.endsWith('/')
      ? pathname.startsWith(prefix)
      : pathname === prefix || pathname.startsWith(`${prefix}/`),
  );
}
