/** What keeps a text from being a base URL. */
export const baseUrlProblems = [
  'required',
  'url_invalid',
  /** Plain http, which has to be allowed by name. */
  'url_not_https',
  /** A user name or password stands in it. */
  'url_with_credentials',
  /** It is a site of Atlassian Cloud. */
  'url_of_cloud',
] as const;
/** See {@link baseUrlProblems}. */
export type BaseUrlProblem = (typeof baseUrlProblems)[number];

/** What was changed to make a base URL of what was typed; shown, since a person should see it. */
export type BaseUrlRepair =
  'scheme_added' | 'slash_removed' | 'deep_link_cut' | 'query_removed' | 'fragment_removed';

/** What came of reading a base URL. */
export type ReadBaseUrl =
  | {
      /** Origin and context path, without a trailing slash. */
      readonly baseUrl: string;
      readonly repairs: readonly BaseUrlRepair[];
    }
  | { readonly problem: BaseUrlProblem };

/** Where a product's own pages begin: the context path ends before. */
const pageSegments = new Set([
  ...['rest', 'plugins', 'secure', 'login', 'dashboard', 'admin', 'account', 'profile', 's'],
  ...['browse', 'projects', 'issues', 'servicedesk', 'si', 'software', 'boards', 'people'],
  ...['display', 'pages', 'spaces', 'label', 'questions', 'x'],
  ...[
    'repos',
    'users',
    'scm',
    'mvc',
    'pull-requests',
    'build',
    'deploy',
    'allPlans',
    'userlogin!doDefault',
  ],
]);
const pageFile = /\.(?:jspa?|action|html?)$/iu;

const cloudHostNames =
  /(?:^|\.)(?:atlassian\.(?:com|net)|atlassian-us-gov-mod\.(?:com|net)|jira\.com)$/u;

/**
 * Reads the base URL of a Data Center product as a person types or pastes it: a missing scheme becomes https, and
 * the link of a page is cut to where the product begins.
 */
export function readBaseUrl(
  typed: string,
  { isHttpAllowed }: { isHttpAllowed: boolean },
): ReadBaseUrl {
  const text = typed.trim();
  if (text === '') return { problem: 'required' };
  const hasScheme = /^[a-z][a-z\d+.-]*:\/\//iu.test(text);
  const absolute = hasScheme ? text : `https://${text.replace(/^\/+/u, '')}`;
  if (/\s/u.test(absolute) || !URL.canParse(absolute)) return { problem: 'url_invalid' };
  const url = new URL(absolute);
  const problem = problemOf(url, isHttpAllowed);
  if (problem !== undefined) return { problem };
  const segments = url.pathname.split('/').filter((segment) => segment !== '');
  const page = segments.findIndex((name) => pageSegments.has(name) || pageFile.test(name));
  const context = page === -1 ? segments : segments.slice(0, page);
  const made: Readonly<Record<BaseUrlRepair, boolean>> = {
    scheme_added: !hasScheme,
    deep_link_cut: page !== -1,
    slash_removed: page === -1 && absolute.replace(/[?#].*$/u, '').endsWith('/'),
    query_removed: url.search !== '',
    fragment_removed: url.hash !== '',
  };
  return {
    baseUrl: [url.origin, ...context].join('/'),
    repairs: (Object.keys(made) as BaseUrlRepair[]).filter((repair) => made[repair]),
  };
}

function problemOf(url: URL, isHttpAllowed: boolean): BaseUrlProblem | undefined {
  if (url.protocol === 'http:' && !isHttpAllowed) return 'url_not_https';
  if (!/^https?:$/u.test(url.protocol) || url.hostname === '') return 'url_invalid';
  if (url.username !== '' || url.password !== '') return 'url_with_credentials';
  return isCloudHost(url.hostname) ? 'url_of_cloud' : undefined;
}

/** Whether a host belongs to one of Atlassian's own clouds: nothing of another system has business there. */
export function isCloudHost(hostname: string): boolean {
  return cloudHostNames.test(hostname);
}
