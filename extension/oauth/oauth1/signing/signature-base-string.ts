import { BrokerError } from '#core/values/fault.ts';
import { formParameters, percentEncode, type Parameter } from './form-encoding.ts';

/** The parts of a request that are signed. */
export interface SignedMessage {
  readonly method: string;
  /** The absolute URL with its query, as it is sent. */
  readonly url: string;
  /** The body if it is `application/x-www-form-urlencoded`; no other body is signed. */
  readonly formBody?: string;
}

/** The base string with its parts, for comparison with the server's. */
export interface SignatureBaseString {
  /** What is signed. */
  readonly text: string;
  readonly method: string;
  /** Scheme, host and path; a port only if it is not the default port. */
  readonly baseUri: string;
  /** Encoded names and values in the order in which they are signed. */
  readonly parameters: readonly Parameter[];
}

/**
 * Builds the signature base string of a request.
 * @param protocolParameters the `oauth_` parameters, without `realm`
 * @throws BrokerError `invalid_request` unless the URL is an absolute http or https URL
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

/** The parameters in the query and in the form body of a request, in this order. */
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

/** By name, then by value: sorting `a=1` and `a-b=0` as whole texts would reverse them. */
function byNameThenValue(one: Parameter, other: Parameter): number {
  return compare(one[0], other[0]) || compare(one[1], other[1]);
}

/** Encoded texts are ASCII, so comparing code units compares bytes. */
function compare(one: string, other: string): number {
  if (one === other) return 0;
  return one < other ? -1 : 1;
}
