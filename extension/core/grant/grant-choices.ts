import { isSameSite } from '../session/site.ts';
import {
  choiceKey,
  type ChoiceScope,
  type ChosenSite,
  type ChosenSites,
  type GrantedSite,
} from './page-grant.ts';

/** A choice between granted sites: one that the person made, or that a call would ask for. */
export interface GrantChoice extends ChoiceScope {
  /** See {@link choiceKey}. */
  readonly key: string;
  /** Absent when nothing is chosen, or when what was chosen is not granted any more. */
  readonly chosen?: GrantedSite;
  /** What can be chosen. */
  readonly candidates: readonly GrantedSite[];
}

/**
 * The choices of a grant: for each product with several granted sites or accounts, and for each site with several accounts; for
 * the sites of one account only where one was chosen.
 */
export function grantChoices(
  sites: readonly GrantedSite[],
  chosen: ChosenSites,
): readonly GrantChoice[] {
  const scopes = new Map<string, { scope: ChoiceScope; candidates: GrantedSite[] }>();
  for (const site of sites)
    for (const scope of scopesOf(site)) {
      const key = choiceKey(scope);
      const one = scopes.get(key) ?? { scope, candidates: [] };
      scopes.set(key, one);
      one.candidates.push(site);
    }
  return [...scopes].flatMap(([key, { scope, candidates }]): GrantChoice[] => {
    const found = chosenCandidate(candidates, chosen[key]);
    const isShown = candidates.length > 1 && (scope.sessionId === undefined || found !== undefined);
    return isShown
      ? [{ ...scope, key, candidates, ...(found === undefined ? {} : { chosen: found }) }]
      : [];
  });
}

function scopesOf({ product, cloudId, sessionId }: GrantedSite): ChoiceScope[] {
  return [{ product }, { product, cloudId }, { product, sessionId }];
}

/**
 * The candidate that the person chose. A choice that an earlier version stored, without an account, holds while one account has
 * the site.
 */
export function chosenCandidate<S extends GrantedSite>(
  candidates: readonly S[],
  chosen: ChosenSite | undefined,
): S | undefined {
  if (chosen === undefined) return undefined;
  const { sessionId } = chosen;
  const [found, ...others] = candidates.filter(
    (site) => isSameSite(site, chosen) && (sessionId === undefined || sessionId === site.sessionId),
  );
  return others.length === 0 ? found : undefined;
}
