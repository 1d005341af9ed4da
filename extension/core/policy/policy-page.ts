import * as v from 'valibot';
import { urlKey } from '../address/reachable-site.ts';
import { GrantedPathsSchema } from '../grant/granted-paths-schema.ts';
import { accessLevels, maxGrantedSites, type Access } from '../grant/page-grant.ts';
import { reducedPaths } from '../grant/requested-paths.ts';
import { products, type Product } from '../session/site.ts';
import { connectableOrigin, type Origin } from '../values/origin.ts';
import { listAt, pointer, strictObject, type Report } from './policy-value.ts';

/** A page that the policy connects for everybody. */
export interface PolicyPage {
  readonly origin: Origin;
  /** The sites by URL, as `siteUrlKey` writes them: those of them that the person's sessions reach. */
  readonly sites: ReadonlySet<string>;
  /** Absent for every product of the sites. */
  readonly products?: readonly Product[];
  readonly access: Access;
  /** The prefixes of the paths that may be called; absent for every path. */
  readonly paths?: readonly string[];
}

/** The most origins in each list of a policy. */
export const maxPolicyOrigins = 20_000;

const origin = v.custom<Origin>(
  (input) => typeof input === 'string' && connectableOrigin(input) === input,
);

const PageEntry = v.object({
  origin,
  sites: v.pipe(
    v.array(
      v.pipe(
        v.string(),
        v.check((text) => siteUrlKey(text) !== undefined),
      ),
    ),
    v.minLength(1),
    v.maxLength(maxGrantedSites),
  ),
  products: v.exactOptional(v.pipe(v.array(v.picklist(products)), v.minLength(1))),
  access: v.optional(v.picklist(accessLevels), 'read'),
  paths: v.exactOptional(GrantedPathsSchema),
});

/** The URL of a site in the form in which it is compared; undefined for what is no plain URL. */
export function siteUrlKey(url: string): string | undefined {
  return urlKey(url.replace(/\/+$/u, ''));
}

/** The connected pages of a policy that are valid and not blocked. */
export function readPolicyPages(
  raw: unknown,
  blocked: ReadonlySet<Origin>,
  report: Report,
): ReadonlyMap<Origin, PolicyPage> {
  const pages = new Map<Origin, PolicyPage>();
  for (const [at, one] of listAt(raw, '/connectedPages', maxPolicyOrigins, report).entries()) {
    const path = pointer('connectedPages', at);
    const entry = strictObject(PageEntry, one, path, report);
    if (entry === undefined) continue;
    if (pages.has(entry.origin)) report(`${path}/origin`, 'repeated');
    else if (blocked.has(entry.origin)) report(`${path}/origin`, 'blocked');
    else pages.set(entry.origin, pageOf(entry));
  }
  return pages;
}

function pageOf({ sites, paths, ...entry }: v.InferOutput<typeof PageEntry>): PolicyPage {
  const reduced = reducedPaths(paths);
  return {
    ...entry,
    sites: new Set(sites.flatMap((url) => siteUrlKey(url) ?? [])),
    ...(reduced === undefined ? {} : { paths: reduced }),
  };
}
