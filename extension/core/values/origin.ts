import type { Brand } from './brand.ts';
import { BrokerError } from './fault.ts';

/** The origin of a page that may be connected, e.g. `https://host:8443`. @see RFC 6454 */
export type Origin = Brand<'Origin'>;

const loopbackHosts = new Set(['localhost', '127.0.0.1']);

/**
 * Whether the host of a URL ends with a dot: another notation of the same host, which compares as another one. Such
 * URLs are refused everywhere. @see RFC 1034, section 3.1
 */
export function hasTrailingDot({ hostname }: Pick<URL, 'hostname'>): boolean {
  return hostname.endsWith('.');
}

/**
 * The origin of a URL, if a page of that origin may be connected: any https origin, and http on `localhost` and
 * `127.0.0.1`. Undefined for opaque, file and other origins, and for a host that ends with a dot.
 */
export function connectableOrigin(text: string | undefined): Origin | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isLocal = url.protocol === 'http:' && loopbackHosts.has(url.hostname);
  if ((url.protocol !== 'https:' && !isLocal) || hasTrailingDot(url)) return undefined;
  return url.origin as Origin;
}

/**
 * Parses an origin from a message or from storage.
 * @throws BrokerError `invalid_request` unless the text is the serialised origin of a page that may be connected
 */
export function parseOrigin(text: string): Origin {
  const origin = connectableOrigin(text);
  if (origin === undefined || origin !== text) {
    throw new BrokerError('invalid_request', { subject: 'origin' });
  }
  return origin;
}
