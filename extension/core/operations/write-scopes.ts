import { dataCenterFacts } from '../provider/data-center.ts';
import { scopedAccess } from '../session/scoped-access.ts';
import type { Product } from '../session/site.ts';

/**
 * The scopes to add for writing, by product: those that go with the default scopes of a new client. The REST API v2 of
 * Confluence takes granular scopes only.
 */
const writeScopes: Readonly<Partial<Record<Product, readonly string[]>>> = {
  jira: ['write:jira-work'],
  confluence: ['write:confluence-content', 'write:page:confluence'],
};

/** The scope to add for writing at Data Center, by product. */
const dataCenterWriteScopes: Readonly<Partial<Record<Product, string>>> = {
  jira: 'WRITE',
  confluence: 'WRITE',
  bitbucket: 'REPO_WRITE',
};

/**
 * The scopes to add to those of a session, so that it can write at a product: none when it has one with which something can be
 * changed there, and where scopes are not those of Atlassian.
 */
export function scopesToWrite(product: Product, granted: readonly string[]): readonly string[] {
  const access = scopedAccess({ product, scopes: granted });
  if (access === undefined || access === 'write') return [];
  const ofDataCenter = dataCenterWriteScopes[product];
  return ofDataCenter !== undefined && isOfDataCenter(product, granted)
    ? [ofDataCenter]
    : (writeScopes[product] ?? []);
}

function isOfDataCenter(product: Product, granted: readonly string[]): boolean {
  return (
    product !== 'generic' &&
    dataCenterFacts[product].scopes.some(({ scope }) => granted.includes(scope))
  );
}
