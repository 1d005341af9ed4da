import { BrokerError } from '../values/fault.ts';
import { encodedForms } from '../values/encoded-forms.ts';

/** A path with its query that stays within the site whose URL it is appended to. Only {@link validatePath} makes one. */
export interface ValidPath {
  /** Serialized path. */
  readonly pathname: string;
  /** Serialized query with its `?`, or empty. */
  readonly search: string;
}

/** Maximum length of path and query, in UTF-16 code units. */
const maxLength = 8192;

/** Whether a path belongs to the REST APIs of a site in Atlassian's cloud. Pages cannot call any other path there. */
export function isCloudPath(pathname: string): boolean {
  return pathname.startsWith('/rest/') || pathname.startsWith('/wiki/');
}

// URL parsers and servers remove control characters, or turn a backslash into a slash.
const forbiddenInUrl = /[\p{Cc}\\]/u;

// Bidirectional controls: they display a path in another order than it is sent.
const bidiControl = /\p{Bidi_Control}/u;

/** Names that override the method: `_method`, `httpMethod`, `X-HTTP-Method-Override` and the like. */
const overridesMethod =
  /^-?(?:x-?)?(?:http-?)?method-?override(?:-|$)|^(?:-|-?x-?|-?(?:x-?)?http-?)method(?:-|$)/u;
/** Names by which Data Center signs in as another user, or redirects. */
const signsIn = /^-?os-?(?:username|password|cookie|authtype|destination)(?:-|$)/u;

/** `&` and `;`, also in full width. */
const separator = /[&;]|%EF%BC%(?:86|9B)/iu;

/** A segment that a server resolves away, also before parameters, a query or a fragment that it decodes. */
const dotSegment = /^\s*\.{1,2}\s*(?:[;?#]|$)/u;

/** Characters that are not shown, and that a server may remove. */
const invisible = /\p{C}/gu;

/**
 * Validates a path before it is appended to a site's URL. A path that could leave the site, in any way in which a
 * server may interpret it, is refused, never corrected. A percent-encoded delimiter is data: `%23` is a `#` in a name.
 * @param isCallable - whether the serialized path is one that pages may call
 * @throws BrokerError `invalid_request` with subject `path`
 * @see RFC 3986, sections 2.2 and 2.4
 */
export function validatePath(
  raw: string,
  isCallable: (pathname: string) => boolean = isCloudPath,
): ValidPath {
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
    (url.pathname === rawPath || staysInside(url.pathname)) &&
    isCallable(url.pathname) &&
    !hasForbiddenName(url.search);
  if (!isValid) throw invalidPath();
  return { pathname: url.pathname, search: url.search };
}

/** Whether {@link validatePath} accepts a path. */
export function isValidPath(raw: string): boolean {
  try {
    validatePath(raw, () => true);
    return true;
  } catch {
    return false;
  }
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
    !segments.some((segment) => dotSegment.test(segment.replaceAll(invisible, ''))) &&
    !hasForbiddenName(form.replace(/^[^?]*/u, ''))
  );
}

/** Whether every percent-encoding in a path is well-formed, and UTF-8. */
function isUtf8(path: string): boolean {
  try {
    // The result is used: a minifier removes a call of this function without.
    return decodeURIComponent(path).isWellFormed();
  } catch {
    return false;
  }
}

/**
 * Whether a query has a member that changes the method or the user of the request. Servers read names differently: they
 * decode again, end them at a NUL or a bracket, drop controls, take `;` for `&` and other characters for `_`.
 */
function hasForbiddenName(search: string): boolean {
  return search
    .replace(/^\?/u, '')
    .split(separator)
    .some((member) => isForbiddenName(member.split('=', 1).join('').replaceAll('+', ' ')));
}

function isForbiddenName(name: string): boolean {
  const forms = encodedForms(name);
  // A name that is encoded so often could mean anything.
  if (forms === undefined) return true;
  return forms
    .flatMap((form) => [form, form.replaceAll(/\p{C}/gu, '')])
    .flatMap((form) => form.toLowerCase().split(/[&;=]/u))
    .map((part) => part.replaceAll(/[^a-z\d]+/gu, '-'))
    .some((part) => overridesMethod.test(part) || signsIn.test(part));
}

function invalidPath(): BrokerError {
  return new BrokerError('invalid_request', { subject: 'path' });
}
