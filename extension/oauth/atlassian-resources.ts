import * as v from 'valibot';
import { BrokerError } from '../core/fault.ts';
import { profileOf } from '../core/provider-profile.ts';
import type { ProviderType } from '../core/provider-type.ts';
import { reveal, type Secret } from '../core/secret.ts';
import type { Account } from '../core/session.ts';
import { parseAccessibleResources, type Site } from '../core/site.ts';
import type { Fetch } from './token-endpoint.ts';

/** What the requests of this file need. */
export interface ResourceContext {
  readonly type: ProviderType;
  readonly accessToken: Secret;
  readonly fetch: Fetch;
  readonly signal: AbortSignal;
}

/**
 * The sites that a grant reaches. Asked after consent and when a call proves the cache stale, never per call.
 * @throws BrokerError `grant_rejected` (the token is refused), `provider_unreachable`, `provider_answer_invalid`
 * @see Atlassian, "OAuth 2.0 (3LO) apps", "Get the cloudid for your site"
 */
export async function accessibleResources(context: ResourceContext): Promise<Site[]> {
  const response = await get(context, '/oauth/token/accessible-resources');
  if (response.status === 401 || response.status === 403) throw new BrokerError('grant_rejected');
  if (!response.ok) throw new BrokerError('provider_unreachable');
  return parseAccessibleResources(await json(response));
}

const MeSchema = v.object({
  account_id: v.optional(v.string()),
  name: v.optional(v.string()),
  email: v.optional(v.nullable(v.string())),
});

/**
 * Who signed in. Empty when the service may not tell, as without the scope `read:me`: a session works without it.
 * @throws BrokerError `provider_unreachable`, `provider_answer_invalid`
 * @see Atlassian, "User identity API"
 */
export async function me(context: ResourceContext): Promise<Account> {
  const response = await get(context, '/me');
  if (response.status >= 500 || response.status === 429)
    throw new BrokerError('provider_unreachable');
  if (!response.ok) return {};
  const parsed = v.safeParse(MeSchema, await json(response));
  if (!parsed.success) return {};
  const { account_id: accountId, name, email } = parsed.output;
  return {
    ...(accountId ? { accountId } : {}),
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
  };
}

async function get(
  { type, accessToken, fetch, signal }: ResourceContext,
  path: string,
): Promise<Response> {
  try {
    return await fetch(`${profileOf(type).apiBase ?? ''}${path}`, {
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

async function json(response: Response): Promise<unknown> {
  try {
    return await response.json();
  } catch {
    throw new BrokerError('provider_answer_invalid');
  }
}
