import type { GrantedSite } from '../../extension/core/call/page-grant.ts';
import { isSameSite } from '../../extension/core/session/site.ts';
import type { SessionView } from '../../extension/wire/views.ts';

/** Whether the very same site, used as the same account, is chosen. */
export function isChosen(selection: readonly GrantedSite[], site: GrantedSite): boolean {
  return selection.some((other) => isSameChoice(other, site));
}

/** Ticks or unticks a site. A site is used as one account, so another account's tick goes. */
export function toggled(selection: readonly GrantedSite[], site: GrantedSite): GrantedSite[] {
  if (isChosen(selection, site)) return selection.filter((other) => !isSameChoice(other, site));
  return [...selection.filter((other) => !isSameSite(other, site)), site];
}

/** What is ticked when a page is connected for the first time: the current site. */
export function firstSelection(sessions: readonly SessionView[]): GrantedSite[] {
  for (const { id, sites, currentSite } of sessions) {
    const current = sites.find((site) => currentSite && isSameSite(site, currentSite)) ?? sites[0];
    if (current) return [grantedSite({ ...current, sessionId: id })];
  }
  return [];
}

/** The part of a view that names the site, as the worker wants it. */
export function grantedSite({ cloudId, product, sessionId }: GrantedSite): GrantedSite {
  return { cloudId, product, sessionId };
}

function isSameChoice(one: GrantedSite, other: GrantedSite): boolean {
  return isSameSite(one, other) && one.sessionId === other.sessionId;
}
