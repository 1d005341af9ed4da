import type { LimitedCall } from './limited-call.ts';

/**
 * What a limit covers. `app` and `app-tenant`: the points of an hour. `burst`: the requests per second of all apps at one
 * endpoint of a tenant. `issue`: the writes to one issue. `endpoint`: one endpoint of a tenant for one app, where the
 * provider does not say more. `person`: one session at one tenant.
 */
export const scopeKinds = ['app', 'app-tenant', 'burst', 'issue', 'endpoint', 'person'] as const;
export type ScopeKind = (typeof scopeKinds)[number];

export interface LimitScope {
  readonly kind: ScopeKind;
  /** Equal for the calls that the limit covers together. */
  readonly key: string;
}

/** All scopes that a call belongs to. */
export function scopesOf(call: LimitedCall): readonly LimitScope[] {
  return scopeKinds.flatMap((kind) => scopeOf(kind, call) ?? []);
}

/** The values of `RateLimit-Reason`. @see Atlassian, "Rate limiting" (Jira Cloud platform) */
const kindOfReason: ReadonlyMap<string, ScopeKind> = new Map([
  ['jira-quota-global-based', 'app'],
  ['jira-quota-tenant-based', 'app-tenant'],
  ['jira-burst-based', 'burst'],
  ['jira-per-issue-on-write', 'issue'],
]);

/** The scope of a response that says that a limit was reached. */
export function limitedScope(call: LimitedCall, reason: string | undefined): LimitScope {
  const known = reason === undefined ? undefined : kindOfReason.get(reason);
  const scope = known && scopeOf(known, call);
  const fallback = call.system === 'other' ? 'person' : 'endpoint';
  return scope ?? { kind: fallback, key: keyOf(fallback, call) };
}

function scopeOf(kind: ScopeKind, call: LimitedCall): LimitScope | undefined {
  const isCovered =
    (kind === 'person') === (call.system === 'other') &&
    (kind !== 'issue' || call.issue !== undefined);
  return isCovered ? { kind, key: keyOf(kind, call) } : undefined;
}

/** Only a client id may contain a space: it is the last part but the host of its app. */
function keyOf(kind: ScopeKind, call: LimitedCall): string {
  const { app, tenant, method, endpoint, issue = '', sessionId } = call;
  switch (kind) {
    case 'app':
      return appKey(app);
    case 'app-tenant':
      return `app-tenant ${tenant} ${app}`;
    case 'burst':
      return burstKey(call);
    case 'issue':
      return `issue ${tenant} ${issue}`;
    case 'endpoint':
      return `endpoint ${tenant} ${method} ${endpoint} ${app}`;
    case 'person':
      return `person ${tenant} ${sessionId}`;
  }
}

/** Whether the limit is one of the points of an hour. */
export function isHourly(kind: ScopeKind): boolean {
  return kind === 'app' || kind === 'app-tenant';
}

/** The key of the scope of an app. */
export function appKey(app: string): string {
  return `app ${app}`;
}

/** The key of the requests that Jira Cloud counts for its burst limit. */
export function burstKey({ tenant, method, endpoint }: LimitedCall): string {
  return `burst ${tenant} ${method} ${endpoint}`;
}
