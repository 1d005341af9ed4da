import type { GrantedSite } from '#core/grant/page-grant.ts';
import { isSameSite } from '#core/session/site.ts';
import type { SessionView } from '#wire/views.ts';

/** Whether this site is chosen with this session. */
export function isChosen(selection: readonly GrantedSite[], site: GrantedSite): boolean {
  return selection.some((other) => isSameChoice(other, site));
}

/** Adds or removes a site. A page uses a site with one session only, so the same site of another session is removed. */
export function toggled(selection: readonly GrantedSite[], site: GrantedSite): GrantedSite[] {
  if (isChosen(selection, site)) return selection.filter((other) => !isSameChoice(other, site));
  return [...selection.filter((other) => !isSameSite(other, site)), site];
}

/** The initial selection for a page that is not connected: the current site. */
export function firstSelection(sessions: readonly SessionView[]): GrantedSite[] {
  for (const { id, sites, currentSite } of sessions) {
    const current = sites.find((site) => currentSite && isSameSite(site, currentSite)) ?? sites[0];
    if (current) return [grantedSite({ ...current, sessionId: id })];
  }
  return [];
}

/** The members of a view that the worker expects for a granted site. */
export function grantedSite({ cloudId, product, sessionId }: GrantedSite): GrantedSite {
  return { cloudId, product, sessionId };
}

function isSameChoice(one: GrantedSite, other: GrantedSite): boolean {
  return isSameSite(one, other) && one.sessionId === other.sessionId;
}
