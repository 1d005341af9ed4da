import { BrokerError } from '../values/fault.ts';

/** Header fields as pairs of name and value. Results have names in lower case. */
export type HeaderFields = readonly (readonly [string, string])[];

/** Request headers that a page may set. Never add credentials, an origin or a method override. */
const requestNames = new Set([
  'accept',
  'accept-language',
  'content-language',
  'content-type',
  'if-match',
  'if-modified-since',
  'if-none-match',
  'if-unmodified-since',
  'range',
  'x-atlassian-token',
  'x-experimentalapi',
  'x-force-accept-language',
]);

/**
 * Request headers that a page cannot set and that change nothing when they are left out. Never add credentials, or a
 * header that makes a server read the request differently, such as a method override: those are refused.
 */
const ignoredNames = new Set([
  // Forbidden request headers; `fetch` ignores them. @see Fetch Standard, "forbidden request-header"
  'accept-charset',
  'accept-encoding',
  'access-control-request-headers',
  'access-control-request-method',
  'connection',
  'content-length',
  'cookie',
  'cookie2',
  'date',
  'dnt',
  'expect',
  'host',
  'keep-alive',
  'origin',
  'referer',
  'set-cookie',
  'te',
  'trailer',
  'transfer-encoding',
  'upgrade',
  'via',
  // Set by libraries without being asked: who sends, how to trace it, not to answer from a cache, and what the page's own
  // server wants to see (axios and Angular copy it from a cookie of the page).
  'baggage',
  'cache-control',
  'pragma',
  'sentry-trace',
  'traceparent',
  'tracestate',
  'user-agent',
  'x-requested-with',
  'x-xsrf-token',
]);
const ignoredPrefixes = ['proxy-', 'sec-'];

/** Response headers that a page receives. Never add cookies, authentication or debugging fields. */
const responseNames = new Set([
  'accept-ranges',
  'atl-traceid',
  'beta-retry-after',
  'content-disposition',
  'content-language',
  'content-range',
  'content-type',
  'deprecation',
  'etag',
  'expires',
  'last-modified',
  'link',
  'retry-after',
  'sunset',
  'x-arequestid',
  'x-beta-retry-after',
  'x-retry-after',
]);
const rateLimitName = /^(x-|beta-|x-beta-)?ratelimit(-[a-z-]+)?$/u;

/** Request headers that are sent when redirects are followed: the browser sends them to the other host too. */
const followedNames = new Set(['accept', 'if-modified-since', 'if-none-match', 'range']);

/** Maximum length of a request header's value, in UTF-16 code units. */
const maxValueLength = 1024;
const printableAscii = /^[\t\x20-\x7E]*$/u;

/**
 * The request headers of a page that are sent.
 * @throws BrokerError `invalid_request` with the name of a header that is neither sent nor ignored, or is malformed
 */
export function allowedRequestHeaders(fields: HeaderFields): HeaderFields {
  return fields.flatMap(([rawName, value]) => {
    const name = rawName.toLowerCase();
    if (isIgnored(name)) return [];
    const isAllowed =
      requestNames.has(name) && value.length <= maxValueLength && printableAscii.test(value);
    if (!isAllowed)
      throw new BrokerError('invalid_request', { subject: `header ${subjectName(name)}` });
    return [[name, value] as const];
  });
}

/** With the headers that are sent when neither the page nor the client's configuration names them. */
export function withDefaultHeaders(fields: HeaderFields, isReading: boolean): HeaderFields {
  const names = new Set(fields.map(([name]) => name.toLowerCase()));
  return [
    ...fields,
    ...(names.has('accept') ? [] : [['accept', 'application/json'] as const]),
    // Without it the XSRF filter rejects writes of a script; see Atlassian, "XSRF check failed".
    ...(isReading || names.has('x-atlassian-token')
      ? []
      : [['x-atlassian-token', 'no-check'] as const]),
  ];
}

function isIgnored(name: string): boolean {
  return ignoredNames.has(name) || ignoredPrefixes.some((prefix) => name.startsWith(prefix));
}

/** The allowed headers of a request whose redirects are followed, possibly to another host: those that say what is read. */
export function followedRequestHeaders(fields: HeaderFields): HeaderFields {
  return fields.filter(([name]) => followedNames.has(name));
}

/** Whether a header of a response, in lower case, is about a rate limit. */
export function isLimitHeader(name: string): boolean {
  return rateLimitName.test(name) || name.endsWith('retry-after');
}

/**
 * What a request rule adds to `Cache-Control` of the responses to our own requests: without `no-store`, Chromium reads
 * tens of megabytes of a body ahead. The second directive has no meaning; by it the addition is told from the server's own.
 */
export const addedCacheControl = 'no-store, threelo';

/** The headers of a response that the page receives. */
export function visibleResponseHeaders(fields: Iterable<readonly [string, string]>): HeaderFields {
  return [...fields].flatMap(([name, value]) => {
    if (name === 'cache-control') return cacheControlOfServer(value);
    return responseNames.has(name) || rateLimitName.test(name) ? [[name, value] as const] : [];
  });
}

function cacheControlOfServer(value: string): HeaderFields {
  if (value === addedCacheControl) return [];
  const addition = `, ${addedCacheControl}`;
  const own = value.endsWith(addition) ? value.slice(0, -addition.length) : value;
  return [['cache-control', own]];
}

/** A call, at the address to which it is sent and at the site's own URL. */
export interface CallAddresses {
  readonly target: URL;
  readonly own: URL;
  /** The path below the base URL, which is the same in both. */
  readonly pathname: string;
  /** Whether pages may call a path below the base URL. */
  readonly isCallable: (pathname: string) => boolean;
}

/**
 * The `Location` of a response as the page receives it, at the site's own URL; undefined when it is at another site, or
 * at a path that pages cannot call. A server may write it with the gateway's address, with the site's, or relative to either.
 */
export function visibleLocation(
  location: string,
  { target, own, pathname, isCallable }: CallAddresses,
): string | undefined {
  const addresses = [target, own].map(({ href, origin, pathname: whole }) => ({
    href,
    base: `${origin}${whole.slice(0, -pathname.length)}/`,
  }));
  const [, ownBase = ''] = addresses.map(({ base }) => base);
  for (const { href } of addresses) {
    if (!URL.canParse(location, href)) continue;
    const url = new URL(location, href);
    const isPlain = url.username === '' && url.password === '';
    const whole = `${url.origin}${url.pathname}`;
    const inside = isPlain && addresses.find(({ base }) => whole.startsWith(base));
    if (!inside) continue;
    const below = whole.slice(inside.base.length);
    // A path of the gateway that belongs to another site, read as one of this site, is none that pages can call.
    if (isCallable(`/${below}`)) return `${ownBase}${below}${url.search}`;
  }
  return undefined;
}

function subjectName(name: string): string {
  return /^[a-z0-9-]{1,64}$/u.test(name) ? name : 'with a malformed name';
}
