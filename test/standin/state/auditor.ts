import type { IssuedSecret } from '../facts/secrets.ts';
import type { Incoming } from '../http/incoming.ts';

/** What a request is for: an API, a token or revocation endpoint, or anything a browser shows. */
export type RequestKind = 'gateway' | 'page' | 'token';

/** A refresh token presented again after it had been rotated. */
export interface Replay {
  readonly atMs: number;
  readonly familyId: string;
  /** How long ago it had been rotated. */
  readonly ageMs: number;
}

/** A request that carried something it should not have. */
export interface Sighting {
  readonly atMs: number;
  readonly host: string;
  readonly path: string;
}

/** A secret of one system seen at another. */
export interface Crossing extends Sighting {
  readonly issuer: string;
  readonly seenAt: string;
  readonly kind: IssuedSecret['kind'];
}

/** Counts what a careful client never does, so that tests can assert empty lists. */
export interface Auditor {
  /** Rotated refresh tokens presented inside the leeway (accepted). */
  readonly replaysInsideLeeway: Replay[];
  /** Rotated refresh tokens presented after the leeway; each one revoked its family. */
  readonly replaysOutsideLeeway: Replay[];
  /** Refresh tokens presented after their family had been revoked, or never issued. */
  readonly deadRefreshes: { readonly atMs: number; readonly familyId?: string }[];
  /** Authorization codes presented a second time. */
  readonly codeReuses: { readonly atMs: number; readonly clientId: string }[];
  /** Exchanges with a missing or wrong code_verifier, and authorize requests without a challenge. */
  readonly pkceFailures: { readonly atMs: number; readonly reason: string }[];
  /** Authorize requests without a state, or with one used before. */
  readonly stateFaults: { readonly atMs: number; readonly reason: 'missing' | 'repeated' }[];
  /** Cookie headers on API, token or revocation calls. */
  readonly cookieHeaders: Sighting[];
  /** Bearer calls to hosts other than the API gateway. */
  readonly strayBearers: Sighting[];
  /** Codes and tokens of one system presented to another. */
  readonly crossings: Crossing[];
  /** Codes, tokens or client secrets in the address of a token request. */
  readonly secretsInUrls: Sighting[];
  /** Answered refresh requests per family id. */
  readonly refreshesByFamily: Map<string, number>;
  /** Families revoked for a replay outside the leeway. */
  readonly revokedFamilies: string[];
  /** Forgets everything. */
  clear(): void;
}

/** An auditor that has seen nothing. */
export function openAuditor(): Auditor {
  const lists = {
    replaysInsideLeeway: [] as Replay[],
    replaysOutsideLeeway: [] as Replay[],
    deadRefreshes: [] as Auditor['deadRefreshes'],
    codeReuses: [] as Auditor['codeReuses'],
    pkceFailures: [] as Auditor['pkceFailures'],
    stateFaults: [] as Auditor['stateFaults'],
    cookieHeaders: [] as Sighting[],
    strayBearers: [] as Sighting[],
    crossings: [] as Crossing[],
    secretsInUrls: [] as Sighting[],
    revokedFamilies: [] as string[],
  };
  const refreshesByFamily = new Map<string, number>();
  const clear = () => {
    Object.values(lists).forEach((list) => list.splice(0));
    refreshesByFamily.clear();
  };
  return { ...lists, refreshesByFamily, clear };
}

/** Looks at the headers of one request. */
export function auditHeaders(
  auditor: Auditor,
  incoming: Incoming,
  kind: RequestKind,
  atMs: number,
): void {
  const { host, path, headers } = incoming;
  if (kind !== 'page' && headers['cookie'] !== undefined) {
    auditor.cookieHeaders.push({ atMs, host, path });
  }
  if (kind !== 'gateway' && /^bearer /i.test(headers['authorization'] ?? '')) {
    auditor.strayBearers.push({ atMs, host, path });
  }
  const { query } = incoming;
  const secretFields = ['client_secret', 'code', 'code_verifier', 'refresh_token', 'token'];
  if (kind === 'token' && secretFields.some((field) => query.has(field))) {
    auditor.secretsInUrls.push({ atMs, host, path });
  }
}

/** Looks for what other systems issued in a request to the system `seenAt`. */
export function auditCrossings(
  auditor: Auditor,
  incoming: Incoming,
  seenAt: string,
  issued: readonly IssuedSecret[],
  atMs: number,
): void {
  const foreign = issued.filter(({ system = 'cloud' }) => system !== seenAt);
  if (foreign.length === 0) return;
  const { host, path, headers, query, body } = incoming;
  const text = `${headers['authorization'] ?? ''} ${query} ${body.toString('utf8', 0, 65_536)}`;
  for (const { canary, kind, system: issuer = 'cloud' } of foreign) {
    if (text.includes(canary)) {
      auditor.crossings.push({ atMs, host, path, issuer, seenAt, kind });
    }
  }
}
