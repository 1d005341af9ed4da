import type { FaultCode } from '../values/fault.ts';

/** What caused a refusal, and so what has to change before a retry. */
export type ProblemCause =
  'clock' | 'nonce' | 'link' | 'signature' | 'request' | 'token' | 'person';

interface ProblemMeaning {
  readonly cause: ProblemCause;
  /** The fault that is reported when no retry helps. */
  readonly fault: FaultCode;
}

/**
 * Every value of `oauth_problem`, with its meaning. The message key of each text is `oauth1_problem_<name>`.
 * @see OAuth Problem Reporting extension; Atlassian, "OAuth troubleshooting guide"
 */
export const problemMeanings = {
  /** The clocks are too far apart. */
  timestamp_refused: { cause: 'clock', fault: 'authorization_failed' },
  /** The server received the same nonce before. */
  nonce_used: { cause: 'nonce', fault: 'authorization_failed' },
  /** The application link is missing, or has another consumer key. */
  consumer_key_unknown: { cause: 'link', fault: 'client_rejected' },
  consumer_key_rejected: { cause: 'link', fault: 'client_rejected' },
  /** The application link is disabled. */
  consumer_key_refused: { cause: 'link', fault: 'client_rejected' },
  /** The key is not the one of the link, or the server is configured with another base URL. */
  signature_invalid: { cause: 'signature', fault: 'client_rejected' },
  /** The link accepts only RSA-SHA1, or the provider only HMAC-SHA1. */
  signature_method_rejected: { cause: 'signature', fault: 'client_rejected' },
  version_rejected: { cause: 'request', fault: 'authorization_failed' },
  parameter_absent: { cause: 'request', fault: 'authorization_failed' },
  /** Most often the callback URL. */
  parameter_rejected: { cause: 'request', fault: 'authorization_failed' },
  token_expired: { cause: 'token', fault: 'grant_rejected' },
  token_used: { cause: 'token', fault: 'grant_rejected' },
  token_revoked: { cause: 'token', fault: 'grant_rejected' },
  token_rejected: { cause: 'token', fault: 'grant_rejected' },
  /** The person has neither allowed nor denied access yet. */
  permission_unknown: { cause: 'token', fault: 'grant_rejected' },
  /** The signature is valid, but the person denied access, or has no access to the product. */
  permission_denied: { cause: 'person', fault: 'grant_rejected' },
  additional_authorization_required: { cause: 'token', fault: 'grant_rejected' },
  user_refused: { cause: 'person', fault: 'consent_denied' },
} as const satisfies Record<string, ProblemMeaning>;

/** A known value of `oauth_problem`. */
export type ProblemName = keyof typeof problemMeanings;

/** Whether a value of `oauth_problem` is known. */
export function isProblemName(text: string): text is ProblemName {
  return Object.hasOwn(problemMeanings, text);
}
