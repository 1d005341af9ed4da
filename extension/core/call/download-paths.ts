import type { Product } from '../session/site.ts';

/**
 * Paths at which a product sends the bytes of a file, or redirects to where they are. A path consists of segments: `*` is
 * any one, `**` one or more, `{id}` digits, `{a,b}` one of several. docs/download-paths.md has the documentation page of each.
 */
export const downloadPaths = {
  'jira-cloud': [
    '/rest/api/{2,3,latest}/attachment/{content,thumbnail}/*',
    '/rest/servicedeskapi/request/*/attachment/*{,/thumbnail}',
  ],
  'confluence-cloud': [
    '/wiki/rest/api/content/*/child/attachment/*/download',
    '/wiki/api/v2/attachments/*/thumbnail/download',
    '/wiki/download/{attachments,thumbnails}/{id}/*',
  ],
  'jira-data-center': ['/secure/{attachment,thumbnail}/{id}/*'],
  'confluence-data-center': ['/download/{attachments,thumbnails}/{id}/*'],
  'bitbucket-data-center': [
    '/{projects,users}/*/repos/*/raw/**',
    '/rest/api/{1.0,latest}/projects/*/repos/*/{archive,attachments/*,raw/**}',
  ],
  'bamboo-data-center': [
    '/browse/*-{id}/artifact/*/**',
    '/browse/*/{latest,latestSuccessful}/artifact/*/**',
  ],
} as const;

/** The origin that serves the files of Atlassian's cloud, by the gateway that redirects there. Others are not documented. */
export const mediaOrigins: Readonly<Record<string, string>> = {
  'https://api.atlassian.com': 'https://api.media.atlassian.com',
};

/** The part of a site that decides about its downloads. */
export interface DownloadSite {
  readonly product: Product;
  /** Base URL of the gateway through which the site is called; absent when it is called at its own URL. */
  readonly gateway?: string;
}

/** Whether a path below a site's URL is one of {@link downloadPaths}, as it is written: another spelling is none. */
export function isDownloadPath({ product, gateway }: DownloadSite, pathname: string): boolean {
  const group = `${product}-${gateway === undefined ? 'data-center' : 'cloud'}`;
  return patterns.get(group)?.some((pattern) => pattern.test(pathname)) === true;
}

/** The origin to which the downloads of a site are redirected; undefined when there is none, or it is not known. */
export function mediaOriginOf({ gateway }: DownloadSite): string | undefined {
  return gateway === undefined ? undefined : mediaOrigins[new URL(gateway).origin];
}

/** A segment does not begin with its parameters: servers remove them, and would read an empty segment. */
const segment = '[^/;][^/]*';

const patterns = new Map(
  Object.entries(downloadPaths).map(([group, paths]) => [group, paths.map(patternOf)]),
);

function patternOf(path: string): RegExp {
  const source = path
    .replaceAll('.', String.raw`\.`)
    .replaceAll('{id}', String.raw`\d+`)
    .replaceAll(/\{([^}]*)\}/gu, (_, words: string) => `(?:${words.replaceAll(',', '|')})`)
    .replaceAll('/**', `(?:/${segment})+`)
    .replaceAll('/*', `/${segment}`);
  return new RegExp(`^${source}$`, 'u');
}
