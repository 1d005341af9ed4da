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

/**
 * The scopes to add to those of a session, so that it can write at a product: none when it has one with which something can be
 * changed there, and where scopes are not those of Atlassian's clouds.
 */
export function scopesToWrite(product: Product, granted: readonly string[]): readonly string[] {
  const access = scopedAccess({ product, scopes: granted });
  return access === undefined || access === 'write' ? [] : (writeScopes[product] ?? []);
}
