import { isProblemName, type ProblemName } from '#core/protocol/oauth1-problems.ts';
import { formParameters } from './form-encoding.ts';
import { oauthChallenge } from './www-authenticate.ts';

/** The range of timestamps that a server accepts, in seconds since 1970, both included. */
export interface AcceptableTimestamps {
  readonly fromS: number;
  readonly toS: number;
}

/** A problem that a server reports. Its free text (`oauth_problem_advice`) is left out. */
export interface Problem {
  readonly name: ProblemName;
  readonly acceptableTimestamps?: AcceptableTimestamps;
  /** The names of the parameters that are missing or were rejected. */
  readonly parameters?: readonly string[];
}

/** The parts of a response that can report a problem. */
export interface Refusal {
  readonly wwwAuthenticate: string | undefined;
  /** The body, or an empty text to ignore it. */
  readonly text: string;
}

/**
 * Reads the problem that a server reports. The `WWW-Authenticate` header has precedence over the body. Undefined when
 * there is no `oauth_problem`, or an unknown one.
 * @see OAuth Problem Reporting extension
 */
export function readProblem({ wwwAuthenticate, text }: Refusal): Problem | undefined {
  const inHeader = new Map(oauthChallenge(wwwAuthenticate ?? ''));
  const inBody = new Map(formParameters(text.trim()));
  const value = (name: string): string => inHeader.get(name) ?? inBody.get(name) ?? '';
  const name = value('oauth_problem').trim();
  if (!isProblemName(name)) return undefined;
  const timestamps = acceptableTimestamps(value('oauth_acceptable_timestamps'));
  const parameters = parameterNames(
    `${value('oauth_parameters_absent')}&${value('oauth_parameters_rejected')}`,
  );
  return {
    name,
    ...(timestamps === undefined ? {} : { acceptableTimestamps: timestamps }),
    ...(parameters.length === 0 ? {} : { parameters }),
  };
}

function acceptableTimestamps(text: string): AcceptableTimestamps | undefined {
  const [, from, to] = /^(\d{1,12})-(\d{1,12})$/u.exec(text.trim()) ?? [];
  const range = { fromS: Number(from), toS: Number(to) };
  return range.fromS <= range.toS ? range : undefined;
}

/** The names in a list that may have values, too, as `oauth_parameters_rejected` does. */
function parameterNames(list: string): string[] {
  const names = list.split('&').map((part) => part.split('=')[0] ?? '');
  return [...new Set(names.filter((name) => /^[a-z_]{1,64}$/u.test(name)))];
}
