import { dataCenterFacts, type DataCenterProduct } from '../provider/data-center.ts';
import { profileOf } from '../provider/provider-profile.ts';
import type { ProviderProfile } from '../provider/provider-type.ts';
import { BrokerError, type FaultCode } from '../values/fault.ts';
import type { ClientConfiguration } from './client-configuration.ts';

/** The result of a request without credentials: a status, a redirect, no connection, or no response in time. */
export type ProbeResult = number | 'redirect' | 'unconnected' | 'late';

/** A Data Center product at the base URL of a configuration. */
export interface ProductAddress {
  readonly protocol: ProviderProfile['protocol'];
  readonly baseUrl: string;
  readonly product: DataCenterProduct;
}

/** What an empty request to the token endpoint shows about the base URL of a product. */
export type ProbeOutcome =
  /** No problem was found: the sign-in continues. */
  | { readonly is: 'usable' }
  /** There is no token endpoint; a second request has to show whether there is a product. */
  | { readonly is: 'missing' }
  /** The sign-in cannot succeed. */
  | { readonly is: 'unusable'; readonly fault: BrokerError }
  /** The sign-in may succeed; the fault is reported only if it does not. */
  | { readonly is: 'uncertain'; readonly fault: BrokerError };

/** The product of a configuration; undefined when its provider type has no base URL. */
export function productAddressOf({
  type,
  baseUrl,
  product,
}: Pick<ClientConfiguration, 'type' | 'baseUrl' | 'product'>): ProductAddress | undefined {
  const { endpointSource, protocol } = profileOf(type);
  return endpointSource === 'base-url' && baseUrl !== undefined && product !== undefined
    ? { protocol, baseUrl, product }
    : undefined;
}

/**
 * What the response to an empty token request means. A token endpoint responds with 400 or 401; most other responses
 * come from a proxy or another server.
 */
export function outcomeOfProbe(result: ProbeResult, { baseUrl }: ProductAddress): ProbeOutcome {
  const isHttp = baseUrl.startsWith('http:');
  const fault = (code: FaultCode): BrokerError => new BrokerError(code, { subject: baseUrl });
  switch (result) {
    case 'unconnected':
      return { is: 'unusable', fault: fault('product_unreachable') };
    case 'redirect':
      return { is: 'unusable', fault: fault(isHttp ? 'https_required' : 'product_moved') };
    case 'late':
      return { is: 'usable' };
    case 404:
      return { is: 'missing' };
    // With plain http the provider is disabled, unless an administrator allowed http.
    case 500:
      return isHttp ? { is: 'uncertain', fault: fault('https_required') } : { is: 'usable' };
    default:
      return result < 300
        ? { is: 'uncertain', fault: fault('product_not_found') }
        : { is: 'usable' };
  }
}

/** Why there is no token endpoint, by the result of a request to the product's identity path. */
export function missingEndpointFault(
  result: ProbeResult,
  { protocol, baseUrl, product }: ProductAddress,
): BrokerError {
  const isThere = result === 200 || result === 401 || result === 403;
  if (!isThere) return new BrokerError('product_not_found', { subject: baseUrl });
  // Every version has application links, but their plugin can be disabled.
  if (protocol === 'oauth1') return new BrokerError('product_without_links', { subject: baseUrl });
  const { label, firstVersion } = dataCenterFacts[product];
  return new BrokerError('product_too_old', { subject: `${label} ${firstVersion}` });
}
