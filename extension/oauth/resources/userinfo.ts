import * as v from 'valibot';
import type { ClientConfiguration } from '#core/client/client-configuration.ts';
import { apiBaseOf, userinfoEndpointOf } from '#core/client/client-endpoints.ts';
import type { Account } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import {
  getResource,
  isOfProvider,
  jsonObjectOf,
  optionalText,
  type ResourceContext,
} from './resource-request.ts';

const UserinfoSchema = v.object({
  sub: optionalText,
  name: optionalText,
  preferred_username: optionalText,
  email: optionalText,
});

/**
 * The account of the person who signed in, from the userinfo endpoint. Empty without such an endpoint or without the
 * scope `openid`: a session does not need the account.
 * @throws BrokerError `provider_unreachable`, `provider_answer_invalid`
 * @see OpenID Connect Core 1.0, section 5.3
 */
export async function userinfoAccount(context: ResourceContext): Promise<Account> {
  const { client } = context;
  const endpoint = userinfoEndpointOf(client);
  if (endpoint === undefined) return {};
  const ownHeaders = isOfApi(client, endpoint) ? client.requestHeaders : undefined;
  const response = await getResource(context, endpoint, ownHeaders);
  // A 404 is that of a wrong endpoint, too: such a session has no account.
  if (!response.ok && response.status !== 404 && !(await isOfProvider(response)))
    throw new BrokerError('provider_answer_invalid');
  if (!response.ok) return {};
  const parsed = v.safeParse(UserinfoSchema, await jsonObjectOf(response));
  if (!parsed.success) throw new BrokerError('provider_answer_invalid');
  const { sub, name, preferred_username: userName, email } = parsed.output;
  const displayName = name ?? userName;
  return {
    ...(sub ? { accountId: sub } : {}),
    ...(displayName ? { name: displayName } : {}),
    ...(email ? { email } : {}),
  };
}

/** Whether an endpoint is part of the API that pages may call, and so needs the headers that the API needs. */
function isOfApi(client: ClientConfiguration, endpoint: string): boolean {
  const apiBase = apiBaseOf(client);
  return apiBase !== undefined && new URL(apiBase).origin === new URL(endpoint).origin;
}
