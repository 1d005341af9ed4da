/**
 * How the sessions are kept: the system properties of Data Center's OAuth 2.0 client by their meaning, with
 * the same defaults, and the retry window of the provider.
 * @see Atlassian, "OAuth 2.0 client" (system properties `atlassian.oauth2.client.…`)
 */
export interface Settings {
  /** Days that a refresh token is taken to live when its provider names no lifetime (`default.refresh.token.duration.days`). */
  readonly refreshTokenDurationDays: number;
  /** Days that an access token without a refresh token has to live to pass unflagged (`minimum.access.token.only.lifetime.days`). */
  readonly minimumAccessTokenOnlyLifetimeDays: number;
  /** Seconds that our clock and a provider's may differ (`max.clock.skew.seconds`). */
  readonly clockSkewSeconds: number;
  /** Seconds from the redirect to the exchange of the code (`max.client.delay.seconds`). */
  readonly clientDelaySeconds: number;
  /** Seconds to wait for a token endpoint in all, with retries; one attempt waits 20 s at most (`max.server.delay.seconds`). */
  readonly serverDelaySeconds: number;
  /** Days that an unrecoverable session is kept before it is pruned (`lifetime.invalid.token.days`). */
  readonly invalidTokenLifetimeDays: number;
  /** Local time of the daily prune, `HH:MM` (`prune.expired.tokens.schedule`). */
  readonly pruneAt: string;
  /** Days after which a recoverable session counts as unrecoverable (`unrecoverable.token.failing.period.days`). */
  readonly unrecoverableAfterDays: number;
  /** The most refreshes at once (`default.monitor.stripe.count`); alarms alone start two. */
  readonly concurrentRefreshes: number;
  /** Seconds that Atlassian Cloud takes a refresh token after its rotation. */
  readonly cloudRetryWindowSeconds: number;
}

/** The defaults. */
export const defaultSettings: Settings = {
  refreshTokenDurationDays: 30,
  minimumAccessTokenOnlyLifetimeDays: 30,
  clockSkewSeconds: 60,
  clientDelaySeconds: 60,
  serverDelaySeconds: 120,
  invalidTokenLifetimeDays: 30,
  pruneAt: '23:00',
  unrecoverableAfterDays: 7,
  concurrentRefreshes: 64,
  cloudRetryWindowSeconds: 600,
};
