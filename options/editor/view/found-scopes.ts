import {
  classicScopes,
  scopeGroups,
  scopeName,
  type CatalogueScope,
  type ScopeGroup,
} from '#core/provider/scope-catalogue.ts';
import { t } from '#ui/i18n.ts';

/** A classic scope, with what it allows in the person's language. */
export interface DescribedScope extends CatalogueScope {
  readonly description: string;
}

/** The classic scopes with each word of the search in their name or description, in groups; no group is empty. */
export function foundScopes(search: string): (readonly [ScopeGroup, readonly DescribedScope[]])[] {
  const words = search.toLowerCase().split(/\s+/u);
  const hits = classicScopes.map(described).filter(({ scope, description }) => {
    const text = `${scope} ${description}`.toLowerCase();
    return words.every((word) => text.includes(word));
  });
  return scopeGroups
    .map((group) => [group, hits.filter((hit) => hit.group === group)] as const)
    .filter(([, scopes]) => scopes.length > 0);
}

function described(one: CatalogueScope): DescribedScope {
  return { ...one, description: t(`scope_description_${scopeName(one.scope)}`) };
}
