import type { ClientConfiguration } from '../../core/client/client-configuration.ts';
import { problemMeanings } from '../../core/protocol/oauth1-problems.ts';
import { BrokerError } from '../../core/values/fault.ts';
import type { Fetch } from '../fetch.ts';
import type { AuthorizationHeader, SignatureVerdict } from './authorization-header.ts';

/** What it takes to ask a provider about a grant. */
export interface ResourceContext {
  readonly client: ClientConfiguration;
  /** The header of a `GET` of this address. */
  readonly authorize: (url: string) => Promise<AuthorizationHeader>;
  /** The scopes that the grant holds, where the provider does not tell them by site. */
  readonly scopes: readonly string[];
  readonly fetch: Fetch;
  readonly subtle: Pick<SubtleCrypto, 'digest'>;
  readonly signal: AbortSignal;
}

type Asking = Pick<ResourceContext, 'authorize' | 'fetch' | 'signal'>;

/**
 * Asks an address with the access token.
 * @throws BrokerError `provider_unreachable`; for a refused signature `client_rejected`, `grant_rejected` or
 *   `authorization_failed` with the server's `oauth_problem` as its subject
 */
export async function getResource(asking: Asking, url: string): Promise<Response> {
  const first = await askOnce(asking, url, []);
  if ('response' in first) return first.response;
  const second = first.act === 'sign-again' ? await askOnce(asking, url, [first.act]) : first;
  if ('response' in second) return second.response;
  const { name } = second.problem;
  throw new BrokerError(problemMeanings[name].fault, { subject: name });
}

async function askOnce(
  { authorize, fetch, signal }: Asking,
  url: string,
  tried: readonly SignatureVerdict['act'][],
): Promise<{ readonly response: Response } | Required<SignatureVerdict>> {
  const authorization = await authorize(url);
  try {
    const response = await fetch(url, {
      headers: { accept: 'application/json', authorization: authorization.value },
      signal,
      redirect: 'error',
      credentials: 'omit',
      cache: 'no-store',
    });
    const { status, headers } = response;
    const verdict = authorization.judge({ status, headers, tried });
    return verdict?.problem === undefined ? { response } : { ...verdict, problem: verdict.problem };
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
