import * as v from 'valibot';
import { rejectionReasonOf } from '#core/call/rejection-reason.ts';
import { apiBaseOf } from '#core/client/client-endpoints.ts';
import type { Account } from '#core/session/session.ts';
import { parseAccessibleResources } from '#core/session/accessible-resources.ts';
import type { SiteReport } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import {
  getResource,
  isOfProvider,
  jsonObjectOf,
  jsonOf,
  optionalText,
  type ResourceContext,
} from './resource-request.ts';

/**
 * The sites that a grant reaches. Requested after consent and when a call shows that the stored sites are stale. The
 * Government Cloud's documentation names both the host of the API and the authorization server, so both are tried.
 * @throws BrokerError `grant_rejected` (the token is rejected), `provider_unreachable`, `provider_answer_invalid`
 * @see Atlassian, "OAuth 2.0 (3LO) apps", "Get the cloudid for your site"
 */
export async function accessibleResources(context: ResourceContext): Promise<SiteReport> {
  const path = '/oauth/token/accessible-resources';
  const { client } = context;
  const atApi = await getResource(context, `${apiBaseOf(client) ?? ''}${path}`);
  const authorizationServer = new URL(client.tokenEndpoint).origin;
  const response =
    atApi.status === 404 ? await getResource(context, `${authorizationServer}${path}`) : atApi;
  if (response.status === 401 || response.status === 403) {
    await requireOfProvider(response);
    throw new BrokerError('grant_rejected');
  }
  if (!response.ok) throw new BrokerError('provider_unreachable');
  return parseAccessibleResources(await jsonOf(response));
}

/** @throws BrokerError `provider_answer_invalid` for a page of an intermediary, which says nothing about the token */
async function requireOfProvider(response: Response): Promise<void> {
  if (!(await isOfProvider(response))) throw new BrokerError('provider_answer_invalid');
}

const MeSchema = v.object({
  account_id: v.optional(v.string()),
  name: optionalText,
  email: optionalText,
});

/** The scope that allows reading the account. */
const accountScope = 'read:me';

/**
 * The account of the person who signed in. Empty if the service refuses the scope, or if the grant does not have the scope
 * `read:me` and the response has no account: a session does not need the account.
 * @throws BrokerError `grant_rejected` (the token is rejected), `provider_unreachable`, `provider_answer_invalid`
 * @see Atlassian, "User identity API"
 */
export async function me(context: ResourceContext): Promise<Account> {
  const response = await getResource(context, `${apiBaseOf(context.client) ?? ''}/me`);
  const mayLackAccount = !context.scopes.includes(accountScope);
  if (!response.ok) {
    const { status } = response;
    const reason = rejectionReasonOf(status, await response.clone().text());
    // A 401 for a missing scope only means that the account cannot be read.
    if (reason === 'scope') return {};
    await requireOfProvider(response);
    if (status === 401) throw new BrokerError('grant_rejected');
    if (mayLackAccount) return {};
    throw new BrokerError('provider_answer_invalid');
  }
  const parsed = v.safeParse(MeSchema, await jsonObjectOf(response));
  if (!parsed.success) throw new BrokerError('provider_answer_invalid');
  const { account_id: accountId, name, email } = parsed.output;
  if (!accountId && !mayLackAccount) throw new BrokerError('provider_answer_invalid');
  return {
    ...(accountId ? { accountId } : {}),
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
  };
}
