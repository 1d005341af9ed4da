import * as v from 'valibot';
import type { Brand } from '../values/brand.ts';
import { BrokerError } from '../values/fault.ts';

/**
 * Atlassian's id of one site; Jira and Confluence of one site share it. A site of another system has the digest of its
 * base URL in its place.
 */
export type CloudId = Brand<'CloudId'>;

/** The products whose API pages can call; `generic` is the API of a provider that is none of Atlassian's. */
export const products = ['jira', 'confluence', 'bitbucket', 'bamboo', 'generic'] as const;
/** See {@link products}. */
export type Product = (typeof products)[number];

/** What identifies a site: the cloud id alone is not unique, since two products of one site share it. */
export interface SiteKey {
  readonly cloudId: CloudId;
  readonly product: Product;
}

/** One product of one site that a grant reaches, as accessible-resources told it. */
export interface Site extends SiteKey {
  /** The site's own address, e.g. `https://acme.atlassian.net` or `https://example.com/jira`; no trailing slash. */
  readonly url: string;
  readonly name: string;
  readonly avatarUrl?: string;
  /** The scopes that the grant holds for this product. */
  readonly scopes: readonly string[];
}

/** Cloud ids are UUIDs today; the form is not promised, so only what is safe in a path is asked. */
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

const productMarks: readonly (readonly [Product, RegExp])[] = [
  ['jira', /jira|servicedesk|servicemanagement/u],
  ['confluence', /confluence/u],
];

/** The products that a list of scopes speaks of; `read:me` and `offline_access` speak of none. */
export function productsOfScopes(scopes: readonly string[]): Product[] {
  return productMarks
    .filter(([, mark]) => scopes.some((scope) => mark.test(scope)))
    .map(([product]) => product);
}

/**
 * Reads the answer of accessible-resources. Entries may share an id; each gives one site per product
 * that its scopes speak of, and entries of the same site and product are merged.
 * @throws BrokerError `provider_answer_invalid`
 * @see Atlassian, "OAuth 2.0 (3LO) apps", section "Make calls to the API using the access token"
 */
export function parseAccessibleResources(answer: unknown): Site[] {
  const parsed = v.safeParse(v.array(ResourceSchema), answer);
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

/** The one site of a system that has no directory of sites, known by the digest of its address. */
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

/** One text for a site key: what pages call `id` (`jira:<cloudId>`). */
export function siteId(key: SiteKey): string {
  return `${key.product}:${key.cloudId}`;
}

/** Whether two keys name the same site and product. */
export function isSameSite(one: SiteKey, other: SiteKey): boolean {
  return one.cloudId === other.cloudId && one.product === other.product;
}
