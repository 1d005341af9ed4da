import type { Brand } from './brand.ts';
import { BrokerError } from './fault.ts';

/**
 * Who a grant is for. The origin of a page that may be connected, e.g. `https://host:8443`, or the key of another extension,
 * see {@link extensionGrantee}. @see RFC 6454
 */
export type Origin = Brand<'Origin'>;

const loopbackHosts = new Set(['localhost', '127.0.0.1']);

/**
 * Whether the host of a URL is not only a name of one host: one that ends with a dot is another notation of the same host, which
 * compares as another one, and one with `*` is every host for the browser's match patterns. Such URLs are refused everywhere.
 * @see RFC 1034, section 3.1, and https://developer.mozilla.org/en-US/docs/Mozilla/Add-ons/WebExtensions/Match_patterns
 */
export function hasAmbiguousHost({ hostname }: Pick<URL, 'hostname'>): boolean {
  return hostname.endsWith('.') || hostname.includes('*');
}

/**
 * The origin of a URL, if a page of that origin may be connected: any https origin, and http on `localhost` and
 * `127.0.0.1`. Undefined for opaque, file and other origins, and for an ambiguous host.
 */
export function connectableOrigin(text: string | undefined): Origin | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isLocal = url.protocol === 'http:' && loopbackHosts.has(url.hostname);
  if ((url.protocol !== 'https:' && !isLocal) || hasAmbiguousHost(url)) return undefined;
  return url.origin as Origin;
}

/** The ids of extensions: of Chrome and Edge, and the two forms of Firefox. */
const extensionIds = [
  /^[a-p]{32}$/u,
  /^\{[\da-f]{8}-[\da-f]{4}-[\da-f]{4}-[\da-f]{4}-[\da-f]{12}\}$/iu,
  /^[\w.-]*@[\w.-]+$/u,
];
/** Firefox accepts no longer id. */
const maxExtensionIdLength = 80;
const extensionPrefix = 'extension:';

/**
 * The key of another extension, `extension:<id>`. Undefined for a text that is not the id of an extension, so that the key has
 * no other characters than letters, digits and `-._@{}:`. Ids that differ in letter case are different ids.
 * @see https://developer.mozilla.org/en-US/docs/Mozilla/Add-ons/WebExtensions/manifest.json/browser_specific_settings
 */
export function extensionGrantee(id: string | undefined): Origin | undefined {
  if (id === undefined || id.length > maxExtensionIdLength) return undefined;
  if (!extensionIds.some((pattern) => pattern.test(id))) return undefined;
  return `${extensionPrefix}${id}` as Origin;
}

/** Whether a grantee is another extension, not the origin of pages. */
export function isExtension(origin: Origin): boolean {
  return origin.startsWith(extensionPrefix);
}

/** The id of another extension; undefined for the origin of pages. */
export function extensionIdOf(origin: Origin): string | undefined {
  return isExtension(origin) ? origin.slice(extensionPrefix.length) : undefined;
}

/** Whether a value of a message or of the storage is a grantee, in exactly the form in which it is compared and stored. */
export function isGrantee(input: unknown): input is Origin {
  if (typeof input !== 'string') return false;
  if (!input.startsWith(extensionPrefix)) return connectableOrigin(input) === input;
  return extensionGrantee(input.slice(extensionPrefix.length)) === input;
}

/**
 * Parses a grantee from a message or from storage.
 * @throws BrokerError `invalid_request` unless the text is the serialised origin of a page that may be connected, or the key of
 *   another extension
 */
export function parseOrigin(text: string): Origin {
  if (!isGrantee(text)) throw new BrokerError('invalid_request', { subject: 'origin' });
  return text;
}
