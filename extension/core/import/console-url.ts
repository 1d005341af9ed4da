import { isScopeToken, splitScopes } from '../protocol/scope.ts';

/** The clouds with a developer console, by the host of their authorization endpoint. */
const cloudsByHost = {
  'auth.atlassian.com': 'commercial',
  'auth.atlassian-us-gov-mod.com': 'us-gov-mod',
} as const;

/** One of Atlassian's clouds. */
export type ConsoleCloud = (typeof cloudsByHost)[keyof typeof cloudsByHost];

/** What is wrong with a pasted authorization URL. The message key of each text is `console_url_<name>`. */
export const consoleUrlProblems = [
  'required',
  /** Not a URL. */
  'url_invalid',
  /** The URL of the console, not the authorization URL that it shows. */
  'console_page',
  /** A URL on the host of no known cloud. */
  'unknown_cloud',
  /** A URL of a known cloud whose path is not `/authorize`. */
  'not_authorize',
  /** `response_type` is not `code`. */
  'response_type_wrong',
  'client_id_missing',
  /** A parameter that may occur once is repeated. */
  'parameter_repeated',
  /** `audience` does not belong to the cloud of the host. */
  'audience_mismatch',
  'scope_invalid',
] as const;
/** One of {@link consoleUrlProblems}. */
export type ConsoleUrlProblem = (typeof consoleUrlProblems)[number];

/** The values that a pasted authorization URL contains. */
export interface ConsoleUrlContent {
  readonly cloud: ConsoleCloud;
  readonly clientId: string;
  /** Empty when the app has no permissions. */
  readonly scopes: readonly string[];
  readonly redirectUri?: string;
  /** The parameters that Threelo does not set by itself. */
  readonly extra: readonly (readonly [name: string, value: string])[];
}

/** The values of a pasted URL, or why it has none. */
export type ReadConsoleUrl =
  { readonly content: ConsoleUrlContent } | { readonly problem: ConsoleUrlProblem };

const parameterNames =
  'audience client_id scope redirect_uri state response_type prompt code_challenge code_challenge_method';
/** The parameters that Threelo sets by itself. In the console's URL some of them are placeholders. */
const ownParameters = new Set(parameterNames.split(' '));

/**
 * Reads the authorization URL that Atlassian's developer console shows for an app. Accepts surrounding quotes and
 * whitespace, line breaks, a missing `https://`, and `+` for a space.
 * @see Atlassian, "OAuth 2.0 (3LO) apps"; "Implementing OAuth 2.0 (3LO)" of the Government Cloud
 */
export function readConsoleUrl(pasted: string): ReadConsoleUrl {
  const text = pasted.replaceAll(/^[\s"'<]+|[\s"'>]+$|[\r\n\t]+/gu, '').replaceAll('&amp;', '&');
  if (text === '') return { problem: 'required' };
  const absolute = /^[a-z][a-z\d+.-]*:\/\//iu.test(text) ? text : `https://${text}`;
  if (!URL.canParse(absolute)) return { problem: 'url_invalid' };
  const url = new URL(absolute);
  const cloud = cloudOf(url);
  if (typeof cloud !== 'string') return cloud;
  // Placeholders such as `${YOUR_USER_BOUND_VALUE}` for `state` need no treatment, since `state` is not used.
  const parameters = [...url.searchParams].map(
    ([name, value]) => [name.trim(), value.trim()] as const,
  );
  const values: ValuesOf = (name) =>
    parameters.flatMap(([each, value]) => (each === name ? [value] : []));
  const problem = problemOf(values, url.hostname);
  if (problem !== undefined) return { problem };
  const value = (name: string): string => values(name)[0] ?? '';
  const redirectUri = value('redirect_uri');
  return {
    content: {
      cloud,
      clientId: value('client_id'),
      scopes: splitScopes(value('scope')),
      ...(redirectUri === '' ? {} : { redirectUri }),
      extra: parameters.filter(([name]) => !ownParameters.has(name)),
    },
  };
}

/** All values of a parameter. */
type ValuesOf = (name: string) => string[];

function cloudOf(url: URL): ConsoleCloud | { problem: ConsoleUrlProblem } {
  if (!/^https?:$/u.test(url.protocol)) return { problem: 'url_invalid' };
  const host = url.hostname;
  if (/^developer\.atlassian/u.test(host)) return { problem: 'console_page' };
  if (!isCloudHost(host) || url.port !== '') return { problem: 'unknown_cloud' };
  if (url.pathname.replace(/\/$/u, '') !== '/authorize') return { problem: 'not_authorize' };
  return cloudsByHost[host];
}

function isCloudHost(host: string): host is keyof typeof cloudsByHost {
  return Object.hasOwn(cloudsByHost, host);
}

function problemOf(values: ValuesOf, host: string): ConsoleUrlProblem | undefined {
  if ([...ownParameters].some((name) => values(name).length > 1)) return 'parameter_repeated';
  if ((values('response_type')[0] ?? 'code') !== 'code') return 'response_type_wrong';
  if (!values('client_id')[0]) return 'client_id_missing';
  const audience = values('audience')[0];
  if (audience && audience !== host.replace(/^auth\./u, 'api.')) return 'audience_mismatch';
  return splitScopes(values('scope')[0] ?? '').every(isScopeToken) ? undefined : 'scope_invalid';
}
