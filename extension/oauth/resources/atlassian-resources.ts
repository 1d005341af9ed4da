import * as v from 'valibot';
import { rejectionReasonOf } from '#core/call/rejection-reason.ts';
import { apiBaseOf } from '#core/client/client-endpoints.ts';
import type { Account } from '#core/session/session.ts';
import { parseAccessibleResources, type SiteReport } from '#core/session/site.ts';
import { BrokerError } from '#core/values/fault.ts';
import {
  getResource,
  isOfProvider,
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

/**
 * The account of the person who signed in. Empty without the scope `read:me`: a session does not need the account.
 * @throws BrokerError `provider_unreachable`, `provider_answer_invalid`
 * @see Atlassian, "User identity API"
 */
export async function me(context: ResourceContext): Promise<Account> {
  const response = await getResource(context, `${apiBaseOf(context.client) ?? ''}/me`);
  // A 401 for a missing scope only means that the account cannot be read.
  const isRefused =
    response.status === 401 && rejectionReasonOf(401, await response.clone().text()) !== 'scope';
  if (!response.ok) await requireOfProvider(response);
  if (isRefused) throw new BrokerError('grant_rejected');
  if (!response.ok) return {};
  const parsed = v.safeParse(MeSchema, await jsonOf(response));
  if (!parsed.success) throw new BrokerError('provider_answer_invalid');
  const { account_id: accountId, name, email } = parsed.output;
  return {
    ...(accountId ? { accountId } : {}),
    ...(name ? { name } : {}),
    ...(email ? { email } : {}),
  };
}
