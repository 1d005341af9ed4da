import { isSameAccount, type Account, type SessionId } from '#core/session/session.ts';
import { isSameSite, type Site } from '#core/session/site.ts';
import type { StoredSession } from '#storage/schema.ts';

/**
 * The session that a new consent renews. A provider keeps one grant per app and account, so it is the session of the
 * same account. Where the account is unknown (no scope `read:me`), it is the session that the person chose to renew, if
 * that reaches all of the sites: another person may reach the same ones, and would take over its page grants.
 */
export function findRenewedSession(
  others: readonly StoredSession[],
  signedIn: Account,
  sites: readonly Site[],
  renews: SessionId | undefined,
): StoredSession | undefined {
  const candidates = others.filter(({ isIdentified }) => isIdentified);
  const chosen = candidates.find(({ id }) => id === renews);
  if (signedIn.accountId !== undefined) {
    const same = candidates.find(({ account }) => isSameAccount(account, signedIn));
    const isAnonymous = chosen !== undefined && chosen.account.accountId === undefined;
    return same ?? (isAnonymous && reaches(chosen, sites) ? chosen : undefined);
  }
  // Without an account and without sites, only the person's choice remains.
  const isWithoutSites = sites.length + (chosen?.sites.length ?? 0) === 0;
  return chosen && (reaches(chosen, sites) || isWithoutSites) ? chosen : undefined;
}

/** Whether a session reaches or once reached all of these sites; false when there are none. */
function reaches({ sites, lostSites }: StoredSession, wanted: readonly Site[]): boolean {
  const known = [...sites, ...lostSites];
  return (
    wanted.length > 0 &&
    wanted.every((site) => known.some((candidate) => isSameSite(candidate, site)))
  );
}

/** Whether one session was signed in after another. A time in the future was stored while the clock was wrong. */
export function isLaterSignIn(
  one: Pick<StoredSession, 'signedInAtMs'>,
  other: Pick<StoredSession, 'signedInAtMs'>,
  nowMs: number,
): boolean {
  return one.signedInAtMs > other.signedInAtMs && one.signedInAtMs <= nowMs;
}
