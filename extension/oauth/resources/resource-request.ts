import * as v from 'valibot';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import type { ConfiguredHeaders } from '#core/client/configured-headers.ts';
import { problemMeanings } from '#core/protocol/oauth1-problems.ts';
import { BrokerError } from '#core/values/fault.ts';
import { isolatedRequest, type Fetch } from '../fetch.ts';
import { readBeginning } from '../read-body.ts';
import type { AuthorizationHeader, SignatureDecision } from './authorization-header.ts';

/** What a request to a provider's resource endpoints needs. */
export interface ResourceContext {
  readonly client: ClientConfiguration;
  /** Creates the header of a `GET` request to a URL. */
  readonly authorize: (url: string) => Promise<AuthorizationHeader>;
  /** The scopes of the grant, for providers that do not report scopes by site. */
  readonly scopes: readonly string[];
  readonly fetch: Fetch;
  readonly subtle: Pick<SubtleCrypto, 'digest'>;
  readonly signal: AbortSignal;
}

/** Maximum size of a response, in bytes: several thousand sites. A longer one is unreadable. */
const maxBodyBytes = 4_194_304;

type RequestContext = Pick<ResourceContext, 'authorize' | 'fetch' | 'signal'>;

/**
 * Sends a `GET` request with the access token; a refused signature is retried once. The body of the response has
 * arrived, and is empty if it was longer than any response to such a request.
 * @param ownHeaders the headers of the configuration, when the endpoint is one of its API
 * @throws BrokerError `provider_unreachable`, also for 5xx and 429; for a refused signature `client_rejected`, `grant_rejected` or
 *   `authorization_failed` with the server's `oauth_problem` as its subject
 */
export async function getResource(
  context: RequestContext,
  url: string,
  ownHeaders: ConfiguredHeaders = {},
): Promise<Response> {
  const first = await sendOnce(context, { url, ownHeaders }, []);
  const isRetried = 'act' in first && first.act === 'sign-again';
  const result = isRetried ? await sendOnce(context, { url, ownHeaders }, [first.act]) : first;
  if ('problem' in result) {
    const { name } = result.problem;
    throw new BrokerError(problemMeanings[name].fault, { subject: name });
  }
  const { response } = result;
  if (response.status >= 500 || response.status === 429)
    throw new BrokerError('provider_unreachable');
  return response;
}

async function sendOnce(
  { authorize, fetch, signal }: RequestContext,
  { url, ownHeaders }: { readonly url: string; readonly ownHeaders: ConfiguredHeaders },
  tried: readonly SignatureDecision['act'][],
): Promise<{ readonly response: Response } | Required<SignatureDecision>> {
  const authorization = await authorize(url);
  const headers = new Headers(ownHeaders);
  // Whatever the configuration accepts: the response is read as JSON.
  headers.set('accept', 'application/json');
  headers.set('authorization', authorization.value);
  try {
    const response = await fetch(url, {
      headers,
      signal,
      ...isolatedRequest,
    });
    const { status, headers: received } = response;
    const decision = authorization.decide({ status, headers: received, tried });
    if (decision?.problem === undefined) return { response: await arrived(response, signal) };
    return { act: decision.act, problem: decision.problem };
  } catch (thrown) {
    throw new BrokerError('provider_unreachable', {}, { cause: thrown });
  }
}

async function arrived(response: Response, signal: AbortSignal): Promise<Response> {
  const { status, statusText, headers } = response;
  const { bytes, isComplete } = await readBeginning(response, { maxBytes: maxBodyBytes, signal });
  const body = isComplete && bytes.length > 0 ? bytes : null;
  return new Response(body, { status, statusText, headers });
}

/**
 * Whether the provider sent a refusal: it has a challenge for bearer tokens or a JSON object. An intermediary sends a web
 * page, with whatever status.
 * @see RFC 6750, section 3
 */
export async function isOfProvider(response: Response): Promise<boolean> {
  if (/(?:^|,\s*)Bearer\b/iu.test(response.headers.get('www-authenticate') ?? '')) return true;
  const body: unknown = await response
    .clone()
    .json()
    .catch(() => undefined);
  return isObject(body);
}

function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** A member that may be missing. Any value but text counts as missing, and affects no other member. */
export const optionalText = v.fallback(v.optional(v.string()), undefined);

/** Parses the body as JSON. @throws BrokerError `provider_answer_invalid` when it is not JSON */
export async function jsonOf(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new BrokerError('provider_answer_invalid');
  }
}

/** As {@link jsonOf}, for a body that is a JSON object. @throws BrokerError `provider_answer_invalid` when it is another value */
export async function jsonObjectOf(response: Response): Promise<object> {
  const value = await jsonOf(response);
  if (!isObject(value)) throw new BrokerError('provider_answer_invalid');
  return value;
}
