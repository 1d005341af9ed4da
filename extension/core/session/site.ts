import { toHex } from '../values/bytes-as-text.ts';
import type { Brand } from '../values/brand.ts';

/**
 * Atlassian's id of one site; Jira and Confluence of one site share it. For a site of another system, the digest of its
 * base URL.
 */
export type CloudId = Brand<'CloudId'>;

/** The products whose API pages can call; `generic` is the API of a provider other than Atlassian. */
export const products = ['jira', 'confluence', 'bitbucket', 'bamboo', 'generic'] as const;
/** One of {@link products}. */
export type Product = (typeof products)[number];

/** Identifies a site. The cloud id alone is not unique, because the products of one site share it. */
export interface SiteKey {
  readonly cloudId: CloudId;
  readonly product: Product;
}

/** One product of one site that a grant gives access to, as accessible-resources reports it. */
export interface Site extends SiteKey {
  /** The site's own address, e.g. `https://acme.atlassian.net` or `https://example.com/jira`; no trailing slash. */
  readonly url: string;
  readonly name: string;
  readonly avatarUrl?: string;
  /** The scopes that the grant holds for this product. */
  readonly scopes: readonly string[];
}

/** The sites that a provider reports for a grant. */
export interface SiteReport {
  readonly sites: readonly Site[];
  /** How many entries of the list could not be read, or not in full: not all sites in them are known. */
  readonly unreadable: number;
}

const productPatterns: readonly (readonly [Product, RegExp])[] = [
  ['jira', /jira|servicedesk|servicemanagement/u],
  ['confluence', /confluence/u],
];

/** The products that a list of scopes names; `read:me` and `offline_access` name none. */
export function productsOfScopes(scopes: readonly string[]): Product[] {
  return productPatterns
    .filter(([, pattern]) => scopes.some((scope) => pattern.test(scope)))
    .map(([product]) => product);
}

/** The only site of a system without a list of sites, identified by the digest of its URL. */
export function ownSite(
  url: string,
  product: Product,
  scopes: readonly string[],
  digest: Uint8Array,
): Site {
  const { host, pathname } = new URL(url);
  const name = `${host}${pathname.replace(/\/+$/u, '')}`;
  return { cloudId: toHex(digest) as CloudId, product, url, name, scopes };
}

/** A site key as one string (`jira:<cloudId>`): the `id` that pages get. */
export function siteId(key: SiteKey): string {
  return `${key.product}:${key.cloudId}`;
}

/** A session may have thousands of sites, and each is looked for among them. */
const knownSites = new WeakMap<readonly Site[], ReadonlyMap<string, Site>>();

/** The site of a list with a key. The list must not change. */
export function findSite(sites: readonly Site[], key: SiteKey): Site | undefined {
  const known = knownSites.get(sites) ?? new Map(sites.map((site) => [siteId(site), site]));
  knownSites.set(sites, known);
  return known.get(siteId(key));
}

/** Whether two keys name the same site and product. */
export function isSameSite(one: SiteKey, other: SiteKey): boolean {
  return one.cloudId === other.cloudId && one.product === other.product;
}
