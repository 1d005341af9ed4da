import { unprocessed } from '#core/session/refresh-plan.ts';
import { BrokerError } from '#core/values/fault.ts';
import { oauthErrorSubject } from './authorization.ts';

/** The grant of a token request. The same error can mean different things for each. */
export type TokenGrant = 'code' | 'refresh';

/**
 * The fault for an error response of a token endpoint. The `error` decides, not the status: Atlassian responds to an
 * invalid refresh token with 403 and `invalid_grant` or `unauthorized_client`, and to a wrong client secret with 401
 * and `access_denied`.
 * @see RFC 6749, section 5.2; Atlassian, "OAuth 2.0 (3LO) apps", "Known issues and FAQ"
 */
export function tokenFault(
  grant: TokenGrant,
  status: number,
  error: string | undefined,
  retryAfterMs?: number,
): BrokerError {
  const subject = oauthErrorSubject(error);
  if (error === 'invalid_client' || error === 'access_denied')
    return new BrokerError('client_rejected', subject);
  if (error === 'invalid_grant') return new BrokerError('grant_rejected', subject);
  if (error === 'unauthorized_client') {
    return new BrokerError(grant === 'refresh' ? 'grant_rejected' : 'client_rejected', subject);
  }
  if (status === 429) {
    return new BrokerError('rate_limited', retryAfterMs === undefined ? {} : { retryAfterMs });
  }
  if (status === 503) return new BrokerError('provider_unreachable', { subject: unprocessed });
  if (status >= 500 || status === 408) return new BrokerError('provider_unreachable');
  if (error !== undefined) return new BrokerError('authorization_failed', subject);
  return new BrokerError('provider_answer_invalid');
}
