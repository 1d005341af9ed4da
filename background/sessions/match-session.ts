import type { SecretDestination } from '../../extension/core/client/secret-destination.ts';
import {
  isSameAccount,
  type Account,
  type SessionId,
} from '../../extension/core/session/session.ts';
import { isSameSite, type Site, type SiteKey } from '../../extension/core/session/site.ts';
import type { StoredSession } from '../../extension/storage/schema.ts';
import type { StoredToken, SessionSecrets } from '../secrets/session-secrets.ts';

/**
 * The session that a new consent renews: one grant exists per app and account, so the same account's. Where
 * the account cannot be told (no `read:me`) the sites decide, and the session that the person meant to renew
 * comes first.
 */
export function sameGrant(
  others: readonly StoredSession[],
  signedIn: Account,
  sites: readonly Site[],
  renews: SessionId | undefined,
): StoredSession | undefined {
  const candidates = others.filter(({ isIdentified }) => isIdentified);
  const meant = candidates.find(({ id }) => id === renews);
  if (signedIn.accountId !== undefined) {
    const same = candidates.find(({ account }) => isSameAccount(account, signedIn));
    const isNameless = meant !== undefined && meant.account.accountId === undefined;
    return same ?? (isNameless && reaches(meant, sites) ? meant : undefined);
  }
  // Where neither account nor sites can be told, the person's word is all there is.
  if (meant && (reaches(meant, sites) || sites.length + meant.sites.length === 0)) return meant;
  return candidates.find(
    (session) => session.account.accountId === undefined && reaches(session, sites),
  );
}

/** Whether a session reaches or reached all of these sites, of which there is at least one. */
function reaches({ sites, lostSites }: StoredSession, wanted: readonly Site[]): boolean {
  const known = [...sites, ...lostSites];
  return (
    wanted.length > 0 &&
    wanted.every((site) => known.some((candidate) => isSameSite(candidate, site)))
  );
}

/** The session with this token, sealed for its id and generation and for its client. */
export async function withTokensOf(
  { sealedAccessToken: _access, sealedRefreshToken: _refresh, ...session }: StoredSession,
  client: SecretDestination,
  kept: StoredToken,
  secrets: SessionSecrets,
): Promise<StoredSession> {
  return 'refreshToken' in kept
    ? {
        ...session,
        sealedRefreshToken: await secrets.encryptRefreshToken(session, client, kept.refreshToken),
      }
    : {
        ...session,
        sealedAccessToken: await secrets.encryptAccessToken(session, client, kept.accessToken),
      };
}

/** Whether another session came of the same sign-in. */
export function hasTwin(
  { id, clientId, signedInAtMs }: StoredSession,
  all: readonly StoredSession[],
): boolean {
  return all.some(
    (other) =>
      other.id !== id && other.clientId === clientId && other.signedInAtMs === signedInAtMs,
  );
}

/** The current site if it is still there, else the first. */
export function firstSite(
  current: SiteKey | undefined,
  sites: readonly Site[],
): { currentSite?: SiteKey } {
  const site = sites.find((candidate) => current && isSameSite(candidate, current)) ?? sites[0];
  return site === undefined
    ? {}
    : { currentSite: { cloudId: site.cloudId, product: site.product } };
}
