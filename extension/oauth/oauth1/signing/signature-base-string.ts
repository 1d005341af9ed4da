import { BrokerError } from '../../../core/values/fault.ts';
import { formParameters, percentEncode, type Parameter } from './form-encoding.ts';

/** A request as far as its signature sees it. */
export interface SignedMessage {
  readonly method: string;
  /** The absolute address with its query, as it is sent. */
  readonly url: string;
  /** The body when it is `application/x-www-form-urlencoded`; no other body takes part. */
  readonly formBody?: string;
}

/** The base string with what it was made of, so that a difference to the server's own can be found. */
export interface SignatureBaseString {
  /** What is signed. */
  readonly text: string;
  readonly method: string;
  /** Scheme, host and path; a port only when it is not the scheme's own. */
  readonly baseUri: string;
  /** Encoded names and values in the order in which they are signed. */
  readonly parameters: readonly Parameter[];
}

/**
 * Makes the signature base string of a request with its `oauth_` parameters (`realm` is none of them).
 * @throws BrokerError `invalid_request` when the address is not an absolute http or https one
 * @see RFC 5849, section 3.4.1
 */
export function signatureBaseString(
  message: SignedMessage,
  protocolParameters: readonly Parameter[],
): SignatureBaseString {
  const url = httpUrl(message.url);
  const method = message.method.toUpperCase();
  const baseUri = `${url.protocol}//${url.host}${url.pathname}`;
  const parameters = [...requestParameters(message), ...protocolParameters]
    .filter(([name]) => name !== 'oauth_signature')
    .map(([name, value]): Parameter => [percentEncode(name), percentEncode(value)])
    .sort(byNameThenValue);
  const normalised = parameters.map(([name, value]) => `${name}=${value}`).join('&');
  const text = [method, baseUri, normalised].map(percentEncode).join('&');
  return { text, method, baseUri, parameters };
}

/** The parameters that a request has by itself: those of its query, then those of its form body. */
export function requestParameters(message: SignedMessage): Parameter[] {
  return [...httpUrl(message.url).searchParams, ...formParameters(message.formBody ?? '')];
}

function httpUrl(text: string): URL {
  const url = URL.canParse(text) ? new URL(text) : undefined;
  if (url === undefined || !/^https?:$/u.test(url.protocol)) {
    throw new BrokerError('invalid_request', { subject: 'url' });
  }
  return url;
}

/** By name and only then by value: `a=1` and `a-b=0` would stand the other way round as whole texts. */
function byNameThenValue(one: Parameter, other: Parameter): number {
  return compare(one[0], other[0]) || compare(one[1], other[1]);
}

/** Encoded texts are ASCII, so the order of code units is that of bytes. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
