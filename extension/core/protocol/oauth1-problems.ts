import type { FaultCode } from '../values/fault.ts';

/** Where the cause of a refusal lies, and so what has to change before another try is any use. */
export type ProblemCause =
  'clock' | 'nonce' | 'link' | 'signature' | 'request' | 'token' | 'person';

interface ProblemMeaning {
  readonly cause: ProblemCause;
  /** How it is told when nothing can be done about it without the person. */
  readonly fault: FaultCode;
}

/**
 * Every problem that a server may report, with its meaning. The names are those of the wire; the words for each are
 * under the message key `oauth1_problem_<name>`.
 * @see OAuth Problem Reporting extension; Atlassian, "OAuth troubleshooting guide"
 */
export const problemMeanings = {
  /** The clocks are too far apart. */
  timestamp_refused: { cause: 'clock', fault: 'authorization_failed' },
  /** The server believes that it has seen the request before. */
  nonce_used: { cause: 'nonce', fault: 'authorization_failed' },
  /** The link is missing, or has another consumer key. */
  consumer_key_unknown: { cause: 'link', fault: 'client_rejected' },
  consumer_key_rejected: { cause: 'link', fault: 'client_rejected' },
  /** The link is there and switched off for now. */
  consumer_key_refused: { cause: 'link', fault: 'client_rejected' },
  /** Another key than the link's, or another address than the one that the server believes to have. */
  signature_invalid: { cause: 'signature', fault: 'client_rejected' },
  /** The link takes RSA-SHA1 only, or the provider HMAC-SHA1 only. */
  signature_method_rejected: { cause: 'signature', fault: 'client_rejected' },
  version_rejected: { cause: 'request', fault: 'authorization_failed' },
  parameter_absent: { cause: 'request', fault: 'authorization_failed' },
  /** Most often the callback URL. */
  parameter_rejected: { cause: 'request', fault: 'authorization_failed' },
  token_expired: { cause: 'token', fault: 'grant_rejected' },
  token_used: { cause: 'token', fault: 'grant_rejected' },
  token_revoked: { cause: 'token', fault: 'grant_rejected' },
  token_rejected: { cause: 'token', fault: 'grant_rejected' },
  /** The person was not asked yet. */
  permission_unknown: { cause: 'token', fault: 'grant_rejected' },
  /** The signature is good; the person said no, or has no access to the product. */
  permission_denied: { cause: 'person', fault: 'grant_rejected' },
  additional_authorization_required: { cause: 'token', fault: 'grant_rejected' },
  user_refused: { cause: 'person', fault: 'consent_denied' },
} as const satisfies Record<string, ProblemMeaning>;

/** See {@link problemMeanings}. */
export type ProblemName = keyof typeof problemMeanings;

/** Whether a server's word is one of {@link problemMeanings}. */
export function isProblemName(text: string): text is ProblemName {
  return Object.hasOwn(problemMeanings, text);
}
