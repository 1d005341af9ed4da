import { isForm } from '#core/protocol/form-body.ts';
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

/** Why a server refused a request: a problem; or the name of an unknown one, absent when it gives no reason. */
export type Refusal = { readonly problem: Problem } | { readonly unknown: string | undefined };

/** The parts of a response that can report a problem. */
export interface ProblemParts {
  readonly wwwAuthenticate: string | undefined;
  /** The body, or an empty text to ignore it. */
  readonly text: string;
}

/**
 * Reads why a server refused a request, from its OAuth challenge, else from the body. Undefined when the response has
 * neither a challenge nor a form with `oauth_problem`, whatever its status: then another server may have responded.
 * @see RFC 5849, section 3.5.1; OAuth Problem Reporting extension
 */
export function readRefusal({ wwwAuthenticate, text }: ProblemParts): Refusal | undefined {
  const challenge = new Map(oauthChallenge(wwwAuthenticate ?? ''));
  const body = new Map(isForm(text) ? formParameters(text.trim()) : []);
  // An empty parameter reports nothing.
  const value = (name: string): string =>
    [challenge, body].map((part) => part.get(name)?.trim()).find((text) => text) ?? '';
  const name = value('oauth_problem');
  if (!isProblemName(name)) {
    if (/^[a-z][a-z0-9_.-]{0,63}$/u.test(name)) return { unknown: name };
    return challenge.size > 0 ? { unknown: undefined } : undefined;
  }
  const timestamps = acceptableTimestamps(value('oauth_acceptable_timestamps'));
  const parameters = parameterNames(
    `${value('oauth_parameters_absent')}&${value('oauth_parameters_rejected')}`,
  );
  const problem: Problem = {
    name,
    ...(timestamps === undefined ? {} : { acceptableTimestamps: timestamps }),
    ...(parameters.length === 0 ? {} : { parameters }),
  };
  return { problem };
}

/** The problem that a server reports; undefined for an unknown one. See {@link readRefusal}. */
export function readProblem(parts: ProblemParts): Problem | undefined {
  const refusal = readRefusal(parts);
  return refusal !== undefined && 'problem' in refusal ? refusal.problem : undefined;
}

function acceptableTimestamps(text: string): AcceptableTimestamps | undefined {
  const [, from, to] = /^(\d{1,12})-(\d{1,12})$/u.exec(text) ?? [];
  const range = { fromS: Number(from), toS: Number(to) };
  return range.fromS <= range.toS ? range : undefined;
}

/** The names in a list that may have values, too, as `oauth_parameters_rejected` does. */
function parameterNames(list: string): string[] {
  const names = list.split('&').map((part) => part.split('=')[0] ?? '');
  return [...new Set(names.filter((name) => /^[a-z_]{1,64}$/u.test(name)))];
}
