import { unprocessed } from '../../core/session/refresh-plan.ts';
import { BrokerError } from '../../core/values/fault.ts';
import { oauthErrorSubject } from './authorization.ts';

/** Which grant a token request was for: the same error means different things. */
export type TokenGrant = 'code' | 'refresh';

/**
 * What a token endpoint's refusal means. The `error` decides and not the status: Atlassian tells a dead
 * refresh token with 403 and either `invalid_grant` or `unauthorized_client`, and a wrong client secret
 * with 401 `access_denied`.
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
