import { dataCenterFacts, type DataCenterProduct } from '../provider/data-center.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderProfile } from '../provider/provider-type.ts';
import { BrokerError, type FaultCode } from '../values/fault.ts';
import type { ClientConfiguration } from './client-configuration.ts';

/** What came of a request without credentials: a status, a redirect, no connection, or no answer in time. */
export type ProbeResult = number | 'redirect' | 'unconnected' | 'late';

/** A Data Center product where a configuration says that it lies. */
export interface ProductPlace {
  readonly protocol: ProviderProfile['protocol'];
  readonly baseUrl: string;
  readonly product: DataCenterProduct;
}

/** What an empty request to a product's token endpoint tells of its base URL. */
export type PlaceVerdict =
  /** Nothing against it: the sign-in goes on. */
  | { readonly is: 'good' }
  /** There is no OAuth 2.0 there; whether there is a product has to be asked. */
  | { readonly is: 'missing' }
  /** The sign-in cannot work. */
  | { readonly is: 'wrong'; readonly fault: BrokerError }
  /** It may work all the same: to be told if it does not. */
  | { readonly is: 'doubtful'; readonly fault: BrokerError };

/** Where the product of a configuration lies; undefined for a provider whose endpoints do not follow from that. */
export function placeOf({
  type,
  baseUrl,
  product,
}: Pick<ClientConfiguration, 'type' | 'baseUrl' | 'product'>): ProductPlace | undefined {
  const { endpointSource, protocol } = profileOf(type);
  return endpointSource === 'base-url' && baseUrl !== undefined && product !== undefined
    ? { protocol, baseUrl, product }
    : undefined;
}

/**
 * Judges the answer of the token endpoint. An empty request is refused there with 400 or 401; what else comes is
 * of something in between, or of another server.
 */
export function judgeTokenEndpoint(sign: ProbeResult, { baseUrl }: ProductPlace): PlaceVerdict {
  const isHttp = baseUrl.startsWith('http:');
  const fault = (code: FaultCode): BrokerError => new BrokerError(code, { subject: baseUrl });
  switch (sign) {
    case 'unconnected':
      return { is: 'wrong', fault: fault('product_unreachable') };
    case 'redirect':
      return { is: 'wrong', fault: fault(isHttp ? 'https_required' : 'product_moved') };
    case 'late':
      return { is: 'good' };
    case 404:
      return { is: 'missing' };
    // With plain http the provider is off, unless an administrator allowed it.
    case 500:
      return isHttp ? { is: 'doubtful', fault: fault('https_required') } : { is: 'good' };
    default:
      return sign < 300 ? { is: 'doubtful', fault: fault('product_not_found') } : { is: 'good' };
  }
}

/** Why a product has no token endpoint, by what the place answers that tells who is logged in. */
export function faultOfMissing(
  sign: ProbeResult,
  { protocol, baseUrl, product }: ProductPlace,
): BrokerError {
  const isThere = sign === 200 || sign === 401 || sign === 403;
  if (!isThere) return new BrokerError('product_not_found', { subject: baseUrl });
  // Every version has application links, but their plugin can be switched off.
  if (protocol === 'oauth1') return new BrokerError('product_without_links', { subject: baseUrl });
  const { label, firstVersion } = dataCenterFacts[product];
  return new BrokerError('product_too_old', { subject: `${label} ${firstVersion}` });
}
