import type { Brand } from './brand.ts';
import { BrokerError } from './fault.ts';

/** A web origin (`https://host[:port]`) that may be connected. */
export type Origin = Brand<'Origin'>;

const loopbackHosts = new Set(['localhost', '127.0.0.1']);

/**
 * The origin of a page that may be connected: https anywhere, http on this machine only.
 * Returns undefined for opaque, file and other origins.
 */
export function connectableOrigin(text: string | undefined): Origin | undefined {
  if (text === undefined || !URL.canParse(text)) return undefined;
  const url = new URL(text);
  const isLocal = url.protocol === 'http:' && loopbackHosts.has(url.hostname);
  if (url.protocol !== 'https:' && !isLocal) return undefined;
  return url.origin as Origin;
}

/**
 * Reads an origin that a message or the store holds.
 * @throws BrokerError `invalid_request` when it is not exactly an origin that may be connected.
 */
export function parseOrigin(text: string): Origin {
  const origin = connectableOrigin(text);
  if (origin === undefined || origin !== text) {
    throw new BrokerError('invalid_request', { subject: 'origin' });
  }
  return origin;
}
