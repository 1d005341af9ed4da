import { BrokerError } from '../values/fault.ts';
import { encodedForms } from './encoded-forms.ts';
import { hasForbiddenName } from './query-names.ts';

/** A path with its query that stays within the site whose URL it is appended to. Only {@link validatePath} makes one. */
export interface ValidPath {
  /** Serialized path; begins with one of the allowed prefixes. */
  readonly pathname: string;
  /** Serialized query with its `?`, or empty. */
  readonly search: string;
}

/** Maximum length of path and query, in UTF-16 code units. */
const maxLength = 8192;
/** The REST APIs of a site in Atlassian's cloud. Pages cannot call any other path. */
export const cloudPrefixes: readonly string[] = ['/rest/', '/wiki/'];

// URL parsers and servers remove control characters, or turn a backslash into a slash.
const forbiddenInUrl = /[\p{Cc}\\]/u;

// Bidirectional controls: they display a path in another order than it is sent.
const bidiControl = /\p{Bidi_Control}/u;

/** A segment that a server resolves away, also before parameters, a query or a fragment that it decodes. */
const dotSegment = /^\s*\.{1,2}\s*(?:[;?#]|$)/u;

/**
 * Validates a path before it is appended to a site's URL. A path that could leave the site, in any way in which a
 * server may interpret it, is refused, never corrected. A percent-encoded delimiter is data: `%23` is a `#` in a name.
 * @throws BrokerError `invalid_request` with subject `path`
 * @see RFC 3986, sections 2.2 and 2.4
 */
export function validatePath(raw: string, prefixes = cloudPrefixes): ValidPath {
  const [rawPath = ''] = raw.split('?', 1);
  const isPlain =
    raw.length <= maxLength &&
    raw.isWellFormed() &&
    !forbiddenInUrl.test(raw) &&
    !raw.includes('#') &&
    raw.startsWith('/') &&
    raw === raw.trim() &&
    isUtf8(rawPath) &&
    staysInside(rawPath);
  if (!isPlain) throw invalidPath();
  const base = 'https://site.invalid';
  const url = new URL(`${base}${raw}`);
  const isValid =
    url.origin === base &&
    url.pathname.length <= maxLength &&
    staysInside(url.pathname) &&
    prefixes.some((prefix) => url.pathname.startsWith(prefix)) &&
    !hasForbiddenName(url.search);
  if (!isValid) throw invalidPath();
  return { pathname: url.pathname, search: url.search };
}

/**
 * Whether no form of a path has a dot segment, an empty segment, a slash that the path does not have, or, after a `?` at
 * which a server may begin the query, a forbidden name.
 */
function staysInside(path: string): boolean {
  const slashes = path.split('/').length;
  return encodedForms(path)?.every((form) => isSafe(form, slashes)) === true;
}

function isSafe(form: string, slashes: number): boolean {
  const segments = form.split('/');
  return (
    segments.length === slashes &&
    !forbiddenInUrl.test(form) &&
    !bidiControl.test(form) &&
    !segments.slice(1, -1).includes('') &&
    !segments.some((segment) => dotSegment.test(segment)) &&
    !hasForbiddenName(form.replace(/^[^?]*/u, ''))
  );
}

/** Whether every percent-encoding in a path is well-formed, and UTF-8. */
function isUtf8(path: string): boolean {
  try {
    decodeURIComponent(path);
    return true;
  } catch {
    return false;
  }
}

function invalidPath(): BrokerError {
  return new BrokerError('invalid_request', { subject: 'path' });
}
