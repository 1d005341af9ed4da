import { BrokerError } from '../values/fault.ts';

/** Header fields as pairs, names in lower case. */
export type HeaderFields = readonly (readonly [string, string])[];

/** What a page may send along. Credentials, origin and method overrides have no place in it. */
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

/** What a page gets to see; never cookies, authentication or debugging fields. */
const responseNames = new Set([
  'accept-ranges',
  'atl-traceid',
  'cache-control',
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
]);
const rateLimitName = /^(x-|beta-|x-beta-)?ratelimit(-[a-z-]+)?$/u;

/** Longest value of a request header, in UTF-16 code units. */
const longestValue = 1024;
const printableAscii = /^[\t\x20-\x7E]*$/u;

/**
 * The header fields of a page's request that are sent.
 * @throws BrokerError `invalid_request` that names the header which is not on the list or malformed
 */
export function admittedRequestHeaders(fields: HeaderFields): HeaderFields {
  return fields.map(([rawName, value]) => {
    const name = rawName.toLowerCase();
    const isFit =
      requestNames.has(name) && value.length <= longestValue && printableAscii.test(value);
    if (!isFit)
      throw new BrokerError('invalid_request', { subject: `header ${subjectName(name)}` });
    return [name, value] as const;
  });
}

/** The header fields of an answer that a page gets. */
export function visibleResponseHeaders(fields: Iterable<readonly [string, string]>): HeaderFields {
  return [...fields].filter(([name]) => responseNames.has(name) || rateLimitName.test(name));
}

function subjectName(name: string): string {
  return /^[a-z0-9-]{1,64}$/u.test(name) ? name : 'with a malformed name';
}
