import { randomUUID } from 'node:crypto';
import type { StandinClock } from '../facts/clock.ts';
import { makeSecret, type IssuedSink } from '../facts/secrets.ts';
import type { Auditor } from './auditor.ts';

const HOUR_MS = 60 * 60 * 1000;
const DAY_MS = 24 * HOUR_MS;

/** Lifetime of an access token in seconds. */
export const ACCESS_LIFETIME_SECONDS = 3600;
/** A refresh token expires after this time without use. */
const INACTIVITY_MS = 90 * DAY_MS;

/** One consent: what an app may do for an account. All its tokens form one family. */
export interface Grant {
  readonly familyId: string;
  readonly clientId: string;
  readonly accountId: string;
  scopes: string[];
  /** Sites of the grant; the account's own access may be narrower. */
  cloudIds: string[];
  isRevoked: boolean;
}

/** The content of a token response. */
export interface TokenPair {
  readonly grant: Grant;
  readonly accessToken: string;
  readonly refreshToken?: string;
  readonly familyId: string;
}

interface AccessToken {
  readonly grant: Grant;
  /** Moved forward when the refresh token it came with is rotated. */
  diesAtMs: number;
}

interface RefreshToken {
  readonly grant: Grant;
  /** The access tokens that were issued along with it ("companion tokens"). */
  readonly companions: AccessToken[];
  readonly issuedAtMs: number;
  rotatedAtMs?: number;
}

/** Why a refresh token was refused. */
export type RefreshRefusal = 'unknown' | 'revoked' | 'replayed' | 'inactive';

/** The issued tokens and their rules. */
export interface TokenFamilies {
  /** Begins a family; an older one of the same app and account is revoked, or gets the scopes of the new one. */
  begin(grant: Omit<Grant, 'familyId' | 'isRevoked'>): TokenPair;
  refresh(value: string, clientId: string, keepsToken: boolean): TokenPair | RefreshRefusal;
  /** The grant of a live access token. */
  grantOf(accessToken: string): Grant | undefined;
  /** Whether the string was issued as an access token, dead or alive. */
  wasIssued(accessToken: string): boolean;
  /** Ends every access token now, as if its hour were over; the refresh tokens stay. */
  expireAccessTokens(): void;
  /** Revokes the family of an access or refresh token (RFC 7009). */
  revokeToken(value: string, clientId: string): void;
  grants(): Grant[];
}

/** What the families are built from. */
export interface FamilyParts {
  readonly clock: StandinClock;
  readonly auditor: Auditor;
  readonly issued: IssuedSink;
  /** Read at every use: how long a rotated refresh token stays usable. */
  readonly leewayMs: () => number;
  /** Read at every consent: whether the refresh tokens of an earlier consent stay usable. */
  readonly keepsBoth: () => boolean;
  /** Whether a refresh replaces the refresh token, by how many the family has had before. */
  readonly rotates: (refreshesBefore: number) => boolean;
}

/** No tokens yet. */
export function openFamilies(parts: FamilyParts): TokenFamilies {
  const { clock } = parts;
  const accessTokens = new Map<string, AccessToken>();
  const refreshTokens = new Map<string, RefreshToken>();
  const grants: Grant[] = [];

  const issueSecret = (kind: 'access' | 'refresh'): string => {
    const secret = makeSecret(kind);
    parts.issued.push(secret);
    return secret.value;
  };
  const issueAccess = (grant: Grant): { value: string; token: AccessToken } => {
    const token = { grant, diesAtMs: clock.nowMs() + ACCESS_LIFETIME_SECONDS * 1000 };
    const value = issueSecret('access');
    accessTokens.set(value, token);
    return { value, token };
  };
  const issuePair = (grant: Grant): TokenPair => {
    const access = issueAccess(grant);
    const common = { grant, accessToken: access.value, familyId: grant.familyId };
    if (!grant.scopes.includes('offline_access')) return common;
    const refreshToken = issueSecret('refresh');
    refreshTokens.set(refreshToken, {
      grant,
      companions: [access.token],
      issuedAtMs: clock.nowMs(),
    });
    return { ...common, refreshToken };
  };
  const rotate = (token: RefreshToken): void => {
    token.rotatedAtMs ??= clock.nowMs();
    const endMs = token.rotatedAtMs + parts.leewayMs();
    token.companions.forEach((access) => {
      access.diesAtMs = Math.min(access.diesAtMs, endMs);
    });
  };
  const refresh: TokenFamilies['refresh'] = (value, clientId, keepsToken) => {
    const token = refreshTokens.get(value);
    if (token === undefined || token.grant.clientId !== clientId) {
      parts.auditor.deadRefreshes.push({ atMs: clock.nowMs() });
      return 'unknown';
    }
    const refusal = refuse(parts, token);
    if (refusal !== undefined) return refusal;
    const { familyId } = token.grant;
    const counts = parts.auditor.refreshesByFamily;
    const before = counts.get(familyId) ?? 0;
    counts.set(familyId, before + 1);
    // Whoever presents a superseded token has missed the one that came after it, and is given one.
    const isSuperseded = token.rotatedAtMs !== undefined;
    if (!keepsToken && (isSuperseded || parts.rotates(before))) {
      rotate(token);
      return issuePair(token.grant);
    }
    const access = issueAccess(token.grant);
    token.companions.push(access.token);
    return { grant: token.grant, accessToken: access.value, familyId };
  };
  return {
    refresh,
    begin: (spec) => {
      const isSame = (grant: Grant) =>
        grant.clientId === spec.clientId && grant.accountId === spec.accountId;
      for (const grant of grants.filter(isSame)) {
        if (parts.keepsBoth()) grant.scopes = [...spec.scopes];
        else grant.isRevoked = true;
      }
      const grant: Grant = { ...spec, familyId: randomUUID(), isRevoked: false };
      grants.push(grant);
      return issuePair(grant);
    },
    grantOf: (value) => {
      const token = accessTokens.get(value);
      if (token === undefined || token.grant.isRevoked) return undefined;
      return clock.nowMs() < token.diesAtMs ? token.grant : undefined;
    },
    wasIssued: (value) => accessTokens.has(value),
    expireAccessTokens: () => {
      const now = clock.nowMs();
      for (const token of accessTokens.values()) token.diesAtMs = Math.min(token.diesAtMs, now);
    },
    revokeToken: (value, clientId) => {
      const grant = (accessTokens.get(value) ?? refreshTokens.get(value))?.grant;
      if (grant?.clientId === clientId) grant.isRevoked = true;
    },
    grants: () => [...grants],
  };
}

/** The rules a known refresh token must pass; records violations in the auditor. */
function refuse(parts: FamilyParts, token: RefreshToken): RefreshRefusal | undefined {
  const { auditor } = parts;
  const { grant, rotatedAtMs } = token;
  const atMs = parts.clock.nowMs();
  const { familyId } = grant;
  if (grant.isRevoked) {
    auditor.deadRefreshes.push({ atMs, familyId });
    return 'revoked';
  }
  if (rotatedAtMs !== undefined) {
    const replay = { atMs, familyId, ageMs: atMs - rotatedAtMs };
    if (replay.ageMs < parts.leewayMs()) {
      auditor.replaysInsideLeeway.push(replay);
      return undefined;
    }
    auditor.replaysOutsideLeeway.push(replay);
    auditor.revokedFamilies.push(familyId);
    grant.isRevoked = true;
    return 'replayed';
  }
  return atMs - token.issuedAtMs > INACTIVITY_MS ? 'inactive' : undefined;
}
