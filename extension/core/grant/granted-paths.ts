import { encodedForms } from '../values/encoded-forms.ts';

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
 * Whether a validated path is below one of the prefixes, in every way in which a server may read it. A prefix ends at the end of
 * a segment: `/rest/api/3/issue` covers `/rest/api/3/issue` and `/rest/api/3/issue/ROC-1`, not `/rest/api/3/issuetype`. With a
 * slash at its end, it covers only what is below it.
 * @param pathname - as `validatePath` serialized it
 * @param paths - undefined for a grant of every path
 */
export function isWithinPaths(pathname: string, paths: readonly string[] | undefined): boolean {
  if (paths === undefined) return true;
  // As it is written it is one of the readings. The others take a hundred times as long.
  if (!paths.some((prefix) => isBelow(pathname, prefix))) return false;
  const readings = readingsOf(pathname);
  return (
    readings.length > 0 && readings.every((path) => paths.some((prefix) => isBelow(path, prefix)))
  );
}

function isBelow(path: string, prefix: string): boolean {
  if (prefix === '/') return path.startsWith('/');
  if (prefix.endsWith('/')) return path.startsWith(prefix) && path.length > prefix.length;
  return path === prefix || path.startsWith(`${prefix}/`);
}

/**
 * A path as it is written, decoded, and as servers shorten it: without path parameters, a query that they decode, empty
 * segments, and an ending of a segment that has no other text. So `/rest/api/3/issue/;x` is also `/rest/api/3/issue`. None for an
 * encoding that servers read differently.
 */
function readingsOf(pathname: string): readonly string[] {
  const forms = encodedForms(pathname) ?? [];
  return forms.flatMap((form) => [form, shortened(form)]);
}

function shortened(path: string): string {
  const segments = path
    .replace(/[?#].*$/su, '')
    .split('/')
    .map((segment) => segment.replace(/;.*$/su, ''))
    .filter((segment) => !/^[\s\p{C}]*(?:\.(?:json|xml)[\s\p{C}]*)?$/iu.test(segment));
  return `/${segments.join('/')}`;
}
