import * as v from 'valibot';
import type { Brand } from '../values/brand.ts';
import { BrokerError } from '../values/fault.ts';
import { hasTrailingDot } from '../values/origin.ts';

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

/** Cloud ids are UUIDs, but Atlassian does not specify that: any id that is safe in a path is accepted. */
const CloudIdSchema = v.custom<CloudId>(
  (input) => typeof input === 'string' && /^[A-Za-z0-9-]{1,64}$/u.test(input),
);
export const ProductSchema = v.picklist(products);
/** Reads a {@link SiteKey}. */
export const SiteKeySchema = v.object({ cloudId: CloudIdSchema, product: ProductSchema });

/** The sites that a provider reports for a grant. */
export interface SiteReport {
  readonly sites: readonly Site[];
  /** How many entries of the list could not be read, or not in full: not all sites in them are known. */
  readonly unreadable: number;
}

/** Scopes as a list or in one string. A list with other values beside text is used, and was read in part. */
const ScopesSchema = v.pipe(
  v.union([v.string(), v.array(v.unknown())]),
  v.transform((given): unknown[] => (typeof given === 'string' ? given.split(/[\s,]+/u) : given)),
  v.check((list) => list.length === 0 || list.some(isText)),
  v.transform((list) => ({
    scopes: list.filter(isText),
    isComplete: list.every((scope) => typeof scope === 'string'),
  })),
);

const UrlSchema = v.pipe(
  v.string(),
  v.check((url) => URL.canParse(url) && !hasTrailingDot(new URL(url))),
);

/** An entry needs its id, its URL and its scopes. Any other member may be missing or have any value. */
const ResourceSchema = v.object({
  id: CloudIdSchema,
  url: v.pipe(UrlSchema, v.startsWith('https://')),
  scopes: ScopesSchema,
  name: v.fallback(v.optional(v.pipe(v.string(), v.trim(), v.nonEmpty())), undefined),
  avatarUrl: v.fallback(v.optional(UrlSchema), undefined),
});

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

/**
 * Parses the response of accessible-resources. Entries may share an id. Each gives one site per product that its scopes
 * name, and entries of the same site and product are merged. An entry that cannot be read, or not in full, is counted.
 * @throws BrokerError `provider_answer_invalid` when it is not a list, or when no entry can be read
 * @see Atlassian, "OAuth 2.0 (3LO) apps", section "Make calls to the API using the access token"
 */
export function parseAccessibleResources(response: unknown): SiteReport {
  const list: readonly unknown[] | undefined = Array.isArray(response) ? response : undefined;
  const entries = list?.flatMap((entry) => {
    const parsed = v.safeParse(ResourceSchema, entry);
    return parsed.success ? [parsed.output] : [];
  });
  if (list === undefined || entries === undefined || (list.length > 0 && entries.length === 0))
    throw new BrokerError('provider_answer_invalid', { subject: 'accessible-resources' });
  const sites = new Map<string, Site>();
  let unreadable = list.length - entries.length;
  for (const { id: cloudId, url, name, scopes: reported, avatarUrl } of entries) {
    const { scopes, isComplete } = reported;
    if (!isComplete) unreadable += 1;
    for (const product of productsOfScopes(scopes)) {
      const key = siteId({ cloudId, product });
      const earlier = sites.get(key);
      sites.set(key, {
        cloudId,
        product,
        url: url.replace(/\/+$/u, ''),
        name: name ?? earlier?.name ?? new URL(url).host,
        scopes: [...new Set([...(earlier?.scopes ?? []), ...scopes])],
        ...(avatarUrl === undefined ? {} : { avatarUrl }),
      });
    }
  }
  return { sites: [...sites.values()], unreadable };
}

/** The only site of a system without a list of sites, identified by the digest of its URL. */
export function ownSite(
  url: string,
  product: Product,
  scopes: readonly string[],
  digest: Uint8Array,
): Site {
  const hex = [...digest].map((byte) => byte.toString(16).padStart(2, '0')).join('');
  const { host, pathname } = new URL(url);
  const name = `${host}${pathname.replace(/\/+$/u, '')}`;
  return { cloudId: hex as CloudId, product, url, name, scopes };
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

function isText(value: unknown): value is string {
  return typeof value === 'string' && value !== '';
}
