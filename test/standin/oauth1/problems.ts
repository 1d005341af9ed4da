import { text, type Answer } from '../http/answer.ts';

/** The OAuth Problem Reporting extension, and "OAuth troubleshooting guide". */
export type OAuthProblem =
  | 'additional_authorization_required'
  | 'consumer_key_unknown'
  | 'nonce_used'
  | 'parameter_absent'
  | 'parameter_rejected'
  | 'permission_denied'
  | 'permission_unknown'
  | 'signature_invalid'
  | 'signature_method_rejected'
  | 'timestamp_refused'
  | 'token_expired'
  | 'token_rejected'
  | 'token_used'
  | 'user_refused'
  | 'version_rejected';

/** A refusal: the problem, and parameters that explain it, such as `oauth_parameters_absent`. */
export interface ProblemReport {
  readonly problem: OAuthProblem;
  readonly details?: Readonly<Record<string, string>>;
}

/** 401 with the problem in WWW-Authenticate and, form-encoded, in the body. */
export function problemAnswer({ problem, details = {} }: ProblemReport, realm: string): Answer {
  const fields = { oauth_problem: problem, ...details };
  const quoted = Object.entries({ realm, ...fields }).map(
    ([name, value]) => `${name}="${name === 'realm' ? value : encodeURIComponent(value)}"`,
  );
  const answer = text(401, new URLSearchParams(fields).toString());
  const challenge = { 'www-authenticate': `OAuth ${quoted.join(', ')}` };
  return { ...answer, headers: { ...answer.headers, ...challenge } };
}
