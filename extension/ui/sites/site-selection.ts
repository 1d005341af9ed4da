import { grantedSite, isSameGrantedSite, type GrantedSite } from '#core/grant/page-grant.ts';
import { isSameAccount, type SessionId } from '#core/session/session.ts';
import { isSameSite } from '#core/session/site.ts';
import type { AccountView, SessionView } from '#wire/views.ts';

/** The account of a session; undefined when the session is not known. */
export type AccountOf = (id: SessionId) => AccountView | undefined;

/** Whether this site is chosen with this session. */
export function isChosen(selection: readonly GrantedSite[], site: GrantedSite): boolean {
  return selection.some((other) => isSameGrantedSite(other, site));
}

/**
 * Adds or removes a site. A site can be chosen with several accounts, but with one session of each: the same site of another
 * session of the same account is removed.
 */
export function toggled(
  selection: readonly GrantedSite[],
  site: GrantedSite,
  accountOf: AccountOf,
): GrantedSite[] {
  if (isChosen(selection, site))
    return selection.filter((other) => !isSameGrantedSite(other, site));
  const account = accountOf(site.sessionId) ?? {};
  const isReplaced = (other: GrantedSite): boolean =>
    isSameSite(other, site) && isSameAccount(accountOf(other.sessionId) ?? {}, account);
  return [...selection.filter((other) => !isReplaced(other)), site];
}

/** The initial selection for a page that is not connected: the current site. */
export function firstSelection(sessions: readonly SessionView[]): GrantedSite[] {
  for (const { id, sites, currentSite } of sessions) {
    const current = sites.find((site) => currentSite && isSameSite(site, currentSite)) ?? sites[0];
    if (current) return [grantedSite({ ...current, sessionId: id })];
  }
  return [];
}
