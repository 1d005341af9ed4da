import { BrokerError } from '../values/fault.ts';

/** A path with its query that stays within the site it is appended to; made by {@link guardPath} alone. */
export interface GuardedPath {
  /** Serialised path, begins with one of the prefixes that it was judged by. */
  readonly pathname: string;
  /** Serialised query with its `?`, or empty. */
  readonly search: string;
}

/** Longest path with query, in UTF-16 code units. */
const longestPath = 8192;
/** How often a gateway might decode a path once more before it looks at it. */
const decodingRounds = 3;
/** Parts of a site of Atlassian's clouds that are REST APIs; nothing else is reached through a page. */
export const cloudPrefixes: readonly string[] = ['/rest/', '/wiki/'];
/** Query members by which a server may take another method than the one that was judged. */
const overrideKeys = new Set([
  '_method',
  'httpmethod',
  'x-http-method',
  'x-http-method-override',
  'x-method-override',
]);

// C0 controls, DEL and the backslash, which URL parsers turn into a slash, drop or trim.
// eslint-disable-next-line no-control-regex -- refusing control characters is what it is for
const neverInUrl = /[\u0000-\u001F\u007F\\#]/u;

// Marks that show a path otherwise than it is sent.
const disguise = /\p{Bidi_Control}/u;

/**
 * Judges a path before it is appended to a site's gateway address: it is refused, never repaired, when
 * it could lead out of the site in any reading that a server may take.
 * @throws BrokerError `invalid_request` with subject `path`
 */
export function guardPath(raw: string, prefixes = cloudPrefixes): GuardedPath {
  const [rawPath = ''] = raw.split('?', 1);
  const isPlain =
    raw.length <= longestPath &&
    raw.isWellFormed() &&
    !neverInUrl.test(raw) &&
    raw.startsWith('/') &&
    raw === raw.trim() &&
    staysInside(rawPath);
  if (!isPlain) throw refusal();
  const base = 'https://site.invalid';
  const url = new URL(`${base}${raw}`);
  const isFaithful =
    url.origin === base &&
    url.pathname.length <= longestPath &&
    staysInside(url.pathname) &&
    prefixes.some((prefix) => url.pathname.startsWith(prefix)) &&
    ![...url.searchParams.keys()].some((key) => overrideKeys.has(key.toLowerCase()));
  if (!isFaithful) throw refusal();
  return { pathname: url.pathname, search: url.search };
}

/** No dot segment, no empty segment and no hidden slash, however often it is decoded. */
function staysInside(path: string): boolean {
  let text = path;
  for (let round = 0; round <= decodingRounds; round += 1) {
    // Some servers fold full-width dots and slashes into the plain ones.
    if (!isTame(text, path) || !isTame(text.normalize('NFKC'), path)) return false;
    const decoded = decodeOnce(text);
    if (decoded === undefined) return false;
    if (decoded === text) return true;
    text = decoded;
  }
  // Still changing after all rounds: nobody encodes a path that deep for a good reason.
  return false;
}

function isTame(text: string, path: string): boolean {
  const segments = text.split('/');
  const slashes = path.split('/').length;
  const isDotSegment = (segment: string): boolean => /^\s*\.{1,2}\s*(;.*)?$/u.test(segment);
  return (
    segments.length === slashes &&
    !neverInUrl.test(text) &&
    !disguise.test(text) &&
    !segments.slice(1, -1).includes('') &&
    !segments.some(isDotSegment)
  );
}

function decodeOnce(text: string): string | undefined {
  try {
    return decodeURIComponent(text);
  } catch {
    // Malformed percent signs or overlong UTF-8.
    return undefined;
  }
}

function refusal(): BrokerError {
  return new BrokerError('invalid_request', { subject: 'path' });
}
