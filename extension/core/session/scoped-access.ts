import { dataCenterFacts } from '../provider/data-center.ts';
import { productsOfScopes, type Product, type Site } from './site.ts';

/** What scopes allow: nothing, to read, or to read and write. */
export const scopedAccesses = ['none', 'read', 'write'] as const;
export type ScopedAccess = (typeof scopedAccesses)[number];

/** What Atlassian's cloud scopes begin with that change nothing, e.g. `read:jira-work` and `search:confluence`. */
const readingVerbs: ReadonlySet<string> = new Set(['read', 'readonly', 'search', 'validate']);
/** The scopes of Data Center with which nothing can be changed. */
const readingScopes: ReadonlySet<string> = new Set(['READ', 'PUBLIC_REPOS', 'REPO_READ']);

/**
 * What the scopes of a site allow for its product. Undefined when that is not known: for other providers than Atlassian, for
 * OAuth 1.0a, which has no scopes, and for scopes with other names.
 * @see Atlassian, "Jira scopes for OAuth 2.0 (3LO) and Forge apps"; "OAuth 2.0 provider API"
 */
export function scopedAccess({
  product,
  scopes,
}: Pick<Site, 'product' | 'scopes'>): ScopedAccess | undefined {
  return dataCenterAccess(product, scopes) ?? cloudAccess(product, scopes);
}

function dataCenterAccess(product: Product, scopes: readonly string[]): ScopedAccess | undefined {
  if (product === 'generic') return undefined;
  const known = scopes.filter((one) =>
    dataCenterFacts[product].scopes.some(({ scope }) => scope === one),
  );
  if (known.length === 0) return undefined;
  return known.every((scope) => readingScopes.has(scope)) ? 'read' : 'write';
}

/** Every scope has a verb, and names its product, or none as `read:me` does. */
function cloudAccess(product: Product, scopes: readonly string[]): ScopedAccess | undefined {
  if (product !== 'jira' && product !== 'confluence') return undefined;
  if (!scopes.some((scope) => verbOf(scope) !== undefined)) return undefined;
  const verbs = scopes
    .filter((scope) => productsOfScopes([scope]).includes(product))
    .map((scope) => verbOf(scope) ?? '');
  if (verbs.length === 0) return 'none';
  return verbs.every((verb) => readingVerbs.has(verb)) ? 'read' : 'write';
}

function verbOf(scope: string): string | undefined {
  return /^([a-z]+):/u.exec(scope)?.[1];
}
