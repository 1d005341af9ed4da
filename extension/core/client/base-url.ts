import { hasAmbiguousHost } from '../values/origin.ts';

/** Why a text is not the base URL of a Data Center product. */
export const baseUrlProblems = [
  'required',
  'url_invalid',
  /** Plain http, which the person did not allow for this configuration. */
  'url_not_https',
  /** It contains a user name or a password. */
  'url_with_credentials',
  /** It is on a host of an Atlassian cloud. */
  'url_of_cloud',
] as const;
/** One of {@link baseUrlProblems}. */
export type BaseUrlProblem = (typeof baseUrlProblems)[number];

/** How the typed text was changed into a base URL; shown to the person. */
export type BaseUrlRepair =
  'scheme_added' | 'slash_removed' | 'deep_link_cut' | 'query_removed' | 'fragment_removed';

/** A base URL, or why the text is not one. */
export type ReadBaseUrl =
  | {
      /** Origin and context path, without a trailing slash. */
      readonly baseUrl: string;
      readonly repairs: readonly BaseUrlRepair[];
    }
  | { readonly problem: BaseUrlProblem };

const pageSegmentsByProduct = [
  'rest plugins secure login dashboard admin account profile s',
  'browse projects issues servicedesk si software boards people',
  'display pages spaces label questions x',
  'repos users scm mvc pull-requests build deploy allPlans userlogin!doDefault',
];
/** The first path segment of a product's pages: the context path ends before it. */
const pageSegments = new Set(pageSegmentsByProduct.flatMap((segments) => segments.split(' ')));
const pageFile = /\.(?:jspa?|action|html?)$/iu;

const cloudHostNames =
  /(?:^|\.)(?:atlassian\.(?:com|net)|atlassian-us-gov-mod\.(?:com|net)|jira\.com)\.*$/u;

/**
 * Reads the base URL of a Data Center product from what a person typed or pasted: a missing scheme becomes https, and
 * from the URL of a page everything after the context path is removed.
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
  const isMade: Readonly<Record<BaseUrlRepair, boolean>> = {
    scheme_added: !hasScheme,
    deep_link_cut: page !== -1,
    slash_removed: page === -1 && absolute.replace(/[?#].*$/u, '').endsWith('/'),
    query_removed: url.search !== '',
    fragment_removed: url.hash !== '',
  };
  return {
    baseUrl: [url.origin, ...context].join('/'),
    repairs: (Object.keys(isMade) as BaseUrlRepair[]).filter((repair) => isMade[repair]),
  };
}

function problemOf(url: URL, isHttpAllowed: boolean): BaseUrlProblem | undefined {
  if (url.protocol === 'http:' && !isHttpAllowed) return 'url_not_https';
  if (!/^https?:$/u.test(url.protocol) || url.hostname === '' || hasAmbiguousHost(url))
    return 'url_invalid';
  if (url.username !== '' || url.password !== '') return 'url_with_credentials';
  return isCloudHost(url.hostname) ? 'url_of_cloud' : undefined;
}

/** Whether a host belongs to an Atlassian cloud. Other providers' secrets and tokens must not be sent there. */
export function isCloudHost(hostname: string): boolean {
  return cloudHostNames.test(hostname);
}
