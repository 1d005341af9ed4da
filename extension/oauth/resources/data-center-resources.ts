import {
  identityPaths,
  loginReasonHeader,
  readIdentity,
  userNameHeader,
  type Identity,
} from '#core/session/data-center-identity.ts';
import type { Account } from '#core/session/session.ts';
import { BrokerError } from '#core/values/fault.ts';
import { getResource, jsonOf, type ResourceContext } from './resource-request.ts';

/**
 * The user for whom a Data Center product accepts the token. A product may respond to a token that it does not accept
 * with 200 and public content, so the account decides, not the status.
 * @throws BrokerError `answered_as_anonymous`, `provider_unreachable`, `provider_answer_invalid`
 * @see Atlassian, "OAuth 2.0 provider API"
 */
export async function dataCenterAccount(context: ResourceContext): Promise<Account> {
  const { baseUrl = '', product = 'jira' } = context.client;
  const response = await getResource(context, `${baseUrl}${identityPaths[product]}`);
  const identity: Identity = readIdentity(product, {
    status: response.status,
    // For example a web page, which does not contain the account.
    body: await jsonOf(response).catch(() => undefined),
    userName: response.headers.get(userNameHeader),
    challenge: response.headers.get('www-authenticate'),
    loginReason: response.headers.get(loginReasonHeader),
  });
  switch (identity.kind) {
    case 'user':
      return identity.account;
    case 'anonymous':
      throw new BrokerError('answered_as_anonymous');
    case 'unknown':
      throw new BrokerError('provider_answer_invalid');
  }
}
