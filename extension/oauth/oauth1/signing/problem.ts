import { isProblemName, type ProblemName } from '../../../core/protocol/oauth1-problems.ts';
import { formParameters } from './form-encoding.ts';
import { oauthChallenge } from './www-authenticate.ts';

/** The seconds since 1970 between which a server takes timestamps, both included. */
export interface AcceptableTimestamps {
  readonly fromS: number;
  readonly toS: number;
}

/** A refusal in the words of the protocol. The server's own prose (`oauth_problem_advice`) is left out. */
export interface Problem {
  readonly name: ProblemName;
  readonly acceptableTimestamps?: AcceptableTimestamps;
  /** The parameters that are missing, or were not accepted; names only. */
  readonly parameters?: readonly string[];
}

/** An answer as far as it can tell of a problem. */
export interface Refusal {
  readonly wwwAuthenticate: string | undefined;
  /** The body, when it is short text; servers repeat the problem there. */
  readonly text: string;
}

/**
 * Reads what a server complains of, from its `WWW-Authenticate` header first and its body second.
 * Returns undefined when it says nothing, or a word that is in no list.
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

/** `oauth_parameters_rejected` is a list of whole parameters: only their names are kept. */
function parameterNames(list: string): string[] {
  const names = list.split('&').map((part) => part.split('=')[0] ?? '');
  return [...new Set(names.filter((name) => /^[a-z_]{1,64}$/u.test(name)))];
}
