import type { ClientConfiguration } from '../core/client-configuration.ts';
import { BrokerError } from '../core/fault.ts';
import { reveal, type Secret } from '../core/secret.ts';
import type { Fetch } from './token-endpoint.ts';

/** What it takes to ask a provider about a grant. */
export interface ResourceContext {
  readonly client: ClientConfiguration;
  readonly accessToken: Secret;
  /** The scopes that the grant holds, where the provider does not tell them by site. */
  readonly scopes: readonly string[];
  readonly fetch: Fetch;
  readonly subtle: Pick<SubtleCrypto, 'digest'>;
  readonly signal: AbortSignal;
}

/**
 * Asks an address with the access token.
 * @throws BrokerError `provider_unreachable`
 */
export async function getResource(
  { accessToken, fetch, signal }: Pick<ResourceContext, 'accessToken' | 'fetch' | 'signal'>,
  url: string,
): Promise<Response> {
  try {
    return await fetch(url, {
      headers: { accept: 'application/json', authorization: `Bearer ${reveal(accessToken)}` },
      signal,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    });
  } catch (thrown) {
    throw new BrokerError('provider_unreachable', {}, { cause: thrown });
  }
}

/** The body as JSON. @throws BrokerError `provider_answer_invalid` */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new BrokerError('provider_answer_invalid');
  }
}
