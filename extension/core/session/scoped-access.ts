import type { Product, Site } from './site.ts';

/** What scopes allow: nothing, to read, or to read and write. */
export const scopedAccesses = ['none', 'read', 'write'] as const;
export type ScopedAccess = (typeof scopedAccesses)[number];

/** The products whose scopes begin with what they allow, e.g. `read:jira-work` and `write:issue:jira`. */
const cloudProducts: readonly Product[] = ['jira', 'confluence'];

/** Scopes with which nothing can be changed, e.g. `search:confluence`. */
const readingScope = /^(?:read|readonly|search|validate):/u;

/**
 * What the scopes of a site allow for its product, by the verbs of Atlassian's scopes; undefined where scopes have no verb, as
 * those of Data Center and of other providers.
 * @see Atlassian, "Jira scopes for OAuth 2.0 (3LO) and Forge apps"
 */
export function scopedAccess({
  product,
  scopes,
}: Pick<Site, 'product' | 'scopes'>): ScopedAccess | undefined {
  if (!cloudProducts.includes(product)) return undefined;
  const verbs = scopes.flatMap((scope) => /^([a-z]+):/u.exec(scope)?.[1] ?? []);
  const ofProduct = scopes.filter((scope) => isOf(product, scope));
  if (verbs.length === 0) return undefined;
  if (ofProduct.some((scope) => !readingScope.test(scope))) return 'write';
  return ofProduct.length > 0 ? 'read' : 'none';
}

function isOf(product: Product, scope: string): boolean {
  return product === 'jira'
    ? /jira|servicedesk|servicemanagement/u.test(scope)
    : scope.includes(product);
}
