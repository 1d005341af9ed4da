import * as v from 'valibot';
import type { Brand } from '../values/brand.ts';
import { BrokerError } from '../values/fault.ts';

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

const ResourceSchema = v.object({
  id: CloudIdSchema,
  name: v.string(),
  url: v.pipe(v.string(), v.url(), v.startsWith('https://')),
  scopes: v.array(v.string()),
  avatarUrl: v.nullish(v.pipe(v.string(), v.url())),
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
 * name, and entries of the same site and product are merged.
 * @throws BrokerError `provider_answer_invalid`
 * @see Atlassian, "OAuth 2.0 (3LO) apps", section "Make calls to the API using the access token"
 */
export function parseAccessibleResources(response: unknown): Site[] {
  const parsed = v.safeParse(v.array(ResourceSchema), response);
  if (!parsed.success)
    throw new BrokerError('provider_answer_invalid', { subject: 'accessible-resources' });
  const sites = new Map<string, Site>();
  for (const entry of parsed.output) {
    for (const product of productsOfScopes(entry.scopes)) {
      const key = siteId({ cloudId: entry.id, product });
      const earlier = sites.get(key);
      sites.set(key, {
        cloudId: entry.id,
        product,
        url: entry.url.replace(/\/+$/u, ''),
        name: entry.name,
        scopes: [...new Set([...(earlier?.scopes ?? []), ...entry.scopes])],
        ...(entry.avatarUrl ? { avatarUrl: entry.avatarUrl } : {}),
      });
    }
  }
  return [...sites.values()];
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

/** Whether two keys name the same site and product. */
export function isSameSite(one: SiteKey, other: SiteKey): boolean {
  return one.cloudId === other.cloudId && one.product === other.product;
}
