import { BrokerError } from '../values/fault.ts';

/** A path with its query that stays within the site whose URL it is appended to. Only {@link validatePath} makes one. */
export interface ValidPath {
  /** Serialized path; begins with one of the allowed prefixes. */
  readonly pathname: string;
  /** Serialized query with its `?`, or empty. */
  readonly search: string;
}

/** Maximum length of path and query, in UTF-16 code units. */
const maxLength = 8192;
/** How many times a gateway may decode a path before it interprets it. */
const decodingRounds = 3;
/** The REST APIs of a site in Atlassian's cloud. Pages cannot call any other path. */
export const cloudPrefixes: readonly string[] = ['/rest/', '/wiki/'];
/** Query parameters that may override the method on the server. */
const methodOverrides = new Set([
  '_method',
  'httpmethod',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
]);

// C0 controls, DEL and the backslash: URL parsers remove them or turn them into a slash.
// eslint-disable-next-line no-control-regex -- the pattern refuses control characters
const forbiddenInUrl = /[\u0000-\u001F\u007F\\#]/u;

// Bidirectional controls: they display a path in another order than it is sent.
const bidiControl = /\p{Bidi_Control}/u;

/**
 * Validates a path before it is appended to a site's URL. A path that could leave the site, in any way in which a
 * server may interpret it, is refused, never corrected.
 * @throws BrokerError `invalid_request` with subject `path`
 */
export function validatePath(raw: string, prefixes = cloudPrefixes): ValidPath {
  const [rawPath = ''] = raw.split('?', 1);
  const isPlain =
    raw.length <= maxLength &&
    raw.isWellFormed() &&
    !forbiddenInUrl.test(raw) &&
    raw.startsWith('/') &&
    raw === raw.trim() &&
    staysInside(rawPath);
  if (!isPlain) throw invalidPath();
  const base = 'https://site.invalid';
  const url = new URL(`${base}${raw}`);
  const isValid =
    url.origin === base &&
    url.pathname.length <= maxLength &&
    staysInside(url.pathname) &&
    prefixes.some((prefix) => url.pathname.startsWith(prefix)) &&
    ![...url.searchParams.keys()].some((key) => methodOverrides.has(key.toLowerCase()));
  if (!isValid) throw invalidPath();
  return { pathname: url.pathname, search: url.search };
}

/** Whether a path has no dot segment, no empty segment and no encoded slash, after any number of decodings. */
function staysInside(path: string): boolean {
  let text = path;
  for (let round = 0; round <= decodingRounds; round += 1) {
    // Some servers convert full-width dots and slashes to ASCII.
    if (!isSafe(text, path) || !isSafe(text.normalize('NFKC'), path)) return false;
    const decoded = decodeOnce(text);
    if (decoded === undefined) return false;
    if (decoded === text) return true;
    text = decoded;
  }
  // The path is encoded more often than any legitimate one.
  return false;
}

/** Whether one decoded form of a path is safe. */
function isSafe(text: string, path: string): boolean {
  const segments = text.split('/');
  const slashes = path.split('/').length;
  const isDotSegment = (segment: string): boolean => /^\s*\.{1,2}\s*(;.*)?$/u.test(segment);
  return (
    segments.length === slashes &&
    !forbiddenInUrl.test(text) &&
    !bidiControl.test(text) &&
    !segments.slice(1, -1).includes('') &&
    !segments.some(isDotSegment)
  );
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // A malformed percent-encoding, or overlong UTF-8.
    return undefined;
  }
}

function invalidPath(): BrokerError {
  return new BrokerError('invalid_request', { subject: 'path' });
}
